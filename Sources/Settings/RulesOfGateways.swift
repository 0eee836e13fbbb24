import Addresses

extension Settings {
    /// What is wrong with a group's gateways, and with the lack of them.
    func gatewayViolations(of group: GroupSettings, at index: Int) -> [Violation] {
        let place = Place(.groups, index, "gateways")
        let policy = pair.partitionPolicy(of: group)
        guard !group.gateways.isEmpty else { return missing(policy, group, at: index) }
        guard group.gateways.count <= GroupSettings.mostGateways else {
            let message =
                "group \(group.name) has \(group.gateways.count) gateways; it may have \(GroupSettings.mostGateways)"
            return [Violation(at: place, message)]
        }
        var violations: [Violation] = []
        var seen: Set<IPAddress> = []
        for (element, gateway) in group.gateways.enumerated() {
            let place = Place(.groups, index, "gateways", element)
            if !seen.insert(gateway).inserted {
                violations.append(Violation(at: place, "gateway \(gateway) stands here twice"))
            } else if let message = refusal(of: gateway) {
                violations.append(Violation(at: place, because: [Place(.directors)], message))
            } else if gateway.family == .v4, !pair.directors.isEmpty, !hasOwnAddress(.v4) {
                violations.append(Violation(.warning, at: place, because: [Place(.directors)], strange(gateway)))
            }
        }
        if violations.isEmpty, policy == .requireGateway, !isNearPath(group) {
            violations.append(Violation(.warning, at: place, because: [Place(.directors)], remote(group)))
        }
        return violations
    }

    private func missing(_ policy: PartitionPolicy, _ group: GroupSettings, at index: Int) -> [Violation] {
        guard policy == .requireGateway else { return [] }
        return [
            Violation(
                at: Place(.groups, index), because: [Place(.groups, index, "gateways")],
                "group \(group.name) has no gateways, and on_partition is require-gateway; name the routers that it "
                    + "needs, or choose keep-active")
        ]
    }

    /// Why an address cannot be a gateway.
    private func refusal(of gateway: IPAddress) -> String? {
        let remedy = "a gateway is a router that both directors need"
        if let owner = owners[gateway] { return "gateway \(gateway) is director \(owner)'s own address; \(remedy)" }
        if let group = holders[gateway] {
            return "gateway \(gateway) is a virtual address of group \(group); \(remedy)"
        }
        if gateway.isLoopback { return "\(gateway) is a loopback address; it cannot be a gateway" }
        // Link-local routers are usual, and the group says on which interface.
        if case .v6(let address) = gateway, address.isLinkLocal { return nil }
        return gateway.unusable.map { "\(gateway) is \($0); it cannot be a gateway" }
    }

    /// IPv6 gives every interface an address to ask from.
    private func hasOwnAddress(_ family: AddressFamily) -> Bool {
        pair.directors.allSatisfy { $0.addresses.contains { $0.family == family } }
    }

    private func strange(_ gateway: IPAddress) -> String {
        "gateway \(gateway) is asked from 0.0.0.0 unless each director has an IPv4 address on that interface, and none "
            + "is named here; some routers do not answer that"
    }

    /// Files do not say which networks there are: addresses that share 16 bits, or 48 of IPv6, may be neighbours.
    private func isNearPath(_ group: GroupSettings) -> Bool {
        let own = pair.directors.flatMap(\.addresses)
        return group.gateways.contains { gateway in
            if case .v6(let address) = gateway, address.isLinkLocal { return true }
            let length = gateway.family == .v4 ? 16 : 48
            guard let near = Prefix(address: gateway, length: length) else { return true }
            return own.contains(where: near.contains)
        }
    }

    private func remote(_ group: GroupSettings) -> String {
        "no heartbeat path seems to run where group \(group.name) has its gateways: if nothing but the heartbeats is "
            + "lost, both directors reach a gateway and both become active; give both an address there in "
            + "pair.directors"
    }
}

extension GroupSettings {
    /// As many gateways as a group may have.
    package static let mostGateways = 8
}
