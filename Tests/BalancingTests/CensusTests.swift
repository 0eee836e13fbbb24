import Addresses
import Balancing
import Settings
import Testing

@Suite struct CensusTests {
    private static func server(_ text: String, _ forwarding: Forwarding = .dr) -> ServerSettings {
        ServerSettings(endpoint: endpoint(text), forwarding: forwarding)
    }

    private let settings = Settings(
        pair: PairSettings(name: "edge", keys: "/k", directors: []),
        groups: ["web", "mail"].map { GroupSettings(name: $0, addresses: []) },
        services: [
            ServiceSettings(
                name: "web", group: "web", listens: [.endpoint(.tcp, endpoint("192.0.2.10:80"))], persistence: 300,
                servers: [server("192.0.2.21:80"), server("192.0.2.22:80", .tun)]),
            ServiceSettings(
                name: "mail", group: "mail", listens: [.endpoint(.tcp, endpoint("192.0.2.11:25"))],
                servers: [server("10.0.0.21:2525", .nat)]),
            ServiceSettings(
                name: "names", listens: [.endpoint(.udp, endpoint("192.0.2.12:53")), .mark(7, .v4)], persistence: 60,
                servers: [server("192.0.2.23:53")]),
        ])

    private func connection(_ line: String) throws -> Connection {
        try #require(Connection(line: Array(line.utf8)[...]))
    }

    private static let places: [(String, Int?, Forwarding, UInt32, UInt32?)] = [
        ("TCP C0000264 9C40 C000020A 0050 C0000215 0050 ESTABLISHED 899", 0, .dr, 0, 300),
        ("TCP C0000264 9C40 C000020A 0050 C0000216 0050 ESTABLISHED 899", 0, .tun, 0, 300),
        ("TCP C0000264 0000 C000020A 0050 C0000215 0050 NONE 120", 0, .dr, 0, 300),
        ("TCP C0000264 9C40 C000020B 0019 0A000015 09DD FIN_WAIT 9", 1, .nat, 0, nil),
        ("UDP C0000264 9C40 C000020C 0035 C0000217 0035 UDP 299", nil, .dr, 0, 60),
        ("IP  C0000264 0000 00000007 0000 C0000217 0000 NONE 20", nil, .dr, 7, 60),
        ("TCP C0000264 9C40 C00002FF 0051 C0000217 0051 ESTABLISHED 299", nil, .dr, 7, 60),
    ]

    @Test(arguments: places)
    func `finds the service of a connection`(
        line: String, group: Int?, forwarding: Forwarding, mark: UInt32, persistence: UInt32?
    ) throws {
        let place = try #require(ServiceIndex(settings)[try connection(line)])
        #expect(place.group == group && place.forwarding == forwarding)
        #expect(place.mark == mark && place.persistence == persistence)
    }

    @Test(arguments: [
        "TCP C0000264 9C40 C000020A 0051 C0000215 0051 ESTABLISHED 899",
        "UDP C0000264 9C40 C000020A 0050 C0000215 0050 UDP 899",
        "TCP C0000264 0000 C000020B 0019 0A000015 09DD NONE 120",
        "IP  C0000264 0000 00000008 0000 C0000217 0000 NONE 20",
    ])
    func `what is not of our services is nobody's`(line: String) throws {
        #expect(ServiceIndex(settings)[try connection(line)] == nil)
    }

    @Test func `counts by kind, and by the time since each was first seen`() throws {
        var census = Census(index: ServiceIndex(settings), groups: 2)
        let web = try connection("TCP C0000264 9C40 C000020A 0050 C0000215 0050 ESTABLISHED 899")
        let newer = try connection("TCP C0000264 9C41 C000020A 0050 C0000215 0050 ESTABLISHED 899")
        let rest = try [
            "TCP C0000264 9C42 C000020A 0050 C0000215 0050 TIME_WAIT 9",
            "TCP C0000264 0000 C000020A 0050 C0000215 0050 NONE 120",
            "TCP C0000264 9C40 C000020B 0019 0A000015 09DD ESTABLISHED 9",
            "UDP C0000264 9C40 C000020C 0035 C0000217 0035 UDP 299",
        ].map(connection)
        func take(_ seconds: Int, _ list: [Connection]) -> [ConnectionCounts] {
            census.begin(now: Instant(nanoseconds: 0) + .seconds(1000 + seconds))
            for connection in list { census.count(connection) }
            census.end()
            return census.counts
        }
        var counts = take(0, [web] + rest)
        #expect(counts[0].established == 1 && counts[0].young == 0 && counts[0].recent == 0)
        #expect(counts[0].other == 1 && counts[0].templates == 1)
        #expect(counts[1].masqueraded == 1 && counts[1].established == 0)
        #expect(counts[2].udp == 1)
        counts = take(2, [web, newer])
        #expect(counts[0].established == 2 && counts[0].young == 1 && counts[0].recent == 0)
        counts = take(4, [web, newer])
        #expect(counts[0].young == 0 && counts[0].recent == 1)
        counts = take(62, [web, newer])
        #expect(counts[0].young == 0 && counts[0].recent == 0 && counts[0].established == 2)
    }
}
