import Addresses

extension ServiceSettings {
    func serverViolations(at index: Int, _ surroundings: Surroundings) -> [Violation] {
        let list = Place(.services, index, "servers")
        var violations: [Violation] = []
        if servers.count > 4096 {
            violations.append(Violation(at: list, "service \(name) has \(servers.count) servers; at most 4,096"))
        }
        var seen: Set<Endpoint> = []
        var fixed: Set<IPAddress> = []
        let reach = Reach(self)
        for (element, server) in servers.enumerated() {
            let place = Place(.services, index, "servers", element)
            let what = "server \(server.text) of service \(name)"
            let because = [Place(.services, index, "listen"), Place(.services, index, "forward")]
            if !seen.insert(server.endpoint).inserted {
                violations.append(Violation(at: place, because: because, "\(what) stands here twice"))
            } else if server.forwarding != .nat, !fixed.insert(server.endpoint.address).inserted {
                violations.append(
                    Violation(
                        at: place, because: because,
                        "\(what) stands here twice: \(server.forwarding.rawValue) cannot change ports, so its address "
                            + "alone tells it from others"))
            }
            violations += self.violations(of: server, what, at: place, index, surroundings, reach)
        }
        if case .server(let server)? = fallback {
            let place = Place(.services, index, "fallback")
            let what = "fallback \(server.text) of service \(name)"
            if seen.contains(server.endpoint) {
                violations.append(Violation(at: place, "\(what) is one of its servers already"))
            }
            violations += self.violations(of: server, what, at: place, index, surroundings, reach)
        }
        return violations + unanswered(at: index, reach)
    }

    private func violations(
        of server: ServerSettings, _ what: String, at place: Place, _ index: Int, _ surroundings: Surroundings,
        _ reach: Reach
    ) -> [Violation] {
        let because = ["listen", "forward", "tunnel", "check"].map { Place(.services, index, $0) }
        let reason =
            addressFault(server, surroundings) ?? familyFault(server, surroundings, reach) ?? portFault(server, reach)
            ?? server.optionFault
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

    /// The kernel refuses to mix families while a sync daemon runs, and to start one while they are mixed
    /// (net/netfilter/ipvs/ip_vs_ctl.c, `ip_vs_genl_set_cmd`; ip_vs_sync.c, `start_sync_thread`).
    private func familyFault(_ server: ServerSettings, _ surroundings: Surroundings, _ reach: Reach) -> String? {
        let family = server.endpoint.address.family
        let families = Set(listens.map(\.family))
        if let other = families.first(where: { $0 != family }), reach.holds(server, behind: other) {
            guard surroundings.isSynced else { return nil }
            return "is \(family.rawValue) behind \(other.rawValue), which the kernel refuses together with its "
                + "connection sync; leave pair.sync out, or give it a server of its own family"
        }
        guard !families.isEmpty, !families.contains(family) else { return nil }
        return "is \(family.rawValue), and nothing is listened on in that family; tun alone would reach it"
    }

    private func portFault(_ server: ServerSettings, _ reach: Reach) -> String? {
        let port = server.endpoint.port
        if port == 0 {
            guard check.kind != .none, check.port == nil else { return nil }
            return
                "has no port to check, because not one port is listened on; give the check a port or the server one, "
                + "or say check: none"
        }
        guard server.forwarding != .nat else { return nil }
        let ports = listens.compactMap(\.endpoint).filter { reach.holds(server, behind: $0.address.family) }.map(\.port)
        guard let other = ports.first(where: { $0 != port && $0 > 0 }) else { return nil }
        return "has port \(port), and port \(other) is listened on; \(server.forwarding.rawValue) cannot change ports"
    }

    /// Families that are listened on and that no server answers.
    private func unanswered(at index: Int, _ reach: Reach) -> [Violation] {
        if servers.isEmpty {
            guard fallback == nil else { return [] }
            let place = Place(.services, index, "servers")
            return [Violation(.warning, at: place, "service \(name) has no servers; nobody answers its clients")]
        }
        return AddressFamily.allCases.compactMap { family in
            guard let element = listens.firstIndex(where: { $0.family == family }), !reach.isAnswered(family) else {
                return nil
            }
            return Violation(
                at: Place(.services, index, "listen", element), because: [Place(.services, index, "servers")],
                "service \(name) listens on \(listens[element]) and has no \(family.rawValue) server")
        }
    }
}
