import Addresses

extension ServiceSettings {
    /// Whether the directors can have the addresses that a check goes out from, and those fit what is asked.
    func sourceViolations(of use: CheckUse, at index: Int, _ surroundings: Surroundings) -> [Violation] {
        guard !use.check.sources.isEmpty else { return [] }
        return use.check.sources.sorted { $0.key < $1.key }.flatMap { director, source -> [Violation] in
            guard surroundings.directors.contains(director) else {
                return [
                    Violation(
                        at: use.place, because: [Place(.directors)],
                        "\(use.what) has a source for director \(director), which the pair does not have",
                        suggestion: Words.nearest(to: director, among: surroundings.directors))
                ]
            }
            let faults = source.all.compactMap { use.violation($0, of: director, surroundings) }
            return faults + [familyViolation(of: use, source, of: director, at: index)].compactMap(\.self)
        }
    }

    /// The first that is asked at an address of a family of which there is no source.
    private func familyViolation(
        of use: CheckUse, _ source: SourceAddresses, of director: String, at index: Int
    ) -> Violation? {
        for server in servers(of: use) {
            for (what, address) in use.askedAddresses(of: server) where source[family: address.family] == nil {
                let has = source.all.map(\.description).joined(separator: ", ")
                return Violation(
                    at: use.place, because: [Place(.services, index, "servers")],
                    "\(use.what): \(what) \(address) is \(address.family.rawValue), and director \(director) has "
                        + "the source \(has) alone; name one of each family, "
                        + "\(director): [\(has), \(address.family.rawValue)]")
            }
        }
        return nil
    }
}

extension CheckUse {
    /// What is wrong with one source.
    fileprivate func violation(
        _ address: IPAddress, of director: String, _ surroundings: Surroundings
    ) -> Violation? {
        let what = "\(self.what): the source \(address) of director \(director)"
        if let reason = address.unusable { return Violation(at: place, "\(what) is \(reason)") }
        if let owner = surroundings.owners[address], owner != director {
            return Violation(
                at: place, because: [Place(.directors)], "\(what) is director \(owner)'s; each goes out from its own")
        }
        if let group = surroundings.holders[address] {
            return Violation(
                .warning, at: place, because: [Place(.groups)],
                "\(what) is a virtual address, of group \(group): while the other director holds it, this one cannot "
                    + "check")
        }
        guard address.isLoopback else { return nil }
        return Violation(.warning, at: place, "\(what) is a loopback address; no other machine answers it")
    }

    fileprivate func askedAddresses(of server: ServerSettings) -> [(what: String, address: IPAddress)] {
        var asked: [(String, IPAddress)] = []
        if check.kind.asksServer {
            asked.append(check.address.map { ("the check's address", $0) } ?? ("server", server.endpoint.address))
        }
        if let agent = check.agent { asked.append(("the agent at", agent.address ?? server.endpoint.address)) }
        return asked
    }
}
