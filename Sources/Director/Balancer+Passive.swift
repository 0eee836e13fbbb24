import Addresses
import Balancing
import Linux
import Netlink
import Settings

extension Balancer {
    /// Servers that are looked on at, with where the table has them.
    static func watched(_ settings: Settings) -> [(key: ServerKey, passive: PassiveSettings, places: [Place])] {
        settings.services.flatMap { service in
            guard let passive = service.passive else { return [(ServerKey, PassiveSettings, [Place])]() }
            return service.everyServer.filter { $0.forwarding == .nat }.map { server in
                let key = ServerKey(service: service.name, server: server.endpoint)
                return (key, passive, places(of: server, in: service).map { Place(service: $0, server: $1) })
            }
        }
    }

    /// One server of the kernel's table.
    struct Place: Hashable, Sendable {
        var service: ServiceIdentity
        var server: Endpoint
    }

    /// After each reading, which has statistics of servers where any is looked on at.
    mutating func lookOn() {
        guard !watched.isEmpty || !passive.silent.isEmpty else { return }
        let counts = watched.compactMap { server -> PassiveWatch.Count? in
            let found = server.places.compactMap { held.server($0.server, of: $0.service)?.statistics }
            guard !found.isEmpty else { return nil }
            return PassiveWatch.Count(
                server.key, server.passive, connections: found.reduce(0) { $0 + $1.connections },
                packetsIn: found.reduce(0) { $0 + $1.packetsIn }, packetsOut: found.reduce(0) { $0 + $1.packetsOut })
        }
        let changes = passive.observe(counts, now: Clock.now())
        let silent = passive.silent
        ports.board.update { $0.silent = silent }
        for change in changes { ports.notice(change) }
    }
}
