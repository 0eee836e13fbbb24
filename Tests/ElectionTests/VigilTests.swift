import Addresses
import Election
import Testing

struct VigilTests {
    private static let start = Instant(nanoseconds: 1_000_000_000)
    private static let mac = MACAddress(number: 1)

    private static func host(_ last: UInt32, on interface: Int32 = 2) -> Vigil.Host {
        Vigil.Host(address: .v4(IPv4Address(number: 0xC000_0200 + last)), interface: interface)
    }

    private static func links(hasCarrier: Bool = true) -> [Vigil.Link] {
        [
            .init(index: 2, hasCarrier: hasCarrier, groups: [0, 1]), .init(index: 3, hasCarrier: true, groups: [1]),
        ]
    }

    private static func vigil(
        gateways: [Vigil.Host: [Int]] = [host(1): [0]], neighbours: Int = 0
    ) -> Vigil {
        var vigil = Vigil(interval: .milliseconds(100))
        vigil.survey(links: links(), gateways: gateways, neighbours: around(neighbours), now: start)
        return vigil
    }

    private static func around(_ count: Int) -> [Vigil.Host: MACAddress] {
        Dictionary(
            uniqueKeysWithValues: (0..<count).map { (host(100 + UInt32($0)), MACAddress(number: UInt64($0 + 2))) })
    }

    /// Everybody that `answers` picks answers at once.
    private static func run(
        _ vigil: inout Vigil, from: Duration, to: Duration, answers: (Vigil.Host) -> Bool
    ) -> [Vigil.Host] {
        var asked: [Vigil.Host] = []
        var now = start + from
        while now < start + to {
            var questions: [Vigil.Host] = []
            vigil.tick(now: now) { host, _ in questions.append(host) }
            for host in questions where answers(host) { _ = vigil.answer(host, from: mac, now: now) }
            asked += questions
            now = max(vigil.deadline, now + .microseconds(1))
        }
        return asked
    }

    @Test func `a gateway is asked every second, a neighbour every ten`() {
        var vigil = Self.vigil(neighbours: 3)
        let asked = Self.run(&vigil, from: .zero, to: .milliseconds(20_500)) { _ in true }
        #expect(asked.count { $0 == Self.host(1) } == 21 && asked.count { $0 == Self.host(101) } == 3)
        #expect(vigil.silentGateways(of: 0) == (0, 1) && vigil.silentGateways(of: 1) == (0, 0))
    }

    @Test func `of many neighbours eight are asked, and the places of silent ones go round`() {
        var vigil = Self.vigil(neighbours: 20)
        var seen: Set<Vigil.Host> = []
        for round in 0..<6 {
            let from = Duration.seconds(10 * round)
            let asked = Self.run(&vigil, from: from, to: from + .seconds(10)) { $0 == Self.host(105) }
            seen.formUnion(asked.filter { $0 != Self.host(1) })
            #expect(Set(asked.filter { $0 != Self.host(1) }).count <= Vigil.mostNeighbours)
            vigil.survey(
                links: Self.links(), gateways: [Self.host(1): [0]], neighbours: Self.around(20),
                now: Self.start + from + .seconds(10))
            #expect(vigil.asked.contains { $0.host == Self.host(105) })
        }
        #expect(seen.count == 20)
    }

    @Test func `looking out asks everybody at once and at the pace of the heartbeats`() {
        var vigil = Self.vigil(neighbours: 2)
        _ = Self.run(&vigil, from: .zero, to: .seconds(5)) { _ in true }
        vigil.lookOut(true, now: Self.start + .seconds(5))
        let asked = Self.run(&vigil, from: .seconds(5), to: .milliseconds(5950)) { _ in true }
        #expect(asked.prefix(3).count == 3 && Set(asked.prefix(3)).count == 3)
        #expect(asked.count == 30)
        vigil.lookOut(false, now: Self.start + .seconds(6))
        #expect(Self.run(&vigil, from: .seconds(6), to: .milliseconds(9500)) { _ in true }.count < 10)
    }

    @Test func `an outlook says who answered last, and who was there before it mattered`() {
        var vigil = Self.vigil(neighbours: 1)
        let nothing = vigil.outlook(of: 0, now: Self.start)
        #expect(nothing.hasCarrier && nothing.gatewayAnswered == nil && !nothing.hasNeighbours)
        _ = Self.run(&vigil, from: .zero, to: .seconds(3)) { _ in true }
        let now = Self.start + .seconds(3)
        #expect(vigil.outlook(of: 0, now: now).gatewayAnswered == Self.start + .seconds(2))
        #expect(vigil.outlook(of: 1, now: now).gatewayAnswered == nil)
        #expect(vigil.outlook(of: 1, now: now).neighbourAnswered == Self.start + .seconds(2))
        #expect(vigil.outlook(of: 1, now: now).hasNeighbours)
        // Whoever answered in the last minute before counts as long as it matters.
        vigil.lookOut(true, now: now)
        #expect(vigil.outlook(of: 0, now: now + .seconds(600)).hasNeighbours)
        vigil.lookOut(false, now: now)
        #expect(!vigil.outlook(of: 0, now: now + .seconds(600)).hasNeighbours)
    }

    @Test func `carrier is that of all of a group's links`() {
        var vigil = Self.vigil()
        #expect(vigil.setCarrier(false, of: 3) && !vigil.setCarrier(false, of: 3) && !vigil.setCarrier(true, of: 9))
        #expect(vigil.outlook(of: 0, now: Self.start).hasCarrier && !vigil.outlook(of: 1, now: Self.start).hasCarrier)
    }

    @Test func `who is asked already stays as known as it is`() {
        var vigil = Self.vigil(neighbours: 1)
        _ = Self.run(&vigil, from: .zero, to: .seconds(5)) { $0 != Self.host(1) }
        #expect(vigil.silentGateways(of: 0) == (1, 1))
        vigil.survey(
            links: Self.links(), gateways: [Self.host(1): [0], Self.host(2): [0, 1]], neighbours: [:],
            now: Self.start + .seconds(5))
        #expect(vigil.silentGateways(of: 0) == (1, 2) && vigil.silentGateways(of: 1) == (0, 1))
        #expect(vigil.asked.count == 2)
    }
}
