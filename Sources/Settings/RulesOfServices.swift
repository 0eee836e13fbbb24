import Addresses

/// What the rules of one service look at beside it.
struct Surroundings {
    var groups: [String]
    /// Virtual address → group.
    var holders: [IPAddress: String]
    /// A director's own address → director.
    var owners: [IPAddress: String]
    /// Whether the kernel syncs connections.
    var isSynced: Bool
    /// What earlier services listen on, with their names.
    var listened: [Listen: String] = [:]
    var names: Set<String> = []
}

extension Settings {
    func serviceViolations() -> [Violation] {
        var surroundings = Surroundings(
            groups: groups.map(\.name), holders: holders, owners: owners, isSynced: pair.sync != nil)
        var violations: [Violation] = []
        var entries = 0
        for (index, service) in services.enumerated() {
            if !service.name.isEmpty, !surroundings.names.insert(service.name).inserted {
                violations.append(
                    Violation(at: Place(.services, index, "name"), "there is a service \(service.name) already"))
            }
            violations += service.listenViolations(at: index, &surroundings)
            violations += service.groupViolations(at: index, surroundings)
            violations += service.optionViolations(at: index)
            violations += service.checkViolations(at: index)
            violations += service.serverViolations(at: index, surroundings)
            let before = entries
            entries += service.listens.count * service.servers.count
            if before <= Self.mostEntries, entries > Self.mostEntries {
                violations.append(
                    Violation(
                        at: Place(.services, index, "listen"),
                        "with service \(service.name) the table has \(entries) servers, each once for every "
                            + "listen; at most \(Self.mostEntries) are accepted: listen on fwmark://MARK"))
            }
        }
        return violations
    }

    /// The kernel's table is read back every few seconds.
    private static let mostEntries = 131_072
}

extension Listen {
    var endpoint: Endpoint? { if case .endpoint(_, let endpoint) = self { endpoint } else { nil } }
}

extension [Violation] {
    /// A range of addresses can break a rule a thousand times: the first few say it.
    fileprivate func folded(_ rest: (Int) -> Violation) -> [Violation] {
        count <= Self.shown + 1 ? self : Array(prefix(Self.shown)) + [rest(count - Self.shown)]
    }

    private static var shown: Int { 4 }
}

extension ServiceSettings {
    fileprivate func listenViolations(at index: Int, _ surroundings: inout Surroundings) -> [Violation] {
        let list = Place(.services, index, "listen")
        var violations: [Violation] = []
        if !(1...4096).contains(listens.count) {
            violations.append(
                Violation(at: list, "service \(name) listens on \(listens.count) things; 1 to 4,096 are right"))
        }
        for (element, listen) in listens.enumerated() {
            let place = Place(.services, index, "listen", element)
            if let earlier = surroundings.listened[listen] {
                let who = earlier == name ? "this service" : "service \(earlier)"
                violations.append(Violation(at: place, "\(who) listens on \(listen) already"))
            } else {
                surroundings.listened[listen] = name
            }
            guard let address = listen.endpoint?.address else { continue }
            if let reason = address.unusable {
                violations.append(Violation(at: place, "\(address) is \(reason); nothing can listen on it"))
            } else if address.isLoopback {
                violations.append(Violation(at: place, "\(address) is a loopback address; no client reaches it"))
            }
        }
        return violations.folded { Violation(at: list, "\($0) more faults of what service \(name) listens on") }
    }

    fileprivate func groupViolations(at index: Int, _ surroundings: Surroundings) -> [Violation] {
        if let group, !surroundings.groups.contains(group) {
            return [
                Violation(
                    at: Place(.services, index, "group"), because: [Place(.groups)], "there is no group \(group)",
                    suggestion: Words.nearest(to: group, among: surroundings.groups))
            ]
        }
        if group == nil, !listens.contains(where: { $0.endpoint != nil }), !listens.isEmpty {
            return [
                Violation(
                    .warning, at: Place(.services, index, "listen"),
                    "service \(name) listens on marks alone and has no group; say whose holder decides about its "
                        + "servers"
                )
            ]
        }
        var seen: Set<IPAddress> = []
        let violations = listens.enumerated().compactMap { element, listen -> Violation? in
            guard let address = listen.endpoint?.address, seen.insert(address).inserted else { return nil }
            let holder = surroundings.holders[address]
            let place = Place(.services, index, "listen", element)
            if let holder, holder == group || group == nil { return nil }
            let text =
                if let group { "\(address) is none of group \(group)'s addresses" } else { "no group has \(address)" }
            let what = holder.map { "it is group \($0)'s" } ?? "right only if it is routed to the directors"
            return Violation(.warning, at: place, because: [Place(.groups)], "\(text); \(what)")
        }
        return violations.folded { rest in
            Violation(
                .warning, at: Place(.services, index, "listen"), because: [Place(.groups)],
                "\(rest) more addresses of service \(name) are no group's, or not its own's")
        }
    }

    fileprivate func checkViolations(at index: Int) -> [Violation] {
        let place = Place(.services, index, "check")
        var violations: [Violation] = []
        if check.timeout > check.interval {
            let (timeout, interval) = (DurationText.print(check.timeout), DurationText.print(check.interval))
            violations.append(
                Violation(at: place, "service \(name): timeout \(timeout) is longer than the interval \(interval)"))
        }
        guard let transport = listens.compactMap(\.transport).first(where: { $0 != .tcp })?.rawValue else {
            return violations
        }
        switch check.kind {
        case .http:
            violations.append(
                Violation(
                    at: place, because: [Place(.services, index, "listen")],
                    "service \(name) listens on \(transport):// and is checked by http, which is tcp; use tcp or none"))
        case .tcp where check.port == nil:
            violations.append(
                Violation(
                    .warning, at: place, because: [Place(.services, index, "listen")],
                    "service \(name) listens on \(transport):// and is checked by tcp; servers that answer "
                        + "\(transport) only are down"))
        default: break
        }
        return violations
    }
}
