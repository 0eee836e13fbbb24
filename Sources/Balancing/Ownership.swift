/// Which services of the kernel's table are ours: those that this director, or an earlier life of it, wrote there or
/// took over. All others are somebody else's, and no step touches them.
package struct Ownership: Hashable, Sendable {
    package private(set) var services: Set<ServiceIdentity>
    /// Wanted services whose place in the kernel somebody else's has, which differs; in `ServiceOrder`.
    package private(set) var taken: [ServiceIdentity] = []

    package init(_ services: Set<ServiceIdentity> = []) {
        self.services = services
    }

    /// Before a plan is made: what is wanted and not there becomes ours, for it will be added; somebody else's that is
    /// just as wanted becomes ours too, for nothing about it would change; what is ours, not wanted and
    /// gone is forgotten.
    ///
    /// - Returns: the services that were somebody else's until now.
    package mutating func judge(held: Table, desired: Table) -> [ServiceIdentity] {
        services = services.filter { held.services[$0] != nil || desired.services[$0] != nil }
        var adopted: [ServiceIdentity] = []
        var taken: [ServiceIdentity] = []
        for (identity, wanted) in desired.services where !services.contains(identity) {
            switch held.services[identity] {
            case nil: services.insert(identity)
            case wanted?:
                services.insert(identity)
                adopted.append(identity)
            default: taken.append(identity)
            }
        }
        self.taken = taken.inServiceOrder()
        return adopted.inServiceOrder()
    }

    /// Takes over wanted services that somebody else wrote: the next plan makes them what they should be.
    package mutating func adopt(_ chosen: some Sequence<ServiceIdentity>) {
        services.formUnion(chosen)
        taken.removeAll { services.contains($0) }
    }

    /// Somebody else was quicker: the next reading tells what he wrote.
    package mutating func disown(_ service: ServiceIdentity) { services.remove(service) }

    /// What is wanted, but for what cannot be had.
    package func attainable(_ desired: Table) -> Table {
        var table = desired
        for identity in taken { table.services[identity] = nil }
        return table
    }
}

extension Table {
    package func only(_ services: Set<ServiceIdentity>) -> Table {
        guard !self.services.keys.allSatisfy(services.contains) else { return self }
        return Table(services: self.services.filter { services.contains($0.key) })
    }

    package func without(_ services: Set<ServiceIdentity>) -> Table {
        Table(services: self.services.filter { !services.contains($0.key) })
    }
}
