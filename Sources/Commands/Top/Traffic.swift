package import Control

/// What came in a second between two readings of the kernel's counters.
package struct Traffic: Codable, Hashable, Sendable {
    /// How far the readings lie apart.
    package var seconds: Double
    /// The busiest first.
    package var services: [ServiceTraffic]

    /// A service or server that was not there before counts from 0; one whose counters went back was made anew.
    ///
    /// - Parameter only: a service's name or what it listens on; nil: all.
    package init(from before: CountersReport, to now: CountersReport, only: String? = nil) {
        let seconds = max(0.001, Double(now.monotonic &- min(before.monotonic, now.monotonic)) / 1e9)
        var old: [String: ServiceCounters] = [:]
        for service in before.services { old[service.listen] = service }
        services = now.services.filter { only.map($0.isCalled) ?? true }
            .map { ServiceTraffic($0, since: old[$0.listen], seconds) }
            .sorted { ($0.load, $1.listen) > ($1.load, $0.listen) }
        self.seconds = seconds
    }
}

package struct ServiceTraffic: Codable, Hashable, Sendable {
    package var listen: String
    package var name: String?
    package var active: UInt64
    package var inactive: UInt64
    package var perSecond: Flowing
    package var servers: [ServerTraffic]

    init(_ now: ServiceCounters, since before: ServiceCounters?, _ seconds: Double) {
        listen = now.listen
        name = now.name
        active = now.servers.reduce(0) { $0 + UInt64($1.active) }
        inactive = now.servers.reduce(0) { $0 + UInt64($1.inactive) }
        perSecond = Flowing(from: before?.counters, to: now.counters, seconds)
        var old: [String: ServerCounters] = [:]
        for server in before?.servers ?? [] { old[server.endpoint] = server }
        servers = now.servers.map { ServerTraffic($0, since: old[$0.endpoint], seconds) }
    }

    /// What it is sorted by.
    fileprivate var load: Double { perSecond.bytesIn + perSecond.bytesOut + perSecond.connections }
}

package struct ServerTraffic: Codable, Hashable, Sendable {
    package var endpoint: String
    package var weight: UInt32
    package var active: UInt32
    package var inactive: UInt32
    package var perSecond: Flowing

    init(_ now: ServerCounters, since before: ServerCounters?, _ seconds: Double) {
        endpoint = now.endpoint
        weight = now.weight
        active = now.active
        inactive = now.inactive
        perSecond = Flowing(from: before?.counters, to: now.counters, seconds)
    }
}

/// In a second.
package struct Flowing: Codable, Hashable, Sendable {
    package var connections: Double
    package var packetsIn: Double
    package var packetsOut: Double
    package var bytesIn: Double
    package var bytesOut: Double

    init(from before: Counters?, to now: Counters, _ seconds: Double) {
        func rate(_ field: KeyPath<Counters, UInt64>) -> Double {
            let (old, new) = (before?[keyPath: field] ?? 0, now[keyPath: field])
            return Double(new >= old ? new - old : new) / seconds
        }
        connections = rate(\.connections)
        packetsIn = rate(\.packetsIn)
        packetsOut = rate(\.packetsOut)
        bytesIn = rate(\.bytesIn)
        bytesOut = rate(\.bytesOut)
    }
}
