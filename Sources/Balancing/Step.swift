package import Addresses
internal import Settings

/// One change of a table: what one message to the kernel does.
package enum Step: Hashable, Sendable {
    case addService(ServiceIdentity, ServiceOptions)
    case editService(ServiceIdentity, ServiceOptions)
    case removeService(ServiceIdentity)
    case addServer(Endpoint, ServerOptions, of: ServiceIdentity)
    case editServer(Endpoint, ServerOptions, of: ServiceIdentity)
    case removeServer(Endpoint, of: ServiceIdentity)
}

extension Step {
    package var service: ServiceIdentity {
        switch self {
        case .addService(let service, _), .editService(let service, _), .removeService(let service): service
        case .addServer(_, _, let service), .editServer(_, _, let service), .removeServer(_, let service): service
        }
    }

    /// Whether it makes or changes a service itself.
    package var isOfService: Bool {
        switch self {
        case .addService, .editService: true
        case .removeService, .addServer, .editServer, .removeServer: false
        }
    }

    /// Whether a server, or its share of new connections, goes away: such steps come last.
    package var takesAway: Bool {
        switch self {
        case .removeService, .removeServer: true
        case .editServer(_, let options, _): options.weight == 0
        case .addService, .editService, .addServer: false
        }
    }
}

extension Step: CustomStringConvertible {
    /// As it follows "cannot": `add server 10.1.0.21:80 to tcp://192.0.2.10:80`.
    package var description: String {
        switch self {
        case .addService(let service, let options): "add service \(service) with scheduler \(options.scheduler)"
        case .editService(let service, let options): "edit service \(service) with scheduler \(options.scheduler)"
        case .removeService(let service): "remove service \(service)"
        case .addServer(let server, let options, let service):
            "add \(options.forwarding.rawValue) server \(server) with weight \(options.weight) to \(service)"
        case .editServer(let server, let options, let service):
            "make \(server) a \(options.forwarding.rawValue) server with weight \(options.weight) of \(service)"
        case .removeServer(let server, let service): "remove server \(server) from \(service)"
        }
    }
}
