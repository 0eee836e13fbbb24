package import Addresses

extension Settings {
    /// Every rule that these settings break, in the order of the rules. Settings without errors among them are valid.
    package func violations() -> [Violation] {
        pair.violations() + witnessViolations() + groupViolations() + serviceViolations() + trackerViolations()
            + metricsViolations()
    }

    /// Gives services without a group the group that has the first of their addresses that any group has.
    package mutating func assignGroups() {
        guard services.contains(where: { $0.group == nil }) else { return }
        let holders = holders
        for index in services.indices where services[index].group == nil {
            services[index].group =
                services[index].listens.lazy.compactMap { $0.endpoint.flatMap { holders[$0.address] } }.first
        }
    }

    /// Whether any service belongs to a group.
    package func hasServices(_ group: GroupSettings) -> Bool { services.contains { $0.group == group.name } }

    /// Those of all groups.
    package var virtualAddresses: Set<IPAddress> { Set(groups.flatMap(\.addresses).map(\.prefix.address)) }

    /// The virtual addresses of all groups, with their group's name.
    var holders: [IPAddress: String] {
        var holders: [IPAddress: String] = [:]
        for group in groups {
            for address in group.addresses where holders[address.prefix.address] == nil {
                holders[address.prefix.address] = group.name
            }
        }
        return holders
    }

    /// The directors' own addresses, with their director's name.
    var owners: [IPAddress: String] {
        var owners: [IPAddress: String] = [:]
        for director in pair.directors {
            for address in director.addresses where owners[address] == nil { owners[address] = director.name }
        }
        return owners
    }
}

extension IPAddress {
    /// Why nobody can have this address, if so: `the unspecified address`.
    var unusable: String? {
        if isUnspecified { return "the unspecified address" }
        if isMulticast { return "a multicast address" }
        switch self {
        case .v4(let address):
            if address.number >> 24 == 0 { return "in 0.0.0.0/8, which is reserved" }
            if address.number >> 28 == 0xF { return "in 240.0.0.0/4, which is reserved" }
        case .v6(let address):
            if address.isLinkLocal { return "link-local, which means nothing without its interface" }
        }
        return nil
    }
}
