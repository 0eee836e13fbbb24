package import Addresses
package import Settings

/// What IPVS holds or should hold: services by identity, each with its servers.
package struct Table: Hashable, Sendable {
    package var services: [ServiceIdentity: TableService]

    package init(services: [ServiceIdentity: TableService] = [:]) {
        self.services = services
    }
}

/// What tells one IPVS service from another: protocol, address and port, or a firewall mark and its family
/// (net/netfilter/ipvs/ip_vs_ctl.c, `__ip_vs_service_find` and `__ip_vs_svc_fwm_find`).
package typealias ServiceIdentity = Listen

package struct TableService: Hashable, Sendable {
    package var options: ServiceOptions
    /// By address and port.
    package var servers: [Endpoint: ServerOptions]

    package init(options: ServiceOptions = ServiceOptions(), servers: [Endpoint: ServerOptions] = [:]) {
        self.options = options
        self.servers = servers
    }

    /// Whether a new connection finds a server.
    package var takesConnections: Bool { servers.values.contains { $0.weight > 0 } }
}

/// What the kernel knows of a service besides its identity.
package struct ServiceOptions: Hashable, Sendable {
    /// The module's name without `ip_vs_`; a name that Tandem does not know can stand in a table read back.
    package var scheduler: String
    /// Seconds; absent: not persistent.
    package var persistence: UInt32?
    /// Which clients count as one for persistence; absent: each address. IPv4: the mask as a number
    /// (255.255.255.0 is 0xFFFFFF00), IPv6: a length in bits.
    package var netmask: UInt32?
    /// The persistence engine (`sip`).
    package var engine: String?
    /// `IP_VS_SVC_F_...` without PERSISTENT, which `persistence` says, and HASHED, which is the kernel's own.
    package var flags: UInt32

    /// IP_VS_SVC_F_ONEPACKET.
    package static let onePacket: UInt32 = 0x4

    package init(
        scheduler: String = Scheduler.wlc.rawValue, persistence: UInt32? = nil, netmask: UInt32? = nil,
        engine: String? = nil, flags: UInt32 = 0
    ) {
        self.scheduler = scheduler
        self.persistence = persistence
        self.netmask = netmask
        self.engine = engine
        self.flags = flags
    }
}

/// What the kernel knows of a server besides its endpoint.
package struct ServerOptions: Hashable, Sendable {
    package var forwarding: Forwarding
    /// 0 to 2,147,483,647; 0 takes no new connections.
    package var weight: UInt32
    /// Connections from which on it gets no new ones, and below which it does again; 0: no limit.
    package var upperThreshold: UInt32
    package var lowerThreshold: UInt32
    /// Of use with `tun` alone.
    package var tunnel: Tunnel

    package init(
        forwarding: Forwarding, weight: UInt32 = 1, upperThreshold: UInt32 = 0, lowerThreshold: UInt32 = 0,
        tunnel: Tunnel = Tunnel()
    ) {
        self.forwarding = forwarding
        self.weight = weight
        self.upperThreshold = upperThreshold
        self.lowerThreshold = lowerThreshold
        self.tunnel = tunnel
    }
}

/// How a tunnel wraps its packets (linux/ip_vs.h, `IP_VS_CONN_F_TUNNEL_TYPE_...`).
package struct Tunnel: Hashable, Sendable {
    /// 0 ipip, 1 gue, 2 gre.
    package var type: UInt8
    /// Of gue.
    package var port: UInt16
    /// 0 without checksum, 1 with, 2 remote checksum.
    package var flags: UInt16

    static let gue: UInt8 = 1

    package init(type: UInt8 = 0, port: UInt16 = 0, flags: UInt16 = 0) {
        self.type = type
        self.port = port
        self.flags = flags
    }
}
