package import Addresses
package import Dialogues
package import Settings

/// What is to be checked for one server of one service.
package struct ProbeSettings: Hashable, Sendable {
    package var server: ServerKey
    /// Where the probe goes: the check's address or the server's own, and so with its port; 0: it asks at none.
    package var target: Endpoint
    package var check: CheckSettings
    /// Absent: the check is no script.
    package var subject: ScriptSubject?
    /// Absent: the check does not go the clients' way.
    package var path: DataPath?
    /// What this director's own of the check's sources are.
    package var source: SourceAddresses

    package init(
        server: ServerKey, target: Endpoint, check: CheckSettings, subject: ScriptSubject? = nil,
        path: DataPath? = nil, source: SourceAddresses = SourceAddresses()
    ) {
        self.server = server
        self.target = target
        self.check = check
        self.subject = subject
        self.path = path
        self.source = source
    }
}

extension ProbeSettings {
    /// The probes of a configuration: every server that is looked at or has an agent.
    ///
    /// - Parameter director: the name of the one that asks.
    package static func all(of settings: Settings, by director: String) -> [ProbeSettings] {
        settings.services.filter { $0.check.kind != .none || $0.check.agent != nil }.flatMap { service in
            let source = service.check.sources[director] ?? SourceAddresses()
            return service.everyServer.map { server in
                let target = Endpoint(
                    address: service.check.address ?? server.endpoint.address,
                    port: service.check.kind == .ping ? 0 : service.check.port ?? server.endpoint.port)
                return ProbeSettings(
                    server: ServerKey(service: service.name, server: server.endpoint), target: target,
                    check: service.check, subject: ScriptSubject(service, target), path: DataPath(service, server),
                    source: source)
            }
        }
    }
}
