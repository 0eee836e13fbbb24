import Addresses
import Election
import Heartbeat
import Simulation
import Testing

/// Hard faults, scores, groups that stay together, and foreign claims (DESIGN rules 10, 11 and 13).
struct FitnessTests {
    @Test func `a lost carrier moves the groups within an interval, and nobody waits for a silence`() {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb1), .init(name: "mail", prefers: .lb1)] }
        pair.setSurroundings(of: .lb1, carrier: false)
        pair.run(for: .milliseconds(100))
        #expect(pair.role(.lb2, group: 0) == .active && pair.role(.lb2, group: 1) == .active, "\(pair.story)")
        pair.setSurroundings(of: .lb1)
        pair.run(for: .seconds(30))
        #expect(pair.holders(of: 0) == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: [(91, false), (90, true), (1, true), (0, true)] as [(UInt8, Bool)])
    func `a fitter backup gets the group after a while, if it is fitter by 10`(score: UInt8, isMoved: Bool) {
        var pair = settledPair()
        pair.run(for: .seconds(30))
        pair.setScore(score, of: .lb1)
        pair.run(for: .milliseconds(3250))
        #expect(pair.holders() == [.lb1], "\(pair.story)")
        pair.run(for: .milliseconds(300))
        #expect(pair.holders() == [isMoved ? .lb2 : .lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a group that has just moved stays for 30 s, and each time twice as long`() {
        var pair = settledPair()
        pair.run(for: .seconds(30))
        var worse = Seat.lb1
        var stays: [Int] = []
        for _ in 0..<4 {
            pair.setScore(100, of: worse.other)
            pair.setScore(50, of: worse)
            var seconds = 0
            while pair.holders() != [worse.other], seconds < 1000 {
                pair.run(for: .seconds(1))
                seconds += 1
            }
            stays.append(seconds)
            worse = worse.other
        }
        #expect(stays.first == 4 && zip(stays.dropFirst(), [30, 60, 120]).allSatisfy { abs($0 - $1) <= 2 }, "\(stays)")
    }

    @Test func `a short illness moves nothing`() {
        var pair = settledPair()
        pair.run(for: .seconds(30))
        for _ in 0..<10 {
            pair.setScore(20, of: .lb1)
            pair.run(for: .seconds(3))
            pair.setScore(100, of: .lb1)
            pair.run(for: .seconds(1))
        }
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `preference comes after fitness`() {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb1, preempt: .seconds(2))] }
        pair.run(for: .seconds(30))
        pair.setScore(50, of: .lb1)
        pair.run(for: .seconds(60))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        pair.setScore(95, of: .lb1)
        pair.run(for: .seconds(4))
        #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a free group goes to the fitter director, whatever is preferred`() {
        var pair = SimulatedPair(.init())
        pair.startBoth()
        pair.setScore(40, of: .lb1)
        pair.run(for: .seconds(2))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    // MARK: Together

    private static let together = [
        SimulatedPair.Group(name: "outside", prefers: .lb1, together: 0), .init(name: "else", prefers: .lb1),
        .init(name: "inside", prefers: .lb1, together: 0),
    ]

    private func holders(_ pair: SimulatedPair) -> [[Seat]] { (0..<3).map { pair.holders(of: $0) } }

    @Test(
        arguments: [
            { $0.setFitness(0, of: .lb1, group: 2) }, { $0.handOver(group: 2, at: .lb1) },
            { $0.handOver(group: 0, at: .lb2) },
        ] as [@Sendable (inout SimulatedPair) -> Void])
    func `what one group needs the others of its set get`(happening: @Sendable (inout SimulatedPair) -> Void) {
        var pair = settledPair { $0.groups = Self.together }
        happening(&pair)
        pair.run(for: .seconds(3))
        #expect(holders(pair) == [[.lb2], [.lb1], [.lb2]], "\(pair.story)")
        #expect(pair.oracle.vacancy == [.zero, .zero, .zero])
        expectPeace(pair)
    }

    @Test func `a set whose groups are apart comes together again`() {
        var pair = settledPair { $0.groups = Self.together }
        pair.setFortune(.lb2) { $0.vanishing = 1 }
        pair.handOver(group: 0, at: .lb1)
        pair.run(for: .seconds(4))
        pair.setFortune(.lb2) { $0.vanishing = 0 }
        pair.run(for: .seconds(30))
        #expect(pair.holders(of: 0) == pair.holders(of: 2) && pair.holders(of: 0).count == 1, "\(pair.story)")
    }

    // MARK: Foreign claims

    private static let stranger = MACAddress(number: 0x0A_00_00_00_00_01)

    @Test func `a stranger's claims are told of and answered once in 10 s, and change no role`() {
        var pair = settledPair()
        for _ in 0..<120 {
            for seat in Seat.allCases { pair.claimForeign(by: Self.stranger, seenBy: seat) }
            pair.run(for: .milliseconds(100))
        }
        let told = pair.trace.lines.count { $0.contains("\(Self.stranger) claims it") }
        #expect(told == 4 && pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: Seat.allCases)
    func `the peer's claim is asked about, and answered if the peer does not hold the group`(seenBy: Seat) {
        var pair = settledPair()
        pair.claimForeign(by: seenBy.other.mac, seenBy: seenBy)
        pair.run(for: .milliseconds(250))
        let told = pair.trace.lines.count { $0.contains("claims it") }
        #expect(told == (seenBy == .lb1 ? 1 : 0) && pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `this director's own announcement is nobody's claim`() {
        var pair = settledPair()
        pair.claimForeign(by: Seat.lb1.mac, seenBy: .lb1)
        pair.run(for: .seconds(1))
        #expect(!pair.trace.lines.contains { $0.contains("claims it") }, "\(pair.story)")
    }
}
