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
    /// Of the servers that have none of their own.
    package var check: CheckSettings
    /// What becomes of a server that is down.
    package var onDown: DownPolicy
    /// What counts where the directors see a server differently.
    package var verdicts: VerdictPolicy
    /// How many servers are enough; absent: one.
    package var quorum: QuorumSettings?
    /// How long a server that comes back takes to its whole weight, up to 1 h; absent: no time.
    package var slowStart: Duration?
    /// When a server that goes up and down is held down; absent: never.
    package var damping: DampingSettings?
    /// When the kernel's counters are worth a warning; absent: nobody looks on.
    package var passive: PassiveSettings?
    /// Address and port are unique.
    package var servers: [ServerSettings]
    package var fallback: Fallback?

    package init(
        name: String, group: String? = nil, listens: [Listen], scheduler: Scheduler = .wlc,
        flags: Set<SchedulerFlag> = [], persistence: UInt32? = nil,
        persistenceMask: PersistenceMask = PersistenceMask(),
        persistenceEngine: PersistenceEngine? = nil, isOnePacket: Bool = false, isMasqueraded: Bool = false,
        check: CheckSettings = CheckSettings(), onDown: DownPolicy = .remove, verdicts: VerdictPolicy = .holder,
        quorum: QuorumSettings? = nil, slowStart: Duration? = nil, damping: DampingSettings? = nil,
        passive: PassiveSettings? = nil, servers: [ServerSettings], fallback: Fallback? = nil
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
        self.verdicts = verdicts
        self.quorum = quorum
        self.slowStart = slowStart
        self.damping = damping
        self.passive = passive
        self.servers = servers
        self.fallback = fallback
    }
}

package enum TransportProtocol: String, Hashable, Sendable, CaseIterable {
    case tcp, udp, sctp

    /// IANA's number.
    package var number: Int {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        }
    }
}

/// What a service listens on.
package enum Listen: Hashable, Sendable {
    /// Port 0: all ports.
    case endpoint(TransportProtocol, Endpoint)
    /// Packets that netfilter marked: `fwmark://7`.
    case mark(UInt32, AddressFamily)

    /// Of numbers alone, where each protocol would be a word: tables are looked up by it all the time.
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .endpoint(let transport, let endpoint):
            hasher.combine(UInt8(transport.number))
            endpoint.hash(into: &hasher)
        case .mark(let mark, let family):
            hasher.combine(mark)
            hasher.combine(family)
        }
    }
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
    /// Its own, in the place of the service's; absent: the service's.
    package var check: CheckSettings? {
        get { ownCheck?.settings }
        set { ownCheck = newValue.map { .of($0) } }
    }
    package var hasOwnCheck: Bool { ownCheck != nil }
    private var ownCheck: OwnCheck?

    /// Apart: few servers have one, and it is larger than all the rest.
    private indirect enum OwnCheck: Hashable, Sendable {
        case of(CheckSettings)

        var settings: CheckSettings {
            switch self {
            case .of(let settings): settings
            }
        }
    }

    package init(
        endpoint: Endpoint, forwarding: Forwarding, weight: UInt32 = 1, upper: UInt32 = 0, lower: UInt32 = 0,
        tunnel: TunnelSettings? = nil, check: CheckSettings? = nil
    ) {
        self.endpoint = endpoint
        self.forwarding = forwarding
        self.weight = weight
        self.upper = upper
        self.lower = lower
        self.tunnel = tunnel
        self.check = check
    }
}

extension ServiceSettings {
    /// How a server of it is looked at, or its fallback.
    package func check(of server: ServerSettings) -> CheckSettings { server.check ?? check }

    /// Whether a server of it is looked at, or its fallback.
    package func isChecked(_ server: ServerSettings) -> Bool { (server.check?.kind ?? check.kind) != .none }

    /// Its servers that are looked at.
    package var checkedServers: [ServerSettings] { servers.filter(isChecked) }

    /// The ways in which its servers and its fallback are looked at.
    package var checks: [CheckSettings] { [check] + everyServer.compactMap(\.check) }
}

package enum DownPolicy: String, Hashable, Sendable, CaseIterable {
    /// Out of the table.
    case remove
    /// Weight 0: what is connected may finish.
    case quiesce
}

/// Whose view of a server counts while the directors differ.
package enum VerdictPolicy: String, Hashable, Sendable, CaseIterable {
    /// That of the director that holds the service's group; without one, or without a holder, as `both`.
    case holder
    /// It is down only if both see it down.
    case both
    /// It is down if either sees it down.
    case any
}

/// Who answers when no server is up.
package enum Fallback: Hashable, Sendable {
    /// The director itself.
    case local
    case server(ServerSettings)
}
