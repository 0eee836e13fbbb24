/// What makes a scheduler choose otherwise than it usually does, in ipvsadm's words.
package enum SchedulerFlag: String, Hashable, Sendable, CaseIterable {
    case shFallback = "sh-fallback"
    case shPort = "sh-port"
    case mhFallback = "mh-fallback"
    case mhPort = "mh-port"
    case first = "flag-1"
    case second = "flag-2"
    case third = "flag-3"
}

extension SchedulerFlag {
    /// The scheduler that has given it a name; absent: the flag is any other's.
    package var scheduler: Scheduler? {
        switch self {
        case .shFallback, .shPort: .sh
        case .mhFallback, .mhPort: .mh
        case .first, .second, .third: nil
        }
    }

    /// `IP_VS_SVC_F_SCHED1` to `3` (linux/ip_vs.h).
    package var bit: UInt32 {
        switch self {
        case .shFallback, .mhFallback, .first: 0x8
        case .shPort, .mhPort, .second: 0x10
        case .third: 0x20
        }
    }
}

/// Which clients count as one for persistence.
package struct PersistenceMask: Hashable, Sendable {
    /// 255.255.255.0 is 0xFFFFFF00; absent: each address for itself.
    package var v4: UInt32?
    /// A length, 1 to 128 bits; absent: each address for itself.
    package var v6: Int?

    package init(v4: UInt32? = nil, v6: Int? = nil) {
        self.v4 = v4
        self.v6 = v6
    }
}

/// What tells clients apart instead of their address.
package enum PersistenceEngine: String, Hashable, Sendable, CaseIterable {
    /// The Call-ID of SIP.
    case sip
}

/// How packets are wrapped on their way to a `tun` server.
package struct TunnelSettings: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case ipip, gue, gre
    }

    package enum Checksum: String, Hashable, Sendable, CaseIterable {
        case none, full
        /// The server computes the inner one (draft-herbert-remotecsumoffload).
        case remote
    }

    package var kind: Kind
    /// Of the outer UDP packet, with gue: 1 to 65535.
    package var port: UInt16?
    package var checksum: Checksum

    package init(_ kind: Kind = .ipip, port: UInt16? = nil, checksum: Checksum = .none) {
        self.kind = kind
        self.port = port
        self.checksum = checksum
    }
}

/// How long the kernel keeps connections of which nothing is heard, in seconds; absent: as long as it does anyway.
package struct TimeoutSettings: Hashable, Sendable {
    package var tcp: UInt32?
    package var tcpFin: UInt32?
    package var udp: UInt32?

    package init(tcp: UInt32? = nil, tcpFin: UInt32? = nil, udp: UInt32? = nil) {
        self.tcp = tcp
        self.tcpFin = tcpFin
        self.udp = udp
    }
}
