import Addresses

extension Settings {
    /// Services that withdraw nothing, less than it seems, or more.
    func withdrawalViolations() -> [Violation] {
        let places = services.indices.filter { services[$0].withdraws }
        guard !places.isEmpty else { return [] }
        let virtual = virtualAddresses
        var others: [IPAddress: Int] = [:]
        for (index, service) in services.enumerated() where !service.withdraws {
            for address in service.addresses(among: virtual) where others[address] == nil { others[address] = index }
        }
        return places.flatMap { violations(of: services[$0], at: $0, virtual, others) }
    }

    private func violations(
        of service: ServiceSettings, at index: Int, _ virtual: Set<IPAddress>, _ others: [IPAddress: Int]
    ) -> [Violation] {
        let place = Place(.services, index, "too_few")
        let because = [Place(.services, index, "quorum"), Place(.services, index, "listen")]
        let withdrawn = service.addresses(among: virtual)
        guard !withdrawn.isEmpty else {
            return [
                Violation(
                    at: place, because: because,
                    "service \(service.name) has too_few: withdraw, and listens on no address of a group that could be "
                        + "withdrawn; say all, keep or fallback")
            ]
        }
        var violations: [Violation] = []
        let stays = service.listens.first { listen in
            listen.endpoint.map { !withdrawn.contains($0.address) } ?? true
        }
        if let stays {
            violations.append(
                Violation(
                    .warning, at: place, because: because,
                    "service \(service.name) withdraws the addresses of groups alone; \(stays) stays as it is"))
        }
        for address in withdrawn.sorted() {
            guard let other = others[address] else { continue }
            violations.append(
                Violation(
                    .warning, at: place, because: because + [Place(.services, other, "listen")],
                    "when service \(service.name) has too few servers, \(address) goes for service "
                        + "\(services[other].name) too, which does not say withdraw"))
            break
        }
        return violations
    }
}

extension ServiceSettings {
    fileprivate var withdraws: Bool { quorum?.tooFew == .withdraw && !servers.isEmpty }
}
