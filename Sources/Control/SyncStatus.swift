/// Whether configuration and tables of both directors are the same.
package struct AgreementStatus: Codable, Hashable, Sendable {
    package var isInSync: Bool
    /// What differs, in sentences.
    package var differences: [String]

    package init(isInSync: Bool, differences: [String] = []) {
        self.isInSync = isInSync
        self.differences = differences
    }
}

/// The kernel's connection sync, as far as this director knows.
package struct SyncStatus: Codable, Hashable, Sendable {
    package var here: SyncSide
    /// Absent: the peer is not heard, or does not say.
    package var there: SyncSide?
    /// The peer is being told of connections at this moment.
    package var isTelling: Bool
    /// When the peer was last told of connections that it did not know, how many, and in how many milliseconds.
    package var toldAt: Int64?
    package var told: Int?
    package var toldMS: Double?

    package init(
        here: SyncSide, there: SyncSide? = nil, isTelling: Bool = false, toldAt: Int64? = nil, told: Int? = nil,
        toldMS: Double? = nil
    ) {
        self.here = here
        self.there = there
        self.isTelling = isTelling
        self.toldAt = toldAt
        self.told = told
        self.toldMS = toldMS
    }
}

/// One director's side of the connection sync.
package struct SyncSide: Codable, Hashable, Sendable {
    package var interface: String
    /// The sync id that its master daemon sends under.
    package var id: Int
    /// Whether the kernel's daemon that sends runs, and the one that listens for the other director.
    package var isMasterRunning: Bool
    package var isBackupRunning: Bool
    /// Why not, in a sentence.
    package var problem: String?
    /// What its kernel has, by group; absent: not counted, because there are too many.
    package var connections: [GroupConnections]?

    package init(
        interface: String, id: Int, isMasterRunning: Bool, isBackupRunning: Bool, problem: String? = nil,
        connections: [GroupConnections]? = nil
    ) {
        self.interface = interface
        self.id = id
        self.isMasterRunning = isMasterRunning
        self.isBackupRunning = isBackupRunning
        self.problem = problem
        self.connections = connections
    }
}

/// The connections of a group in one director's kernel.
package struct GroupConnections: Codable, Hashable, Sendable {
    package var group: String
    /// The director holds the group: the connections are its own, and not only known to it.
    package var isHeld: Bool
    /// Established TCP and SCTP; of those `young`: first seen less than 2 s ago, `recent`: less than 60 s ago.
    package var established: Int
    package var young: Int
    package var recent: Int
    /// TCP and SCTP in other states.
    package var other: Int
    package var udp: Int
    /// Whatever the state: that they survive is not promised.
    package var masqueraded: Int
    /// What keeps a client with its server.
    package var templates: Int

    package init(
        group: String, isHeld: Bool, established: Int = 0, young: Int = 0, recent: Int = 0, other: Int = 0,
        udp: Int = 0, masqueraded: Int = 0, templates: Int = 0
    ) {
        self.group = group
        self.isHeld = isHeld
        self.established = established
        self.young = young
        self.recent = recent
        self.other = other
        self.udp = udp
        self.masqueraded = masqueraded
        self.templates = templates
    }
}

extension GroupConnections {
    /// `1000 established (3 younger than 2 s, 120 younger than 60 s), 5 closing or opening, 2 UDP, 7 templates; 4
    /// masqueraded, not promised`.
    package var words: String {
        var words = "\(established) established"
        let ages = [(young, "younger than 2 s"), (recent, "younger than 60 s")].filter { $0.0 > 0 }
        if !ages.isEmpty { words += " (\(ages.map { "\($0.0) \($0.1)" }.joined(separator: ", ")))" }
        let kinds = [(other, "closing or opening"), (udp, "UDP"), (templates, "templates")].filter { $0.0 > 0 }
        for (count, kind) in kinds { words += ", \(count) \(kind)" }
        return masqueraded > 0 ? words + "; \(masqueraded) masqueraded, not promised" : words
    }

    package var isEmpty: Bool { established + other + udp + masqueraded + templates == 0 }
}
