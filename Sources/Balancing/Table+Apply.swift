internal import Addresses
internal import Settings

/// Why a table refuses a step, in the kernel's words (net/netfilter/ipvs/ip_vs_ctl.c, `ip_vs_genl_set_cmd`).
package enum StepRefusal: Error, Hashable, Sendable {
    /// EEXIST: the service or server is there already.
    case exists
    /// ESRCH: the service is not there.
    case noService
    /// ENOENT: the server is not there.
    case noServer
    /// EINVAL: a server of the other family, which only a tunnel reaches.
    case otherFamily
    /// EINVAL: a gue tunnel without a port.
    case noTunnelPort
    /// EINVAL: a mask of IPv6 that is not 1 to 128 bits.
    case noMask
    /// ERANGE: a weight above 2,147,483,647, or a lower threshold above the upper one.
    case outOfRange
}

extension Table {
    /// Carries one step out as the kernel would, or refuses it and stays as it was.
    package mutating func apply(_ step: Step) throws(StepRefusal) {
        switch step {
        case .addService(let service, let options):
            guard services[service] == nil else { throw .exists }
            try check(options, of: service)
            services[service] = TableService(options: options)
        case .editService(let service, let options):
            guard services[service] != nil else { throw .noService }
            try check(options, of: service)
            services[service]?.options = options
        case .removeService(let service):
            guard services.removeValue(forKey: service) != nil else { throw .noService }
        case .addServer(let server, let options, let service):
            try check(server, options, of: service)
            guard services[service]?.servers[server] == nil else { throw .exists }
            services[service]?.servers[server] = options
        case .editServer(let server, let options, let service):
            try check(server, options, of: service)
            guard services[service]?.servers[server] != nil else { throw .noServer }
            services[service]?.servers[server] = options
        case .removeServer(let server, let service):
            guard services[service] != nil else { throw .noService }
            guard services[service]?.servers.removeValue(forKey: server) != nil else { throw .noServer }
        }
    }

    private func check(_ options: ServiceOptions, of service: ServiceIdentity) throws(StepRefusal) {
        guard service.family == .v4 || (1...128).contains(options.netmask ?? 128) else { throw .noMask }
    }

    private func check(
        _ server: Endpoint, _ options: ServerOptions, of service: ServiceIdentity
    ) throws(StepRefusal) {
        guard services[service] != nil else { throw .noService }
        guard options.weight <= UInt32(Int32.max), options.lowerThreshold <= options.upperThreshold else {
            throw .outOfRange
        }
        guard server.address.family == service.family || options.forwarding == .tun else { throw .otherFamily }
        guard options.forwarding != .tun || options.tunnel.type != Tunnel.gue || options.tunnel.port > 0 else {
            throw .noTunnelPort
        }
    }
}
