package import Addresses
package import Settings

/// What is to be checked for one server of one service.
package struct ProbeSettings: Hashable, Sendable {
    package var server: ServerKey
    /// Where the probe goes: the server's address, and the check's port or the server's own.
    package var target: Endpoint
    package var check: CheckSettings

    package init(server: ServerKey, target: Endpoint, check: CheckSettings) {
        self.server = server
        self.target = target
        self.check = check
    }
}

extension ProbeSettings {
    /// The probes of a configuration: every server of every service, and fallback servers.
    package static func all(of settings: Settings) -> [ProbeSettings] {
        settings.services.flatMap { service in
            (service.servers + service.fallbackServers).map { server in
                ProbeSettings(
                    server: ServerKey(service: service.name, server: server.endpoint),
                    target: Endpoint(
                        address: server.endpoint.address, port: service.check.port ?? server.endpoint.port),
                    check: service.check)
            }
        }
    }
}

extension ServiceSettings {
    /// None or one.
    fileprivate var fallbackServers: [ServerSettings] {
        if case .server(let server) = fallback { [server] } else { [] }
    }
}
