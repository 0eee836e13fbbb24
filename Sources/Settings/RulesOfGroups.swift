import Addresses

extension Settings {
    func groupViolations() -> [Violation] {
        let owners = owners
        var holders: [IPAddress: String] = [:]
        var violations: [Violation] = []
        for (index, group) in groups.enumerated() {
            violations += references(of: group, at: index)
            violations += gatewayViolations(of: group, at: index)
            violations += company(of: group, at: index)
            for (element, address) in group.addresses.enumerated() {
                let place = Place(.groups, index, "addresses", element)
                violations += self.violations(of: address, in: group, at: place, owners, &holders)
            }
        }
        return violations
    }

    private func references(of group: GroupSettings, at index: Int) -> [Violation] {
        func at(_ key: String) -> Place { Place(.groups, index, key) }
        var violations: [Violation] = []
        if !(1...4096).contains(group.addresses.count) {
            let found = Words.addresses(group.addresses.count)
            violations.append(Violation(at: at("addresses"), "group \(group.name) has \(found); it needs 1 to 4,096"))
        }
        let directors = pair.directors.map(\.name)
        if let name = group.prefer, !directors.contains(name) {
            violations.append(
                Violation(
                    at: at("prefer"), because: [Place(.directors)], "there is no director \(name) to prefer",
                    suggestion: Words.nearest(to: name, among: directors)))
        }
        if group.prefer == nil, group.preempt != .never {
            violations.append(
                Violation(
                    .warning, at: at("preempt"), because: [at("prefer")],
                    "preempt does nothing without prefer, which says for whom"))
        }
        if let interface = group.interface {
            violations += pair.interfaceViolations(interface, at: at("interface"))
        }
        return violations
    }

    private func violations(
        of virtual: VirtualAddress, in group: GroupSettings, at place: Place, _ owners: [IPAddress: String],
        _ holders: inout [IPAddress: String]
    ) -> [Violation] {
        let address = virtual.prefix.address
        var violations: [Violation] = []
        if let reason = address.unusable {
            violations.append(Violation(at: place, "\(address) is \(reason); it cannot be a virtual address"))
        } else if address.isLoopback {
            violations.append(Violation(at: place, "\(address) is a loopback address; it cannot be a virtual address"))
        }
        if let owner = owners[address] {
            violations.append(
                Violation(at: place, "\(address) is director \(owner)'s own address; a virtual address is nobody's own")
            )
        }
        if let holder = holders[address] {
            let whose = holder == group.name ? "stands in this group twice" : "belongs to group \(holder) already"
            violations.append(Violation(at: place, "virtual address \(address) \(whose)"))
        } else {
            holders[address] = group.name
        }
        if let interface = virtual.interface { violations += pair.interfaceViolations(interface, at: place) }
        return violations
    }
}
