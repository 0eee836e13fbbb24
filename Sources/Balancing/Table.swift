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
}

package struct ServiceOptions: Hashable, Sendable {
    /// The module's name without `ip_vs_`; a name that Tandem does not know can stand in a table read back.
    package var scheduler: String
    /// Seconds; absent: not persistent.
    package var persistence: UInt32?

    package init(scheduler: String = Scheduler.wlc.rawValue, persistence: UInt32? = nil) {
        self.scheduler = scheduler
        self.persistence = persistence
    }
}

package struct ServerOptions: Hashable, Sendable {
    package var forwarding: Forwarding
    /// 0 to 2,147,483,647.
    package var weight: UInt32

    package init(forwarding: Forwarding, weight: UInt32 = 1) {
        self.forwarding = forwarding
        self.weight = weight
    }
}
