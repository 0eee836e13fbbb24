package import Balancing
package import Simulation

/// Two tables, and what the way from the one to the other must not lose.
package struct TablePair: Sendable {
    package let held: Table
    package let desired: Table

    /// A few services of a handful, each table for itself.
    package init(few random: inout SplitMix64) {
        held = random.table()
        desired = random.table()
    }

    /// Up to `size` services each, about half of them in both, and of those about half just as they are.
    package init(size: UInt32, _ random: inout SplitMix64) {
        let count = UInt32.random(in: max(1, size / 2 + 1)...max(1, size), using: &random)
        var (held, desired) = (Table(), Table())
        for number in 0..<count {
            let (one, other) = (random.identity(number), random.identity(number + count / 2))
            held.services[one] = random.service(one)
            desired.services[other] = random.service(other)
        }
        // In an order that is the same for the same seed.
        for identity in (0..<count).map({ random.identity($0) }) {
            guard let service = held.services[identity], desired.services[identity] != nil else { continue }
            if Bool.random(using: &random) {
                desired.services[identity] = service
            } else if Bool.random(using: &random) {
                desired.services[identity] = random.changed(service, identity)
            }
        }
        (self.held, self.desired) = (held, desired)
    }

    /// All services of the first table are ours.
    package func steps(from table: Table? = nil) -> [Step] {
        plan(from: table ?? held, to: desired, owned: Set(held.services.keys))
    }

    /// Whether a table has of a service what both ends have of it: itself, its servers, and one that takes connections.
    package func keeps(_ table: Table, _ service: ServiceIdentity) -> Bool {
        guard let first = held.services[service], let last = desired.services[service] else { return true }
        guard let now = table.services[service] else { return false }
        let isServed = !first.takesConnections || !last.takesConnections || now.takesConnections
        return isServed
            && first.servers.keys.allSatisfy { last.servers[$0] == nil || now.servers[$0] != nil }
    }

    /// The same of every service.
    package func keeps(_ table: Table) -> Bool { held.services.keys.allSatisfy { keeps(table, $0) } }
}
