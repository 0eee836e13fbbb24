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
        let mayRepeat = mayRepeatAddress
        let reach = Reach(self)
        for (element, server) in servers.enumerated() {
            var place: Place { Place(.services, index, "servers", element) }
            var what: String { "server \(server.text) of service \(name)" }
            var because: [Place] { [Place(.services, index, "listen"), Place(.services, index, "forward")] }
            if mayRepeat, !seen.insert(server.endpoint).inserted {
                violations.append(Violation(at: place, because: because, "\(what) stands here twice"))
            } else if mayRepeat, server.forwarding != .nat, !fixed.insert(server.endpoint.address).inserted {
                violations.append(
                    Violation(
                        at: place, because: because,
                        "\(what) stands here twice: \(server.forwarding.rawValue) cannot change ports, so its address "
                            + "alone tells it from others"))
            }
            if let fault = fault(of: server, surroundings, reach) {
                violations.append(violation(place, what, fault, index))
            }
        }
        if case .server(let server)? = fallback {
            let place = Place(.services, index, "fallback")
            let what = "fallback \(server.text) of service \(name)"
            if servers.contains(where: { $0.endpoint == server.endpoint }) {
                violations.append(Violation(at: place, "\(what) is one of its servers already"))
            }
            if let fault = fault(of: server, surroundings, reach) {
                violations.append(violation(place, what, fault, index))
            }
        }
        violations.add(unanswered(at: index, reach))
        return violations
    }

    /// False if no two servers have the same address, which of a few is known sooner than a set of them is made.
    private var mayRepeatAddress: Bool {
        guard servers.count <= 8 else { return true }
        for element in servers.indices {
            let address = servers[element].endpoint.address
            for earlier in 0..<element where servers[earlier].endpoint.address == address {
                return true
            }
        }
        return false
    }

    private func violation(_ place: Place, _ what: String, _ fault: String, _ index: Int) -> Violation {
        let because = ["listen", "forward", "tunnel", "check"].map { Place(.services, index, $0) }
        return Violation(at: place, because: because, "\(what) \(fault)")
    }

    private func fault(of server: ServerSettings, _ surroundings: Surroundings, _ reach: Reach) -> String? {
        addressFault(server, surroundings) ?? familyFault(server, surroundings, reach) ?? portFault(server, reach)
            ?? server.optionFault
    }

    private func addressFault(_ server: ServerSettings, _ surroundings: Surroundings) -> String? {
        let address = server.endpoint.address
        var way: String { server.forwarding.rawValue }
        if let reason = address.unusable { return "is \(reason)" }
        if address.isLoopback, server.forwarding != .dr {
            return "is on the loopback, where \(way) loses every packet; use fallback: local, or forward: dr"
        }
        guard surroundings.mayTake(address) else { return nil }
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
        let other = family == .v4 ? AddressFamily.v6 : .v4
        guard reach.listens(in: other) else { return nil }
        if reach.holds(server, behind: other) {
            guard surroundings.isSynced else { return nil }
            return "is \(family.rawValue) behind \(other.rawValue), which the kernel refuses together with its "
                + "connection sync; leave pair.sync out, or give it a server of its own family"
        }
        guard !reach.listens(in: family) else { return nil }
        return "is \(family.rawValue), and nothing is listened on in that family; tun alone would reach it"
    }

    private func portFault(_ server: ServerSettings, _ reach: Reach) -> String? {
        let port = server.endpoint.port
        if port == 0 {
            let check = check(of: server)
            guard check.kind.asksPort, check.port == nil else { return nil }
            return
                "has no port to check, because not one port is listened on; give the check a port or the server one, "
                + "or say check: none"
        }
        guard server.forwarding != .nat else { return nil }
        for listen in listens {
            guard let endpoint = listen.endpoint, endpoint.port != port, endpoint.port > 0,
                reach.holds(server, behind: endpoint.address.family)
            else { continue }
            return "has port \(port), and port \(endpoint.port) is listened on; \(server.forwarding.rawValue) cannot "
                + "change ports"
        }
        return nil
    }

    /// Families that are listened on and that no server answers.
    private func unanswered(at index: Int, _ reach: Reach) -> [Violation] {
        if servers.isEmpty {
            guard fallback == nil else { return [] }
            let place = Place(.services, index, "servers")
            return [Violation(.warning, at: place, "service \(name) has no servers; nobody answers its clients")]
        }
        var violations: [Violation] = []
        for family in AddressFamily.allCases where reach.listens(in: family) && !reach.isAnswered(family) {
            guard let element = listens.firstIndex(where: { $0.family == family }) else { continue }
            violations.append(
                Violation(
                    at: Place(.services, index, "listen", element), because: [Place(.services, index, "servers")],
                    "service \(name) listens on \(listens[element]) and has no \(family.rawValue) server"))
        }
        return violations
    }
}
