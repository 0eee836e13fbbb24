import Addresses

extension ServerSettings {
    /// Without the port, as long as there is none.
    fileprivate var text: String { endpoint.port == 0 ? "\(endpoint.address)" : "\(endpoint)" }
}

extension ServiceSettings {
    func serverViolations(at index: Int, _ surroundings: Surroundings) -> [Violation] {
        let list = Place(.services, index, "servers")
        var violations: [Violation] = []
        if servers.count > 4096 {
            violations.append(Violation(at: list, "service \(name) has \(servers.count) servers; at most 4,096"))
        }
        var seen: Set<Endpoint> = []
        for (element, server) in servers.enumerated() {
            let place = Place(.services, index, "servers", element)
            let what = "server \(server.text) of service \(name)"
            if !seen.insert(server.endpoint).inserted {
                violations.append(
                    Violation(at: place, because: [Place(.services, index, "listen")], "\(what) stands here twice"))
            }
            violations += self.violations(of: server, what, at: place, index, surroundings)
        }
        if case .server(let server)? = fallback {
            let place = Place(.services, index, "fallback")
            let what = "fallback \(server.text) of service \(name)"
            if seen.contains(server.endpoint) {
                violations.append(Violation(at: place, "\(what) is one of its servers already"))
            }
            violations += self.violations(of: server, what, at: place, index, surroundings)
        }
        return violations + unanswered(at: index)
    }

    private func violations(
        of server: ServerSettings, _ what: String, at place: Place, _ index: Int, _ surroundings: Surroundings
    ) -> [Violation] {
        let because = [Place(.services, index, "listen"), Place(.services, index, "forward")]
        let reason =
            addressFault(server, surroundings) ?? familyFault(server) ?? portFault(server)
        return reason.map { [Violation(at: place, because: because, "\(what) \($0)")] } ?? []
    }

    private func addressFault(_ server: ServerSettings, _ surroundings: Surroundings) -> String? {
        let address = server.endpoint.address
        let way = server.forwarding.rawValue
        if let reason = address.unusable { return "is \(reason)" }
        if address.isLoopback, server.forwarding != .dr {
            return "is on the loopback, where \(way) loses every packet; use fallback: local, or forward: dr"
        }
        if let group = surroundings.holders[address] {
            return "is a virtual address of group \(group); it would answer itself"
        }
        if let director = surroundings.owners[address], server.forwarding != .nat {
            return "is director \(director), which cannot be a \(way) server of its own pair: connections would not "
                + "survive a takeover"
        }
        return nil
    }

    private func familyFault(_ server: ServerSettings) -> String? {
        let family = server.endpoint.address.family
        let families = Set(listens.compactMap { $0.endpoint?.address.family })
        guard !families.isEmpty, !families.contains(family) else { return nil }
        if server.forwarding == .tun { return "is \(family.rawValue) behind another family; that is not built yet" }
        return "is \(family.rawValue), and nothing is listened on in that family"
    }

    private func portFault(_ server: ServerSettings) -> String? {
        let port = server.endpoint.port
        if port == 0 { return "needs a port, because the service listens on several" }
        guard server.forwarding != .nat else { return nil }
        let family = server.endpoint.address.family
        let ports = listens.compactMap(\.endpoint).filter { $0.address.family == family }.map(\.port)
        guard let other = ports.first(where: { $0 != port }) else { return nil }
        return "has port \(port), and port \(other) is listened on; \(server.forwarding.rawValue) cannot change ports"
    }

    /// Listens of a family that no server has.
    private func unanswered(at index: Int) -> [Violation] {
        let families = Set(servers.map(\.endpoint.address.family))
        if servers.isEmpty {
            guard fallback == nil else { return [] }
            let place = Place(.services, index, "servers")
            return [Violation(.warning, at: place, "service \(name) has no servers; nobody answers its clients")]
        }
        return listens.enumerated().compactMap { element, listen in
            guard let family = listen.endpoint?.address.family, !families.contains(family) else { return nil }
            let place = Place(.services, index, "listen", element)
            return Violation(
                at: place, because: [Place(.services, index, "servers")],
                "service \(name) listens on \(listen.text) and has no \(family.rawValue) server")
        }
    }
}
