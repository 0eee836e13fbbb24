import Addresses
import Election
import Heartbeat
import Simulation
import Testing

/// What decides while the peer is lost (DESIGN rule 9), on 100 ms × 5 unless said otherwise.
struct PartitionTests {
    private static func pair(_ rule: PartitionRule, misses: Int = 5) -> SimulatedPair {
        settledPair {
            $0.partition = rule
            $0.misses = misses
        }
    }

    /// Cuts everything that a director reaches.
    private static func isolate(_ seat: Seat, in pair: inout SimulatedPair) {
        pair.cut()
        pair.setSurroundings(of: seat, neighbours: false, gateway: false)
        pair.setWitness(of: seat, isReached: false)
    }

    private static func heal(_ pair: inout SimulatedPair) {
        pair.heal()
        for seat in Seat.allCases {
            pair.setSurroundings(of: seat)
            pair.setWitness(of: seat)
        }
    }

    @Test(
        arguments: [
            (.keepActive, [.lb1, .lb2]), (.requireGateway, [.lb1, .lb2]), (.requireWitness, [.lb1]),
        ] as [(PartitionRule, [Seat])])
    func `heartbeats alone are cut`(rule: PartitionRule, holders: [Seat]) {
        var pair = Self.pair(rule)
        pair.cut()
        pair.run(for: .seconds(10))
        #expect(pair.holders() == holders, "\(pair.story)")
        Self.heal(&pair)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [holders.last ?? .lb1], "\(pair.story)")
        expectPeace(pair)
    }

    /// What the other one announced during the partition stands in the caches of clients.
    @Test func `who wins a partition announces again, even if the peer has let go before it is heard`() {
        var pair = Self.pair(.keepActive)
        pair.cut()
        pair.run(for: .seconds(10))
        #expect(pair.holders() == [.lb1, .lb2], "\(pair.story)")
        let before = pair.announcements(of: .lb2)
        pair.setWeather(from: .lb2) { $0.isCut = false }
        pair.run(for: .seconds(1))
        #expect(pair.holders() == [.lb2] && pair.announcements(of: .lb2) == before, "\(pair.story)")
        Self.heal(&pair)
        pair.run(for: .seconds(1))
        #expect(pair.announcements(of: .lb2) == before + 1, "\(pair.story)")
        expectPeace(pair)
    }

    /// An order to announce waits in the hand's queue like any other, and a release behind many of them comes too late.
    @Test func `a peer that is lost and heard again over and over is announced against only once`() {
        var pair = Self.pair(.keepActive)
        pair.run(for: .seconds(5))
        let before = pair.announcements(of: .lb1)
        for _ in 0..<20 {
            pair.setWeather(from: .lb2) { $0.isCut = true }
            pair.run(for: .seconds(2))
            pair.setWeather(from: .lb2) { $0.isCut = false }
            pair.run(for: .seconds(1))
        }
        #expect(pair.holders() == [.lb1], "\(pair.story)")
        #expect(pair.announcements(of: .lb1) <= before + 1, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: PartitionRule.allCases)
    func `the holder is cut off from everybody`(rule: PartitionRule) {
        var pair = Self.pair(rule)
        Self.isolate(.lb1, in: &pair)
        pair.run(for: .milliseconds(840))
        #expect(pair.role(.lb2) == .active, "\(pair.story)")
        #expect((pair.role(.lb1) == .active) == (rule == .keepActive), "\(pair.story)")
        if rule != .keepActive { #expect(pair.oracle.double == [.zero], "\(pair.story)") }
        pair.run(for: .seconds(5))
        Self.heal(&pair)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: PartitionRule.allCases)
    func `a backup that is cut off from everybody claims nothing, then and afterwards`(rule: PartitionRule) {
        var pair = Self.pair(rule)
        Self.isolate(.lb2, in: &pair)
        pair.run(for: .seconds(10))
        #expect(pair.role(.lb2) == .backup && pair.holders() == [.lb1], "\(pair.story)")
        Self.heal(&pair)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb1] && pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: PartitionRule.allCases, [2, 3, 4, 5])
    func `in health a lost gateway and a lost witness change nothing`(rule: PartitionRule, misses: Int) {
        var pair = Self.pair(rule, misses: misses)
        for seat in Seat.allCases {
            pair.setSurroundings(of: seat, gateway: false)
            pair.setWitness(of: seat, isReached: false)
        }
        pair.run(for: .seconds(20))
        #expect(pair.oracle.roleChanges == 0 && pair.holders() == [.lb1], "\(pair.story)")
        pair.handOver(at: .lb2)
        pair.run(for: .seconds(2))
        #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: [PartitionRule.requireGateway, .requireWitness], [2, 3, 4, 5, 8])
    func `without a permit a holder releases before anybody may claim`(rule: PartitionRule, misses: Int) {
        var pair = Self.pair(rule, misses: misses)
        Self.isolate(.lb1, in: &pair)
        pair.setSurroundings(of: .lb2, gateway: false)
        pair.setWitness(of: .lb2, isReached: false)
        let holding = Duration.milliseconds(100) * max(3, misses - 1)
        pair.run(for: holding - .milliseconds(220))
        #expect(pair.role(.lb1) == .active, "\(pair.story)")
        pair.run(for: .milliseconds(240))
        #expect(pair.role(.lb1) == .releasing || pair.role(.lb1) == .backup, "\(pair.story)")
        #expect(pair[.lb1].machine?.groups[0].role.holds == false)
        pair.run(for: .seconds(10))
        #expect(pair.holders().isEmpty, "\(pair.story)")
        pair.setSurroundings(of: .lb2)
        pair.setWitness(of: .lb2)
        pair.run(for: .milliseconds(250))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: PartitionRule.allCases)
    func `a dead holder is replaced as soon as the rule allows`(rule: PartitionRule) {
        var pair = Self.pair(rule)
        pair.crash(.lb1)
        pair.run(for: .milliseconds(rule == .keepActive ? 525 : 400))
        #expect((pair.role(.lb2) == .active) == (rule == .keepActive), "\(pair.story)")
        pair.run(for: .milliseconds(350))
        #expect(pair.holders(of: 0).contains(.lb2) && pair.role(.lb2) == .active, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: [PartitionRule.requireGateway, .requireWitness])
    func `a director that starts alone needs the permit as well`(rule: PartitionRule) {
        var options = SimulatedPair.Options()
        options.partition = rule
        var pair = SimulatedPair(options)
        pair.setSurroundings(of: .lb2, gateway: false)
        pair.setWitness(of: .lb2, isReached: false)
        pair.start(.lb2)
        pair.run(for: .seconds(20))
        #expect(pair.holders().isEmpty, "\(pair.story)")
        pair.setSurroundings(of: .lb2)
        pair.setWitness(of: .lb2)
        pair.run(for: .milliseconds(400))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: PartitionRule.allCases)
    func `who was left with a goodbye asks nobody`(rule: PartitionRule) {
        var pair = Self.pair(rule)
        pair.terminate(.lb1)
        pair.run(for: .seconds(2))
        pair.setSurroundings(of: .lb2, gateway: false)
        pair.setWitness(of: .lb2, isReached: false)
        pair.run(for: .seconds(20))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        pair.start(.lb1)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: [PartitionRule.requireGateway, .requireWitness])
    func `a restart of either director is no failure where the other has no permit`(rule: PartitionRule) {
        for seat in Seat.allCases {
            var pair = Self.pair(rule)
            for seat in Seat.allCases {
                pair.setSurroundings(of: seat, gateway: false)
                pair.setWitness(of: seat, isReached: false)
            }
            pair.restart(seat)
            pair.run(for: .seconds(2))
            pair.start(seat)
            pair.run(for: .seconds(5))
            #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
            expectPeace(pair)
        }
    }

    @Test(arguments: Seat.allCases)
    func `a one-way cut does not make two holders where the witness decides`(mute: Seat) {
        var pair = Self.pair(.requireWitness)
        pair.setWeather(from: mute) { $0.isCut = true }
        pair.run(for: .seconds(10))
        #expect(pair.holders() == [.lb1] && pair.oracle.double == [.zero], "\(pair.story)")
        pair.setWitness(of: .lb1, isReached: false)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb2] && pair.oracle.double == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a witness that starts anew leaves the group where it is`() {
        var pair = Self.pair(.requireWitness)
        pair.cut()
        pair.run(for: .seconds(3))
        pair.restartWitness()
        pair.run(for: .seconds(5))
        #expect(pair.holders() == [.lb1] && pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }
}
