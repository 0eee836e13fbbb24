import Balancing
import Netlink

/// How many connections our services have, and how many of them are too young to count: those that began since the
/// reading before the last.
struct Traffic {
    private(set) var established: UInt64 = 0
    private(set) var young: UInt64 = 0
    /// The services' counters of connections at the last two readings.
    private var begun: (before: UInt64, last: UInt64)?

    mutating func observe(_ read: ReadTable, of owned: Set<ServiceIdentity>) {
        established = 0
        var now: UInt64 = 0
        for identity in owned {
            guard let service = read.services[identity] else { continue }
            for server in service.servers { established += UInt64(server.connections.active) }
            now += service.statistics.connections
        }
        // A service that went takes its counter along.
        young = begun.map { now > $0.before ? now - $0.before : 0 } ?? 0
        begun = (begun?.last ?? now, now)
    }
}
