import Addresses

extension Settings {
    func witnessViolations() -> [Violation] {
        let policy = pair.partitionPolicy
        guard let witness = pair.witness else {
            guard policy == .requireWitness else { return [] }
            return [
                Violation(
                    at: Place(.pair, nil, "on_partition"), because: [Place(.pair, nil, "witness")],
                    "on_partition require-witness needs a witness; add to pair: "
                        + "witness: {address: ADDRESS, key: FILE}, and run there: tandemd --witness FILE")
            ]
        }
        var violations = addressViolations(witness.endpoint.address)
        if policy != .requireWitness {
            violations.append(
                Violation(
                    .warning, at: Place(.pair, nil, "witness"), because: [Place(.pair, nil, "on_partition")],
                    "the witness decides nothing; say on_partition: require-witness"))
        }
        if witness.key == pair.keys {
            violations.append(
                Violation(
                    .warning, at: Place(.pair, nil, "witness"), because: [Place(.pair, nil, "keys")],
                    "the witness has the directors' own key; whoever has it can speak as a director, so give the "
                        + "witness one of its own: tandem keygen FILE"))
        }
        return violations
    }

    private func addressViolations(_ address: IPAddress) -> [Violation] {
        let place = Place(.pair, nil, "witness")
        if let reason = address.unusable {
            return [Violation(at: place, "\(address) is \(reason); a witness cannot have it")]
        }
        if let owner = owners[address] {
            return [
                Violation(
                    at: place, because: [Place(.directors)],
                    "the witness's address \(address) is director \(owner)'s; a witness is a third machine, for a "
                        + "director that fails must not take it along")
            ]
        }
        if let group = holders[address] {
            return [
                Violation(
                    at: place, because: [Place(.groups)],
                    "the witness's address \(address) is a virtual one, of group \(group); it has to stay where it is")
            ]
        }
        guard address.isLoopback else { return [] }
        return [Violation(.warning, at: place, "\(address) is a loopback address; a witness is a third machine")]
    }
}

extension WitnessHouse {
    /// Every rule that a witness's file breaks.
    package func violations() -> [Violation] {
        var violations: [Violation] = []
        if !(1...8).contains(listen.count) {
            violations.append(
                Violation(
                    at: Place(.witness, nil, "listen"), "a witness listens on 1 to 8 addresses, not \(listen.count)"))
        }
        for (element, address) in listen.enumerated() {
            let place = Place(.witness, nil, "listen", element)
            if let reason = address.unusable {
                violations.append(
                    Violation(
                        at: place, "\(address) is \(reason); a witness listens on the very addresses that directors ask"
                    ))
            } else if listen[..<element].contains(address) {
                violations.append(Violation(at: place, "address \(address) stands here twice"))
            }
        }
        if !(1...256).contains(pairs.count) {
            violations.append(
                Violation(at: Place(.witness, nil, "pairs"), "a witness has 1 to 256 pairs, not \(pairs.count)"))
        }
        for (index, pair) in pairs.enumerated() { violations += directorViolations(pair, index) }
        return violations
    }

    private func directorViolations(_ pair: Pair, _ index: Int) -> [Violation] {
        let place = Place(.witness, index, "directors")
        guard !pair.directors.isEmpty else { return [] }
        guard pair.directors.count == 2 else {
            return [
                Violation(
                    at: place,
                    "a pair has exactly two directors, and here are \(pair.directors.count); name both or none")
            ]
        }
        guard pair.directors[0] == pair.directors[1] else { return [] }
        return [Violation(at: place, "director \(pair.directors[0]) stands here twice")]
    }
}
