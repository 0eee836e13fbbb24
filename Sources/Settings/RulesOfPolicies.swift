extension ServiceSettings {
    /// A quorum that can never be there, or with which nothing would happen.
    func quorumViolations(at index: Int) -> [Violation] {
        guard let quorum, !servers.isEmpty else { return [] }
        let (wanted, total) = (quorum.wanted(of: servers.count), servers.count)
        let place = Place(.services, index, "quorum")
        let list = Place(.services, index, "servers")
        if wanted > total {
            return [
                Violation(
                    at: place, because: [list],
                    "service \(name) has \(total) servers and a quorum of \(wanted), which is never there")
            ]
        }
        var violations: [Violation] = []
        if quorum.hysteresis >= wanted {
            violations.append(
                Violation(
                    at: Place(.services, index, "hysteresis"), because: [place],
                    "service \(name): hysteresis \(quorum.hysteresis) is not less than its quorum of \(wanted)"))
        } else if wanted + quorum.hysteresis > total {
            violations.append(
                Violation(
                    at: Place(.services, index, "hysteresis"), because: [place, list],
                    "service \(name): once lost, a quorum of \(wanted) with hysteresis \(quorum.hysteresis) comes back "
                        + "with \(wanted + quorum.hysteresis) servers, and there are \(total)"))
        }
        if quorum.tooFew == .fallback, fallback == nil {
            violations.append(
                Violation(
                    at: place, because: [Place(.services, index, "too_few"), Place(.services, index, "fallback")],
                    "service \(name) has a quorum and no fallback that could stand in; give it one, or say too_few: "
                        + "all, keep or withdraw"))
        }
        return violations
    }

    /// A slow start that nobody would notice.
    func slowStartViolations(at index: Int) -> [Violation] {
        guard slowStart != nil, servers.contains(where: isChecked) else { return [] }
        let place = Place(.services, index, "slow_start")
        if [.rr, .lc, .dh].contains(scheduler) {
            return [
                Violation(
                    .warning, at: place, because: [Place(.services, index, "scheduler")],
                    "service \(name) has a slow_start, and its scheduler \(scheduler.rawValue) looks at no weights")
            ]
        }
        guard servers.allSatisfy({ $0.weight < 2 }) else { return [] }
        return [
            Violation(
                .warning, at: place, because: [Place(.services, index, "servers")],
                "service \(name) has a slow_start, and no server a weight above 1, which has no parts; give them 10 or "
                    + "more each")
        ]
    }

    /// Counters that would say nothing.
    func passiveViolations(at index: Int) -> [Violation] {
        guard passive != nil else { return [] }
        let unseen = everyServer.filter { $0.forwarding != .nat }
        guard let first = unseen.first else { return [] }
        let who = unseen.count == everyServer.count ? "its servers" : "\(unseen.count) of its servers, \(first.text)"
        let rest = unseen.count > 1 && unseen.count < everyServer.count ? " among them" : ""
        return [
            Violation(
                .warning, at: Place(.services, index, "passive"), because: [Place(.services, index, "forward")],
                "service \(name): passive sees nothing of \(who)\(rest), whose answers do not come by the director; it "
                    + "is for forward: nat")
        ]
    }
}
