/// A service and what its servers are worth.
package struct ServiceStatus: Codable, Hashable, Sendable {
    package var name: String
    package var group: String?
    /// `tcp://192.0.2.10:80` or `fwmark://7`, in the order of the configuration.
    package var listen: [String]
    package var scheduler: String
    package var servers: [ServerStatus]
    /// Absent: it has none, or too little is known of its servers yet.
    package var quorum: QuorumStatus?
    /// Absent: nothing is withdrawn because of it.
    package var withdrawn: WithdrawalStatus?

    package init(
        name: String, group: String? = nil, listen: [String], scheduler: String, servers: [ServerStatus],
        quorum: QuorumStatus? = nil, withdrawn: WithdrawalStatus? = nil
    ) {
        self.name = name
        self.group = group
        self.listen = listen
        self.scheduler = scheduler
        self.servers = servers
        self.quorum = quorum
        self.withdrawn = withdrawn
        up = servers.count { $0.verdict == .up }
        total = servers.count
    }

    /// How many servers are up, and how many there are: a fallback server counts in neither.
    package private(set) var up: Int
    package private(set) var total: Int
}

/// Virtual addresses that are on no director because a service has too few servers.
package struct WithdrawalStatus: Codable, Hashable, Sendable {
    package var addresses: [String]
    /// `web has 1 of 2 servers that it needs`.
    package var reason: String

    package init(addresses: [String], reason: String) {
        self.addresses = addresses
        self.reason = reason
    }
}

/// Whether enough servers of a service are up.
package struct QuorumStatus: Codable, Hashable, Sendable {
    package var isThere: Bool
    /// In seconds of the Unix epoch.
    package var since: Int64
    /// Servers that have to be up, and how many more bring a lost quorum back.
    package var wanted: Int
    package var hysteresis: Int
    /// `all`, `keep`, `fallback` or `withdraw`: what happens without it.
    package var tooFew: String

    package init(isThere: Bool, since: Int64, wanted: Int, hysteresis: Int, tooFew: String) {
        self.isThere = isThere
        self.since = since
        self.wanted = wanted
        self.hysteresis = hysteresis
        self.tooFew = tooFew
    }
}

package struct ServerStatus: Codable, Hashable, Sendable {
    package enum Verdict: String, Codable, Hashable, Sendable, CaseIterable {
        case up
        case down
        /// No result yet.
        case unknown
    }

    /// `10.1.0.21:80` or `[2001:db8::21]:80`.
    package var endpoint: String
    /// `nat`, `dr` or `tun`.
    package var forwarding: String
    /// As configured.
    package var weight: UInt32
    /// Connections as the kernel counted them when its table was read back, at most 5 s ago, over all that the service
    /// listens on; absent: the kernel does not hold the server.
    package var active: UInt64?
    package var inactive: UInt64?
    /// What counts for both tables, and when it began; absent while unknown.
    package var verdict: Verdict
    package var since: Int64?
    /// Why it is down, or what its check warns of: "connection refused".
    package var reason: String?
    /// What each of the directors sees; absent: nothing yet.
    package var own: ViewStatus?
    package var peer: ViewStatus?
    /// Whether one sees it up, and the other down.
    package var isDisputed: Bool?
    /// What its agent said, if that makes a difference, or why it does not answer; absent: neither, or it has none.
    package var agent: String?
    /// The weight that its agent makes of the configuration's; absent: the same.
    package var advised: UInt32?
    /// Absent: nobody drains it.
    package var drain: OverrideMark?
    /// Absent: it has its own weight.
    package var override: OverrideMark?
    /// The weight that it has while it takes its own in steps; absent: it does not.
    package var rising: UInt32?
    /// Absent: it is not held down.
    package var held: HoldStatus?
    /// Absent: it answers, or nobody looks on.
    package var silent: SilenceStatus?

    package init(
        endpoint: String, forwarding: String, weight: UInt32, verdict: Verdict, since: Int64? = nil,
        reason: String? = nil, own: ViewStatus? = nil, peer: ViewStatus? = nil, isDisputed: Bool? = nil,
        agent: String? = nil, advised: UInt32? = nil, drain: OverrideMark? = nil, override: OverrideMark? = nil,
        rising: UInt32? = nil, held: HoldStatus? = nil, silent: SilenceStatus? = nil
    ) {
        self.endpoint = endpoint
        self.forwarding = forwarding
        self.weight = weight
        self.verdict = verdict
        self.since = since
        self.reason = reason
        self.own = own
        self.peer = peer
        self.isDisputed = isDisputed
        self.agent = agent
        self.advised = advised
        self.drain = drain
        self.override = override
        self.rising = rising
        self.held = held
        self.silent = silent
    }
}

/// A server to which new connections go and from which nothing comes back, by the kernel's counters.
package struct SilenceStatus: Codable, Hashable, Sendable {
    /// In seconds of the Unix epoch.
    package var since: Int64
    /// How many began, until it was noticed.
    package var connections: UInt64

    package init(since: Int64, connections: UInt64) {
        self.since = since
        self.connections = connections
    }
}

/// A server that is held down because it went down too often.
package struct HoldStatus: Codable, Hashable, Sendable {
    /// In seconds of the Unix epoch; it is let go at `until` if its verdict stays as it is.
    package var since: Int64
    package var until: Int64

    package init(since: Int64, until: Int64) {
        self.since = since
        self.until = until
    }
}

/// What one director thinks of a server.
package struct ViewStatus: Codable, Hashable, Sendable {
    package var director: String
    package var isUp: Bool
    /// In seconds of the Unix epoch.
    package var since: Int64
    package var reason: String?

    package init(director: String, isUp: Bool, since: Int64, reason: String? = nil) {
        self.director = director
        self.isUp = isUp
        self.since = since
        self.reason = reason
    }
}
