import Addresses

extension PairSettings {
    func violations() -> [Violation] {
        let place = Place(.directors)
        var violations: [Violation] = []
        if directors.count != 2 {
            violations.append(Violation(at: place, "a pair has exactly two directors, and here are \(directors.count)"))
        }
        for (index, director) in directors.enumerated() { violations += director.violations(at: index) }
        violations += doubleAddresses()
        if directors.count == 2 {
            violations += unequalPaths(directors[0], directors[1])
            violations += unequalInterfaces(directors[0], directors[1])
        }
        if let sync {
            violations += interfaceViolations(sync.interface, at: Place(.pair, nil, "sync"))
        }
        return violations
    }

    private func doubleAddresses() -> [Violation] {
        var owners: [IPAddress: String] = [:]
        var violations: [Violation] = []
        for (index, director) in directors.enumerated() {
            for (element, address) in director.addresses.enumerated() {
                let place = Place(.directors, index, "addresses", element)
                if let owner = owners[address] {
                    let whose = owner == director.name ? "stands here twice" : "is director \(owner)'s already"
                    violations.append(Violation(at: place, "address \(address) \(whose)"))
                } else {
                    owners[address] = director.name
                }
            }
        }
        return violations
    }

    private func unequalPaths(_ first: DirectorSettings, _ second: DirectorSettings) -> [Violation] {
        let place = Place(.directors, 1, "addresses")
        let because = [Place(.directors, 0, "addresses")]
        guard first.addresses.count == second.addresses.count else {
            return [
                Violation(
                    at: place, because: because,
                    "director \(first.name) has \(Words.addresses(first.addresses.count)) and \(second.name) has "
                        + "\(second.addresses.count); each path needs one of both")
            ]
        }
        return zip(first.addresses, second.addresses).enumerated().compactMap { element, addresses in
            guard addresses.0.family != addresses.1.family else { return nil }
            return Violation(
                at: Place(.directors, 1, "addresses", element), because: because + [place],
                "path \(element + 1) goes from \(addresses.0) to \(addresses.1); both must be of one family")
        }
    }

    private func unequalInterfaces(_ first: DirectorSettings, _ second: DirectorSettings) -> [Violation] {
        func missing(_ lacking: DirectorSettings, _ index: Int, _ having: DirectorSettings) -> [Violation] {
            having.interfaces.keys.sorted().filter { lacking.interfaces[$0] == nil }.map { name in
                Violation(
                    at: Place(.directors, index, "interfaces"), because: [Place(.directors, 1 - index, "interfaces")],
                    "director \(lacking.name) does not say what \(name) is, and \(having.name) does",
                    suggestion: Words.nearest(to: name, among: lacking.interfaces.keys.sorted()))
            }
        }
        return missing(first, 0, second) + missing(second, 1, first)
    }

    /// A name that is none of the logical ones, while there are some, may be meant as one.
    func interfaceViolations(_ name: String, at place: Place) -> [Violation] {
        let logical = Set(directors.flatMap(\.interfaces.keys))
        let real = Set(directors.flatMap(\.interfaces.values))
        guard !logical.isEmpty, !logical.contains(name), !real.contains(name) else { return [] }
        return [
            Violation(
                .warning, at: place, because: [Place(.directors)],
                "no director says what interface \(name) is; it is taken for a real one on both",
                suggestion: Words.nearest(to: name, among: logical.sorted()))
        ]
    }
}

extension DirectorSettings {
    fileprivate func violations(at index: Int) -> [Violation] {
        let place = Place(.directors, index, "addresses")
        guard (1...8).contains(addresses.count) else {
            return [Violation(at: place, "director \(name) has \(Words.addresses(addresses.count)); it needs 1 to 8")]
        }
        return addresses.enumerated().compactMap { element, address in
            let place = Place(.directors, index, "addresses", element)
            if let reason = address.unusable {
                return Violation(at: place, "\(address) is \(reason); a director cannot have it")
            }
            guard address.isLoopback else { return nil }
            return Violation(.warning, at: place, "\(address) is a loopback address; another machine cannot reach it")
        }
    }
}

extension Words {
    /// `no address`, `1 address`, `2 addresses`.
    static func addresses(_ number: Int) -> String {
        switch number {
        case 0: "no address"
        case 1: "1 address"
        default: "\(number) addresses"
        }
    }
}
