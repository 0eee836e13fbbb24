/// A group and who holds it.
package struct GroupStatus: Codable, Hashable, Sendable {
    package var name: String
    /// This director's role in the glossary's words: `active`, `backup`, or what it is on the way to.
    package var role: String
    package var term: UInt64
    /// When `role` began.
    package var since: Int64
    /// Why this director has that role, to be read after `because`: "lb1 fell silent".
    package var reason: String
    /// The director that is active as far as this one knows.
    package var holder: String?
    /// What the peer said last.
    package var peerRole: String?
    package var addresses: [AddressStatus]
    /// What keeps the group from being taken, as words after `waiting for`: "interface eth1".
    package var waitingFor: String?
    /// Absent: of an older director.
    package var fitness: FitnessStatus?
    /// Absent: of an older director.
    package var changes: ChangeCounts?

    package init(
        name: String, role: String, term: UInt64, since: Int64, reason: String, holder: String? = nil,
        peerRole: String? = nil, addresses: [AddressStatus] = [], waitingFor: String? = nil,
        fitness: FitnessStatus? = nil, changes: ChangeCounts? = nil
    ) {
        self.name = name
        self.role = role
        self.term = term
        self.since = since
        self.reason = reason
        self.holder = holder
        self.peerRole = peerRole
        self.addresses = addresses
        self.waitingFor = waitingFor
        self.fitness = fitness
        self.changes = changes
    }
}

/// How often a group has changed hands at a director since its daemon started.
package struct ChangeCounts: Codable, Hashable, Sendable {
    /// It took the group over, because the peer was lost, had left, or nobody had it.
    package var takeovers: UInt64
    /// It took the group when the peer handed it over.
    package var taken: UInt64
    /// It handed the group over.
    package var given: UInt64

    package init(takeovers: UInt64 = 0, taken: UInt64 = 0, given: UInt64 = 0) {
        self.takeovers = takeovers
        self.taken = taken
        self.given = given
    }
}

package struct AddressStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// On its interface.
        case here
        /// On lo, forwarding without answering, in the middle of a handover.
        case lo
        case absent
    }

    /// `192.0.2.10/32`.
    package var prefix: String
    /// This director's interface.
    package var interface: String
    package var state: State
    /// Why it is on no director: "web has 1 of 2 servers that it needs"; absent: whoever is active has it.
    package var withdrawn: String?

    package init(prefix: String, interface: String, state: State, withdrawn: String? = nil) {
        self.prefix = prefix
        self.interface = interface
        self.state = state
        self.withdrawn = withdrawn
    }
}

/// One local-peer address pair that heartbeats travel on.
package struct PathStatus: Codable, Hashable, Sendable {
    /// `1`, `2` and so on, in the order of the configuration.
    package var name: String
    /// This director's address and the peer's.
    package var local: String
    package var peer: String
    package var interface: String?
    /// The share of the peer's recent heartbeats that did not arrive: 0 to 1; absent: nothing to count yet.
    package var loss: Double?
    /// Seconds since the newest heartbeat; absent: none yet.
    package var lastHeard: Double?
    /// Milliseconds.
    package var roundTripMS: Double?
    /// Whether anything was heard on it within the takeover time.
    package var hears: Bool?
    /// Whether the peer says that it hears this director on it; absent: it does not say.
    package var isHeard: Bool?
    /// Heartbeats since the daemon started: sent here, heard of the peer's, and of the peer's those that others which
    /// arrived show to be missing. Absent: of an older director.
    package var sent: UInt64?
    package var heard: UInt64?
    package var missed: UInt64?

    package init(
        name: String, local: String, peer: String, interface: String? = nil, loss: Double? = nil,
        lastHeard: Double? = nil, roundTripMS: Double? = nil, hears: Bool? = nil, isHeard: Bool? = nil,
        sent: UInt64? = nil, heard: UInt64? = nil, missed: UInt64? = nil
    ) {
        self.name = name
        self.local = local
        self.peer = peer
        self.interface = interface
        self.loss = loss
        self.lastHeard = lastHeard
        self.roundTripMS = roundTripMS
        self.hears = hears
        self.isHeard = isHeard
        self.sent = sent
        self.heard = heard
        self.missed = missed
    }
}
