import Election
import Heartbeat
import Simulation
import Testing

/// What tandem-sim found, each as the shortest story that shows it.
struct FoundTests {
    @Test func `nobody spins between a gift that was not taken and the next one`() {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb2, preempt: .milliseconds(500))] }
        pair.setFortune(.lb2) { $0.claimFailure = 1 }
        pair.crash(.lb2)
        pair.run(for: .seconds(3))
        pair.start(.lb2)
        pair.run(for: .seconds(8))
        #expect(pair.holders() == [.lb1], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a term that is claimed in the last wake of a daemon is not claimed again by the next`() {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb1), .init(name: "mail", prefers: .lb2)] }
        pair.crash(.lb2)
        pair.run(for: .milliseconds(200))
        pair.restart(.lb1)
        pair.run(for: .seconds(1))
        #expect(!pair[.lb1].isRunning, "\(pair.story)")
        pair.start(.lb1)
        pair.run(for: .seconds(6))
        #expect(pair.holders(of: 1) == [.lb1] && (pair.term(.lb1, group: 1) ?? 0) > 2, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a director that gives up after a stall takes nothing while it still says nothing`() {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb1), .init(name: "mail", prefers: .lb1)] }
        pair.setFortune(.lb1) { $0.time = .milliseconds(500)...(.milliseconds(500)) }
        pair.crash(.lb2)
        pair.stall(.lb1, for: .milliseconds(400))
        pair.run(for: .milliseconds(350))
        pair.start(.lb2)
        pair.run(for: .milliseconds(800))
        #expect(pair.role(.lb1, group: 0) == .waiting && pair.role(.lb1, group: 1) == .releasing, "\(pair.story)")
        pair.run(for: .seconds(6))
        #expect(pair.holders(of: 0).count == 1 && pair.holders(of: 1).count == 1, "\(pair.story)")
        expectPeace(pair)
    }
}
