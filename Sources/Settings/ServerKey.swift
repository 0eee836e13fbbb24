package import Addresses

/// Which server of which service: the same machine behind two services has two.
package struct ServerKey: Hashable, Sendable {
    /// The service's name, unique in a configuration.
    package var service: String
    /// Unique in its service.
    package var server: Endpoint

    package init(service: String, server: Endpoint) {
        self.service = service
        self.server = server
    }
}

extension ServerSettings {
    /// `10.1.0.21:80`; a server that has no port of its own goes without.
    package var text: String { endpoint.serverText }
}

extension Endpoint {
    fileprivate var serverText: String { port == 0 ? "\(address)" : "\(self)" }
}

extension ServerKey: CustomStringConvertible {
    /// `10.1.0.21:80 of web`, as it stands in logs and events.
    package var description: String { "\(server.serverText) of \(service)" }
}

extension ServiceSettings {
    /// Its servers, and behind them the one that stands in when none is up.
    package var everyServer: [ServerSettings] {
        if case .server(let server)? = fallback { servers + [server] } else { servers }
    }
}
