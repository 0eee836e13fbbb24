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
        settings.services.flatMap { service in
            service.everyServer.compactMap { ProbeSettings($0, of: service, by: director) }
        }
    }

    /// Absent: the server is not looked at and has no agent.
    private init?(_ server: ServerSettings, of service: ServiceSettings, by director: String) {
        let check = service.check(of: server)
        guard check.kind != .none || check.agent != nil else { return nil }
        let target = Endpoint(
            address: check.address ?? server.endpoint.address,
            port: check.kind == .ping ? 0 : check.port ?? server.endpoint.port)
        self.init(
            server: ServerKey(service: service.name, server: server.endpoint), target: target, check: check,
            subject: ScriptSubject(check, service, target), path: DataPath(service, server),
            source: check.sources[director] ?? SourceAddresses())
    }
}
