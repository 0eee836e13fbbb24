import Addresses

/// What the rules of one service look at beside it.
struct Surroundings {
    var groups: [String]
    /// Virtual address → group.
    var holders: [IPAddress: String]
    /// A director's own address → director.
    var owners: [IPAddress: String]
    /// What earlier services listen on, with their names.
    var listened: [Listen: String] = [:]
    var names: Set<String> = []
}

extension Settings {
    func serviceViolations() -> [Violation] {
        var surroundings = Surroundings(groups: groups.map(\.name), holders: holders, owners: owners)
        var violations: [Violation] = []
        for (index, service) in services.enumerated() {
            if !service.name.isEmpty, !surroundings.names.insert(service.name).inserted {
                violations.append(
                    Violation(at: Place(.services, index, "name"), "there is a service \(service.name) already"))
            }
            violations += service.listenViolations(at: index, &surroundings)
            violations += service.groupViolations(at: index, surroundings)
            violations += service.checkViolations(at: index)
            violations += service.serverViolations(at: index, surroundings)
        }
        return violations
    }
}

extension Listen {
    var endpoint: Endpoint? { if case .endpoint(_, let endpoint) = self { endpoint } else { nil } }

    var text: String {
        switch self {
        case .endpoint(let transport, let endpoint): "\(transport.rawValue)://\(endpoint)"
        case .mark(let mark, _): "fwmark://\(mark)"
        }
    }
}

extension ServiceSettings {
    fileprivate func listenViolations(at index: Int, _ surroundings: inout Surroundings) -> [Violation] {
        let list = Place(.services, index, "listen")
        var violations: [Violation] = []
        if !(1...256).contains(listens.count) {
            violations.append(
                Violation(at: list, "service \(name) listens on \(listens.count) things; 1 to 256 are right"))
        }
        for (element, listen) in listens.enumerated() {
            let place = Place(.services, index, "listen", element)
            if let earlier = surroundings.listened[listen] {
                let who = earlier == name ? "this service" : "service \(earlier)"
                violations.append(Violation(at: place, "\(who) listens on \(listen.text) already"))
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
        return violations
    }

    fileprivate func groupViolations(at index: Int, _ surroundings: Surroundings) -> [Violation] {
        if let group, !surroundings.groups.contains(group) {
            return [
                Violation(
                    at: Place(.services, index, "group"), because: [Place(.groups)], "there is no group \(group)",
                    suggestion: Words.nearest(to: group, among: surroundings.groups))
            ]
        }
        return listens.enumerated().compactMap { element, listen in
            guard let address = listen.endpoint?.address else { return nil }
            let holder = surroundings.holders[address]
            let place = Place(.services, index, "listen", element)
            if let holder, holder == group || group == nil { return nil }
            let text =
                if let group { "\(address) is none of group \(group)'s addresses" } else { "no group has \(address)" }
            let what = holder.map { "it is group \($0)'s" } ?? "right only if it is routed to the directors"
            return Violation(.warning, at: place, because: [Place(.groups)], "\(text); \(what)")
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
        let isUDP = listens.contains { if case .endpoint(.udp, _) = $0 { true } else { false } }
        guard isUDP else { return violations }
        switch check.kind {
        case .http:
            violations.append(
                Violation(
                    at: place, because: [Place(.services, index, "listen")],
                    "service \(name) listens on udp:// and is checked by http, which is tcp; use tcp or none"))
        case .tcp where check.port == nil:
            violations.append(
                Violation(
                    .warning, at: place, because: [Place(.services, index, "listen")],
                    "service \(name) listens on udp:// and is checked by tcp; servers that answer udp only are down"))
        default: break
        }
        return violations
    }
}
