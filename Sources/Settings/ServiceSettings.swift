package import Addresses

/// One entry of `services`: what clients reach, which servers answer, and how those are checked.
package struct ServiceSettings: Hashable, Sendable {
    package var name: String
    /// The group whose holder decides about its servers; absent when no group's address is listened on.
    package var group: String?
    /// With ranges written out.
    package var listens: [Listen]
    package var scheduler: Scheduler
    package var flags: Set<SchedulerFlag>
    /// Seconds that a client stays with its server; absent: not at all. 1 to 2,678,400 (31 days).
    package var persistence: UInt32?
    package var persistenceMask: PersistenceMask
    package var persistenceEngine: PersistenceEngine?
    /// Whether each datagram is a connection of its own.
    package var isOnePacket: Bool
    /// Whether nat servers see the director as the source of packets, not the client.
    package var isMasqueraded: Bool
    package var check: CheckSettings
    /// What becomes of a server that is down.
    package var onDown: DownPolicy
    /// Address and port are unique.
    package var servers: [ServerSettings]
    package var fallback: Fallback?

    package init(
        name: String, group: String? = nil, listens: [Listen], scheduler: Scheduler = .wlc,
        flags: Set<SchedulerFlag> = [], persistence: UInt32? = nil,
        persistenceMask: PersistenceMask = PersistenceMask(),
        persistenceEngine: PersistenceEngine? = nil, isOnePacket: Bool = false, isMasqueraded: Bool = false,
        check: CheckSettings = CheckSettings(), onDown: DownPolicy = .remove, servers: [ServerSettings],
        fallback: Fallback? = nil
    ) {
        self.name = name
        self.group = group
        self.listens = listens
        self.scheduler = scheduler
        self.flags = flags
        self.persistence = persistence
        self.persistenceMask = persistenceMask
        self.persistenceEngine = persistenceEngine
        self.isOnePacket = isOnePacket
        self.isMasqueraded = isMasqueraded
        self.check = check
        self.onDown = onDown
        self.servers = servers
        self.fallback = fallback
    }
}

package enum TransportProtocol: String, Hashable, Sendable, CaseIterable {
    case tcp, udp, sctp
}

/// What a service listens on.
package enum Listen: Hashable, Sendable {
    /// Port 0: all ports.
    case endpoint(TransportProtocol, Endpoint)
    /// Packets that netfilter marked: `fwmark://7`.
    case mark(UInt32, AddressFamily)
}

extension Listen {
    package var family: AddressFamily {
        switch self {
        case .endpoint(_, let endpoint): endpoint.address.family
        case .mark(_, let family): family
        }
    }
}

/// The kernel's schedulers, by the names of its modules (ip_vs_NAME).
package enum Scheduler: String, Hashable, Sendable, CaseIterable {
    case rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos
}

/// How a packet gets from the director to a server.
package enum Forwarding: String, Hashable, Sendable, CaseIterable {
    case nat, dr, tun
}

package struct ServerSettings: Hashable, Sendable {
    /// Port 0: the one listened on, or that a packet came for.
    package var endpoint: Endpoint
    package var forwarding: Forwarding
    /// 0 to 2,147,483,647; 0 takes no new connections.
    package var weight: UInt32
    /// Connections above which it gets no new ones, and below which it does again; 0: no limit, and three quarters of
    /// the upper one. At most 2,147,483,647.
    package var upper: UInt32
    package var lower: UInt32
    /// Of `tun` alone; absent: ipip.
    package var tunnel: TunnelSettings?

    package init(
        endpoint: Endpoint, forwarding: Forwarding, weight: UInt32 = 1, upper: UInt32 = 0, lower: UInt32 = 0,
        tunnel: TunnelSettings? = nil
    ) {
        self.endpoint = endpoint
        self.forwarding = forwarding
        self.weight = weight
        self.upper = upper
        self.lower = lower
        self.tunnel = tunnel
    }
}

package enum DownPolicy: String, Hashable, Sendable, CaseIterable {
    /// Out of the table.
    case remove
    /// Weight 0: what is connected may finish.
    case quiesce
}

/// Who answers when no server is up.
package enum Fallback: Hashable, Sendable {
    /// The director itself.
    case local
    case server(ServerSettings)
}

package struct CheckSettings: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Never looked at; always up.
        case none
        case tcp
        case http(HTTPCheck)
    }

    package var kind: Kind
    /// 100 ms to 1 h, from one probe's start to the next.
    package var interval: Duration
    /// 10 ms to `interval`.
    package var timeout: Duration
    /// Good results in a row until up, 1 to 100.
    package var rise: Int
    /// Bad results in a row until down, 1 to 100.
    package var fall: Int
    /// The port that is probed; absent: the server's own.
    package var port: UInt16?

    package init(
        kind: Kind = .tcp, interval: Duration = .seconds(2), timeout: Duration = .seconds(1), rise: Int = 2,
        fall: Int = 3, port: UInt16? = nil
    ) {
        self.kind = kind
        self.interval = interval
        self.timeout = timeout
        self.rise = rise
        self.fall = fall
        self.port = port
    }
}

package struct HTTPCheck: Hashable, Sendable {
    /// Begins with a slash; no blanks or control characters.
    package var path: String
    /// The Host header; absent: the server's address.
    package var host: String?
    /// Ranges within 100 to 599.
    package var status: [ClosedRange<Int>]

    package init(path: String = "/", host: String? = nil, status: [ClosedRange<Int>] = [200...299]) {
        self.path = path
        self.host = host
        self.status = status
    }
}
