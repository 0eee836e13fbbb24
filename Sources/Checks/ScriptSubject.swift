package import Addresses
package import Settings

/// What a script is told of the server that it is to look at.
package struct ScriptSubject: Hashable, Sendable {
    package var service: String
    /// The first that the service listens on in the server's family, or the first of all.
    package var listen: Listen?
    /// The server's address, and the check's port or the server's own; 0: it has none.
    package var target: Endpoint

    package init(service: String, listen: Listen?, target: Endpoint) {
        self.service = service
        self.listen = listen
        self.target = target
    }

    /// Absent: the check is no script.
    init?(_ check: CheckSettings, _ service: ServiceSettings, _ target: Endpoint) {
        guard case .script = check.kind else { return nil }
        let own = service.listens.first { $0.family == target.address.family }
        self.init(service: service.name, listen: own ?? service.listens.first, target: target)
    }
}

extension ScriptSubject {
    /// Besides what every command gets.
    package var environment: [String: String] {
        let virtual = virtual
        return [
            "TANDEM_SERVICE": service, "TANDEM_LISTEN": listen.map { "\($0)" } ?? "",
            "TANDEM_VIRTUAL_ADDRESS": virtual.address, "TANDEM_VIRTUAL_PORT": virtual.port,
            "TANDEM_SERVER_ADDRESS": "\(target.address)", "TANDEM_SERVER_PORT": "\(target.port)",
        ]
    }

    /// What a check asks for behind the script's own arguments.
    package func words(_ arguments: ScriptCheck.Arguments) -> [String] {
        switch arguments {
        case .none: []
        case .ldirectord: [virtual.address, virtual.port, "\(target.address)", "\(target.port)"]
        }
    }

    /// A mark stands in the place of an address, and has port 0.
    private var virtual: (address: String, port: String) {
        switch listen {
        case .endpoint(_, let endpoint): ("\(endpoint.address)", "\(endpoint.port)")
        case .mark(let mark, _): ("\(mark)", "0")
        case nil: ("", "")
        }
    }
}
