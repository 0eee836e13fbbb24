import Addresses
import Balancing
import Settings
import Simulation
import Testing

struct PassiveWatchTests {
    private typealias Look = PassiveWatch.Count
    private typealias What = SilenceChange.What

    static let start = Instant(nanoseconds: 1_000_000_000_000)
    static let address = Endpoint(address: .v4(IPv4Address(number: 0x0A01_0015)), port: 80)
    static let server = ServerKey(service: "web", server: address)

    static func at(_ seconds: Int) -> Instant { start + .seconds(seconds) }

    private static func count(
        _ connections: Int, _ packetsIn: Int, _ packetsOut: Int, of server: ServerKey = server
    ) -> Look {
        Look(
            server, PassiveSettings(), connections: UInt64(connections), packetsIn: UInt64(packetsIn),
            packetsOut: UInt64(packetsOut))
    }

    /// Looks with so many connections more at each, each with three packets, and nothing back.
    private static func looks(_ number: Int, _ more: Int) -> [Look] {
        (0..<number).map { index in count(100 + more * index, 500 + 3 * more * index, 900) }
    }

    /// Looks every 5 s, and what each of them shows.
    private static func changes(_ looks: [Look]) -> [Int: What] {
        var watch = PassiveWatch()
        var changes: [Int: What] = [:]
        for (index, look) in looks.enumerated() {
            let seen = watch.observe([look], now: at(index * 5))
            #expect(seen.count <= 1 && seen.allSatisfy { $0.server == server })
            guard let what = seen.first?.what else { continue }
            changes[index] = what
            #expect(watch.silent.isEmpty == (what == .answers || what == .idle))
        }
        return changes
    }

    private static func silent(from second: Int, _ connections: UInt64) -> What {
        .silent(Silence(since: at(second), connections: connections), after: .seconds(30))
    }

    @Test func `nothing comes back for a period`() {
        let expected: [Int: What] = [6: Self.silent(from: 0, 12)]
        #expect(Self.changes(Self.looks(10, 2)) == expected)
    }

    @Test func `the time counts from the first connection that nobody answered`() {
        let quiet = Array(repeating: Self.count(100, 500, 900), count: 20)
        let expected: [Int: What] = [26: Self.silent(from: 100, 30)]
        #expect(Self.changes(quiet + Self.looks(9, 5)) == expected)
    }

    @Test func `one packet from the server is an answer`() {
        var looks = Self.looks(10, 2)
        for index in 5..<10 { looks[index].packetsOut = 901 }
        #expect(Self.changes(looks).isEmpty)
        looks = Self.looks(10, 2)
        for index in 8..<10 { looks[index].packetsOut = 901 }
        let expected: [Int: What] = [6: Self.silent(from: 0, 12), 8: .answers]
        #expect(Self.changes(looks) == expected)
    }

    @Test func `a few connections, or none that bring a packet, are no silence`() {
        #expect(Self.changes(Self.looks(10, 1)).isEmpty)
        var looks = Self.looks(10, 3)
        for index in looks.indices { looks[index].packetsIn = 500 }
        #expect(Self.changes(looks).isEmpty)
        #expect(Self.changes(Self.looks(30, 0)).isEmpty)
    }

    @Test func `without new connections nothing is known any more`() {
        var looks = Self.looks(21, 2)
        for index in 8..<21 { looks[index].connections = 114 }
        let expected: [Int: What] = [6: Self.silent(from: 0, 12), 13: .idle]
        #expect(Self.changes(looks) == expected)
        // One every 40 s never comes to ten without a pause.
        looks = Self.looks(200, 1)
        for index in looks.indices { looks[index].connections = UInt64(100 + index / 8) }
        #expect(Self.changes(looks).isEmpty)
    }

    @Test func `counters that begin anew are no silence, and nor is a server that is gone`() {
        var looks = Self.looks(12, 2)
        for index in 5..<12 { looks[index] = Self.count(index, index, 0) }
        #expect(Self.changes(looks).isEmpty)
        var watch = PassiveWatch()
        for (index, look) in Self.looks(7, 3).enumerated() { _ = watch.observe([look], now: Self.at(5 * index)) }
        #expect(watch.silent.count == 1)
        #expect(watch.observe([], now: Self.at(35)).isEmpty && watch.silent.isEmpty)
        #expect(watch.observe([Self.count(999, 999, 0)], now: Self.at(40)).isEmpty)
    }

    /// Whatever the counters do, each silence begins and ends once.
    @Test func `never says the same twice`() {
        var random = SplitMix64(seed: 11)
        var looks: [Look] = (0..<4).map { number in
            Self.count(0, 0, 0, of: ServerKey(service: "s\(number)", server: Self.address))
        }
        var watch = PassiveWatch()
        var (told, silences): (Set<ServerKey>, Int) = ([], 0)
        for step in 0..<20_000 {
            for index in looks.indices {
                let server = looks[index].server
                looks[index].connections += UInt64.random(in: 0...3, using: &random)
                looks[index].packetsIn += UInt64.random(in: 0...3, using: &random)
                if Int.random(in: 0..<20, using: &random) == 0 { looks[index].packetsOut += 1 }
                if Int.random(in: 0..<200, using: &random) == 0 { looks[index] = Self.count(0, 0, 0, of: server) }
            }
            let now = Self.start + Duration.seconds(step * 5)
            for change in watch.observe(looks, now: now) {
                if case .silent(let silence, let time) = change.what {
                    silences += 1
                    #expect(told.insert(change.server).inserted)
                    #expect(time >= Duration.seconds(30) && silence.connections >= 10)
                } else {
                    #expect(told.remove(change.server) != nil)
                }
            }
            #expect(Set(watch.silent.keys) == told)
        }
        #expect(silences > 100)
    }
}
