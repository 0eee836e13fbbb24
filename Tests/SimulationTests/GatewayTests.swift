import Election
import Heartbeat
import Simulation
import Testing

/// A holder whose gateways fell silent while the peer lives (Docs/Election.md, *Gateways that answer one director alone*).
struct GatewayTests {
    private func pair(_ rule: PartitionRule = .keepActive, prefers: Seat? = .lb1, preempt: Duration? = nil)
        -> SimulatedPair
    {
        settledPair {
            $0.partition = rule
            $0.noticesSilentGateways = true
            $0.groups = [.init(name: "web", prefers: prefers, preempt: preempt)]
        }
    }

    private func moves(_ pair: SimulatedPair) -> Int {
        pair.trace.lines.count { $0.contains("active → giving") && $0.contains("the gateways answer the peer alone") }
    }

    @Test(arguments: PartitionRule.allCases)
    func `a holder that loses its gateways while the peer reaches them hands over, and there is no gap`(
        rule: PartitionRule
    ) {
        var pair = pair(rule)
        pair.setSurroundings(of: .lb1, gateway: false)
        pair.run(for: .seconds(6))
        #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        #expect(moves(pair) == 1, "\(pair.story)")
        pair.setSurroundings(of: .lb1)
        pair.run(for: .seconds(40))
        #expect(pair.holders() == [.lb2] && moves(pair) == 1, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: PartitionRule.allCases)
    func `gateways that are gone for both move nothing, however often and in whatever order they come back`(
        rule: PartitionRule
    ) {
        var pair = pair(rule)
        for first in Seat.allCases {
            for seat in [first, first.other] { pair.setSurroundings(of: seat, gateway: false) }
            pair.run(for: .seconds(12))
            // The router boots: one director hears it a moment before the other.
            pair.setSurroundings(of: first)
            pair.run(for: .milliseconds(50))
            pair.setSurroundings(of: first.other)
            pair.run(for: .seconds(12))
        }
        #expect(pair.oracle.roleChanges == 0 && pair.holders() == [.lb1], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a backup that loses its gateways gets nothing and loses nothing`() {
        var pair = pair()
        pair.setSurroundings(of: .lb2, gateway: false)
        pair.run(for: .seconds(30))
        #expect(pair.oracle.roleChanges == 0 && pair.holders() == [.lb1], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `gateways that answer one director after the other move the group once in 10 s at the most`() {
        var pair = pair(prefers: nil)
        var blind = Seat.lb1
        for _ in 0..<12 {
            pair.setSurroundings(of: blind, gateway: false)
            pair.setSurroundings(of: blind.other)
            pair.run(for: .seconds(5))
            blind = blind.other
        }
        #expect((2...6).contains(moves(pair)) && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test
    func `a group that moved for its gateways does not come back to the preferred director while they are silent`() {
        var pair = pair(preempt: .seconds(2))
        pair.setSurroundings(of: .lb1, gateway: false)
        pair.setScore(50, of: .lb1)
        pair.run(for: .seconds(60))
        #expect(pair.holders() == [.lb2] && moves(pair) == 1, "\(pair.story)")
        pair.setSurroundings(of: .lb1)
        pair.setScore(100, of: .lb1)
        pair.run(for: .seconds(5))
        #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a holder without gateways whose peer cannot claim keeps the group`() {
        var pair = pair()
        pair.setFortune(.lb2) { $0.claimFailure = 1 }
        pair.setSurroundings(of: .lb1, gateway: false)
        pair.run(for: .seconds(30))
        #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        pair.setFortune(.lb2) { $0.claimFailure = 0 }
        pair.run(for: .seconds(90))
        #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }
}
