import Addresses

/// What the rules of one service look at beside it.
struct Surroundings {
    var groups: [String]
    let directors: [String]
    /// Virtual address → group.
    let holders: [IPAddress: String]
    /// A director's own address → director.
    let owners: [IPAddress: String]
    /// A bit for each of those addresses: nearly all servers' addresses are none, and need not be looked up.
    private var marks: UInt64 = 0
    /// Whether the kernel syncs connections.
    var isSynced: Bool
    /// What earlier services listen on, with their names.
    var listened: [Listen: String] = [:]
    var names: Set<String> = []

    init(_ settings: Settings) {
        groups = settings.groups.map(\.name)
        directors = settings.pair.directors.map(\.name)
        holders = settings.holders
        owners = settings.owners
        isSynced = settings.pair.sync != nil
        for address in holders.keys { marks |= Self.mark(address) }
        for address in owners.keys { marks |= Self.mark(address) }
        listened.reserveCapacity(settings.services.count)
        names.reserveCapacity(settings.services.count)
    }

    /// Whether an address may be a director's or a virtual one; false: it is neither.
    func mayTake(_ address: IPAddress) -> Bool { marks & Self.mark(address) != 0 }

    /// One of 64 bits, by Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    private static func mark(_ address: IPAddress) -> UInt64 {
        let number =
            switch address {
            case .v4(let address): UInt64(address.number)
            case .v6(let address): address.high ^ address.low
            }
        return 1 << ((number &* 0x9E37_79B9_7F4A_7C15) >> 58)
    }
}

extension Settings {
    func serviceViolations() -> [Violation] {
        var surroundings = Surroundings(self)
        var violations: [Violation] = []
        var entries = 0
        for (index, service) in services.enumerated() {
            if !service.name.isEmpty, !surroundings.names.insert(service.name).inserted {
                violations.append(
                    Violation(at: Place(.services, index, "name"), "there is a service \(service.name) already"))
            }
            violations.add(service.listenViolations(at: index, &surroundings))
            violations.add(service.groupViolations(at: index, surroundings))
            violations.add(service.optionViolations(at: index))
            for use in service.checkUses(at: index) {
                violations.add(service.checkViolations(of: use, at: index))
                violations.add(service.sourceViolations(of: use, at: index, surroundings))
            }
            violations.add(service.quorumViolations(at: index))
            violations.add(service.slowStartViolations(at: index))
            violations.add(service.passiveViolations(at: index))
            violations.add(service.serverViolations(at: index, surroundings))
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
        violations.add(withdrawalViolations())
        return violations
    }

    /// The kernel's table is read back every few seconds.
    private static let mostEntries = 131_072
}

extension Listen {
    var endpoint: Endpoint? { if case .endpoint(_, let endpoint) = self { endpoint } else { nil } }
}

extension [Violation] {
    /// Mostly there are none, and nothing is to be done then.
    mutating func add(_ others: [Violation]) { if !others.isEmpty { self += others } }

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
            var place: Place { Place(.services, index, "listen", element) }
            if let earlier = surroundings.listened.updateValue(name, forKey: listen) {
                surroundings.listened[listen] = earlier
                let who = earlier == name ? "this service" : "service \(earlier)"
                violations.append(Violation(at: place, "\(who) listens on \(listen) already"))
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
        var last: IPAddress?
        let violations = listens.enumerated().compactMap { element, listen -> Violation? in
            // The ports of a range share their address, and many services have but one listen.
            guard let address = listen.endpoint?.address, address != last else { return nil }
            last = address
            if listens.count > 1, !seen.insert(address).inserted { return nil }
            let holder = surroundings.holders[address]
            if let holder, holder == group || group == nil { return nil }
            let place = Place(.services, index, "listen", element)
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
}
