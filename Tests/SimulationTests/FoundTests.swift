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

    @Test func `a director whose hand can neither add nor remove does not keep the group from the other`() {
        var pair = SimulatedPair(.init())
        pair.setFortune(.lb1) {
            $0.claimFailure = 1
            $0.releaseFailure = 1
        }
        pair.startBoth()
        pair.run(for: .seconds(8))
        #expect(pair.role(.lb1) == .releasing && pair.holders() == [.lb2], "\(pair.story)")
        pair.setFortune(.lb1) { $0.releaseFailure = 0 }
        pair.run(for: .seconds(4))
        #expect(pair.role(.lb1) == .backup && pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `heartbeats that were under way for long do not keep a dead director alive`() {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb1)] }
        pair.setWeather(from: .lb1) { $0.delay = .milliseconds(900)...(.milliseconds(900)) }
        pair.run(for: .milliseconds(200))
        pair.heal()
        pair.run(for: .milliseconds(150))
        pair.reboot(.lb1)
        pair.run(for: .milliseconds(400))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
    }

    @Test func `an unfit holder that nobody relieved tries again as soon as the peer is heard anew`() {
        var pair = settledPair()
        pair.setFortune(.lb2) { $0.claimFailure = 1 }
        pair.setFitness(0, of: .lb1)
        pair.run(for: .seconds(3))
        #expect(pair.role(.lb1) == .active, "\(pair.story)")
        pair.crash(.lb2)
        pair.setFortune(.lb2) { $0.claimFailure = 0 }
        pair.start(.lb2)
        pair.run(for: .seconds(1))
        #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
    }

    @Test func `a peer that goes on asking for a restart has been heard at its last word`() {
        var pair = settledPair()
        pair.setWeather(from: .lb1) { $0.loss = 1 }
        pair.restart(.lb2)
        pair.run(for: .milliseconds(50))
        let before = pair[.lb1].machine?.lastHeard
        pair.run(for: .milliseconds(120))
        let after = pair[.lb1].machine?.lastHeard
        #expect(pair[.lb2].isRunning, "\(pair.story)")
        #expect(before != nil && after != before, "\(pair.story)")
    }
}
