import Election
import Heartbeat
import Simulation
import Testing

/// A pair that has started and come to rest.
func settledPair(_ change: (inout SimulatedPair.Options) -> Void = { _ in }) -> SimulatedPair {
    var options = SimulatedPair.Options()
    change(&options)
    var pair = SimulatedPair(options)
    pair.startBoth()
    pair.run(for: .seconds(3))
    pair.startWatch()
    return pair
}

func expectPeace(_ pair: SimulatedPair, _ location: SourceLocation = #_sourceLocation) {
    #expect(pair.oracle.violations.isEmpty, "\(pair.story)", sourceLocation: location)
}

struct ScenarioTests {
    @Test func `both start and the preferred director becomes active`() {
        for preferred in Seat.allCases {
            let pair = settledPair { $0.groups = [.init(name: "web", prefers: preferred)] }
            #expect(pair.holders() == [preferred], "\(pair.story)")
            #expect(pair.role(preferred.other) == .backup)
            expectPeace(pair)
        }
    }

    @Test func `a director that starts alone claims after three takeover times`() {
        var pair = SimulatedPair(.init())
        pair.start(.lb2)
        pair.run(for: .milliseconds(890))
        #expect(pair.holders().isEmpty)
        pair.run(for: .milliseconds(200))
        #expect(pair.holders() == [.lb2])
        expectPeace(pair)
    }

    @Test func `a director that starts alone waits while somebody answers for the addresses`() {
        var pair = SimulatedPair(.init())
        pair.hasForeignHolder = true
        pair.start(.lb2)
        pair.run(for: .seconds(5))
        #expect(pair.holders().isEmpty && pair.role(.lb2) == .waiting)
        pair.hasForeignHolder = false
        pair.run(for: .seconds(2))
        #expect(pair.holders() == [.lb2])
        expectPeace(pair)
    }

    @Test func `an unfit director that starts alone claims nothing until it is fit`() {
        var pair = SimulatedPair(.init())
        pair.start(.lb1)
        pair.setFitness(0, of: .lb1)
        pair.run(for: .seconds(3))
        #expect(pair.holders().isEmpty, "\(pair.story)")
        pair.setFitness(100, of: .lb1)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb1], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `after a cut one director gives way, and the higher term stays`() {
        var pair = settledPair()
        pair.cut()
        pair.run(for: .seconds(5))
        #expect(pair.holders() == [.lb1, .lb2])
        pair.heal()
        pair.run(for: .seconds(2))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        #expect(pair.term(.lb2) == 2)
        expectPeace(pair)
    }

    @Test(arguments: Seat.allCases)
    func `a one-way cut leaves one director active`(deaf: Seat) {
        var pair = settledPair()
        pair.setWeather(from: deaf.other) { $0.isCut = true }
        pair.run(for: .seconds(5))
        #expect(pair.holders().count == 1, "\(pair.story)")
        pair.heal()
        pair.run(for: .seconds(3))
        #expect(pair.holders().count == 1, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `the second path keeps the pair alive when the first is cut`() {
        var pair = settledPair()
        pair.cut(path: 0)
        pair.run(for: .seconds(10))
        #expect(pair.oracle.roleChanges == 0 && pair.holders() == [.lb1], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a loss of 30 % on both paths changes no role`() {
        var pair = settledPair { $0.misses = 6 }
        for seat in Seat.allCases { pair.setWeather(from: seat) { $0.loss = 0.3 } }
        pair.run(for: .seconds(20))
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a claim that fails on the only director is tried again`() {
        var pair = SimulatedPair(.init())
        pair.setFortune(.lb1) { $0.claimFailure = 1 }
        pair.start(.lb1)
        pair.run(for: .seconds(10))
        #expect(pair.holders().isEmpty)
        pair.setFortune(.lb1) { $0.claimFailure = 0 }
        pair.run(for: .seconds(20))
        #expect(pair.holders() == [.lb1], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `an order of claim that vanishes is not waited for for ever`() {
        var pair = settledPair()
        pair.setFortune(.lb2) { $0.vanishing = 1 }
        pair.crash(.lb1)
        pair.run(for: .seconds(1))
        #expect(pair.role(.lb2) == .claiming)
        pair.setFortune(.lb2) { $0.vanishing = 0 }
        pair.run(for: .seconds(9))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `two groups live on the directors that they prefer`() {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb1), .init(name: "mail", prefers: .lb2)] }
        #expect(pair.holders(of: 0) == [.lb1] && pair.holders(of: 1) == [.lb2], "\(pair.story)")
        pair.crash(.lb2)
        pair.run(for: .seconds(3))
        #expect(pair.holders(of: 0) == [.lb1] && pair.holders(of: 1) == [.lb1], "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: [12, 16] as [Int64])
    func `stalls that come back move a role at most once, however far apart`(phase: Int64) {
        var pair = settledPair {
            $0.interval = .milliseconds(20)
            $0.misses = 3
        }
        var changes = 0
        var holders = pair.holders()
        for round in 0..<4 as Range<Int64> {
            pair.run(for: .seconds(25) + .milliseconds(phase + 7 * round))
            pair.stall(round % 2 == 0 ? .lb1 : .lb2, for: .milliseconds(52), sparesHand: true)
            pair.run(for: .seconds(1))
            if pair.holders() != holders { changes += 1 }
            holders = pair.holders()
        }
        #expect(changes <= 1, "\(pair.story)")
    }
}
