// Groups that have to have the same holder.

extension Settings {
    /// For each group the place of the first one that it has to be together with, be it through others; nil where it
    /// stands alone.
    package var company: [Int?] {
        var first = Array(groups.indices)
        for (index, group) in groups.enumerated() {
            guard let other = groups.firstIndex(where: { $0.name == group.togetherWith }) else { continue }
            let (low, high) = (min(first[index], first[other]), max(first[index], first[other]))
            for place in first.indices where first[place] == high { first[place] = low }
        }
        return first.map { set in first.count { $0 == set } > 1 ? set : nil }
    }

    /// Groups with one holder cannot want two.
    func company(of group: GroupSettings, at index: Int) -> [Violation] {
        guard let name = group.togetherWith else { return [] }
        let place = Place(.groups, index, "together_with")
        guard let other = groups.firstIndex(where: { $0.name == name }) else {
            let names = groups.map(\.name).filter { $0 != group.name }
            return [
                Violation(
                    at: place, because: [Place(.groups)], "there is no group \(name) to be together with",
                    suggestion: Words.nearest(to: name, among: names))
            ]
        }
        guard other != index else { return [Violation(at: place, "group \(name) cannot be together with itself")] }
        var violations: [Violation] = []
        func refuse(_ key: String, _ what: String) {
            violations.append(
                Violation(
                    at: place, because: [Place(.groups, index, key), Place(.groups, other, key)],
                    "groups \(group.name) and \(name) stay together and \(what); give both the same \(key)"))
        }
        if groups[other].prefer != group.prefer { refuse("prefer", "prefer different directors") }
        if groups[other].preempt != group.preempt { refuse("preempt", "preempt differently") }
        return violations
    }
}
