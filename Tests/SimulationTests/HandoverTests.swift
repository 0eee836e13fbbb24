import Election
import Heartbeat
import Simulation
import Testing

struct HandoverTests {
    @Test(arguments: Seat.allCases)
    func `a handover is make before break, wherever it is asked for`(asked: Seat) {
        var pair = settledPair()
        pair.handOver(at: asked)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a handover whose taker cannot claim leaves the holder, and teaches a term`() {
        var pair = settledPair()
        pair.setFortune(.lb2) { $0.claimFailure = 1 }
        pair.handOver(at: .lb1)
        pair.run(for: .seconds(10))
        #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        #expect(pair.term(.lb1) == 1 && (pair[.lb1].machine?.groups[0].highest ?? 0) > 1)
        expectPeace(pair)
    }

    @Test func `SIGTERM with a peer loses nothing`() {
        var pair = settledPair()
        pair.terminate(.lb1)
        pair.run(for: .seconds(4))
        #expect(!pair[.lb1].isRunning && pair.holders() == [.lb2], "\(pair.story)")
        #expect(pair.oracle.vacancy == [.zero] && pair.peerState(.lb2) == .left)
        expectPeace(pair)
    }

    @Test func `SIGTERM without a peer gives the addresses up and ends`() {
        var pair = SimulatedPair(.init())
        pair.start(.lb1)
        pair.run(for: .seconds(2))
        pair.terminate(.lb1)
        pair.run(for: .seconds(1))
        #expect(!pair[.lb1].isRunning && pair.holders().isEmpty, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `SIGTERM ends in bounded time even when the addresses cannot be removed`() {
        var pair = SimulatedPair(.init())
        pair.start(.lb1)
        pair.run(for: .seconds(2))
        pair.setFortune(.lb1) { $0.releaseFailure = 1 }
        pair.terminate(.lb1)
        pair.run(for: .seconds(15))
        #expect(!pair[.lb1].isRunning, "\(pair.story)")
    }

    @Test func `SIGTERM in the middle of a claim still hands over`() {
        var pair = settledPair()
        pair.setFortune(.lb2) { $0.time = .milliseconds(400)...(.milliseconds(400)) }
        pair.handOver(at: .lb1)
        pair.run(for: .milliseconds(100))
        #expect(pair.role(.lb2) == .claiming)
        pair.terminate(.lb2)
        pair.run(for: .seconds(4))
        #expect(!pair[.lb2].isRunning && pair.holders() == [.lb1], "\(pair.story)")
        #expect(pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `after a goodbye the peer takes over at once`() {
        var pair = settledPair()
        pair.setFitness(0, of: .lb2)
        pair.terminate(.lb1)
        pair.setFitness(100, of: .lb2)
        pair.run(for: .milliseconds(300))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a director that is told to stop while it waits for the network's answer stays away`() {
        var pair = SimulatedPair(.init())
        pair.setFortune(.lb1) { $0.time = .milliseconds(500)...(.milliseconds(500)) }
        pair.start(.lb1)
        pair.run(for: .milliseconds(1000))
        pair.terminate(.lb1)
        pair.run(for: .seconds(3))
        #expect(!pair[.lb1].isRunning && pair.holders().isEmpty, "\(pair.story)")
    }

    @Test func `preempt after 5 s gives the group back to the director it prefers`() {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb1, preempt: .seconds(5))] }
        pair.crash(.lb1)
        pair.run(for: .seconds(3))
        pair.start(.lb1)
        pair.run(for: .seconds(4))
        #expect(pair.holders() == [.lb2])
        pair.startWatch()
        pair.run(for: .seconds(5))
        #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: Seat.allCases.map(Optional.some) + [nil])
    func `nobody spins once the time of preemption has passed`(preferred: Seat?) {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: preferred, preempt: .seconds(1))] }
        pair.run(for: .seconds(5))
        expectPeace(pair)
    }
}

/// A handover takes some 20 ms here. Each test spoils one millisecond of one direction after the other.
struct HandoverMessageTests {
    enum Mishap: CaseIterable, Sendable {
        case lost, late, doubled

        func spoil(_ weather: inout Weather) {
            switch self {
            case .lost: weather.loss = 1
            case .late: weather.delay = .milliseconds(130)...(.milliseconds(130))
            case .doubled: weather.duplication = 1
            }
        }
    }

    @Test(arguments: Mishap.allCases, Seat.allCases)
    func `a handover loses nothing, whichever message goes astray`(mishap: Mishap, sender: Seat) {
        var settled = settledPair()
        settled.startWatch()
        settled.setFortune(.lb2) { $0.time = .milliseconds(10)...(.milliseconds(10)) }
        for asked in Seat.allCases {
            for millisecond in 0..<30 {
                var pair = settled
                // The request itself leaves in the first millisecond.
                if millisecond == 0 { pair.setWeather(from: sender) { mishap.spoil(&$0) } }
                pair.handOver(at: asked)
                pair.run(for: .milliseconds(max(1, millisecond)))
                if millisecond > 0 {
                    pair.setWeather(from: sender) { mishap.spoil(&$0) }
                    pair.run(for: .milliseconds(1))
                }
                pair.setWeather(from: sender) { $0 = .fair }
                pair.run(for: .milliseconds(2500))
                #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
                #expect(pair.role(.lb1) == .backup, "\(pair.story)")
            }
        }
    }
}
