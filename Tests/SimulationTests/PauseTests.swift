import Election
import Heartbeat
import Simulation
import Testing

struct PauseTests {
    /// lb2 holds the group after a crash of lb1, which is preferred and back.
    private func pairThatWouldFailBack(after: Duration) -> SimulatedPair {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb1, preempt: after)] }
        pair.crash(.lb1)
        pair.run(for: .seconds(3))
        pair.start(.lb1)
        pair.run(for: .seconds(1))
        return pair
    }

    @Test(arguments: Seat.allCases)
    func `a pause holds a failback up until it ends by itself`(told: Seat) {
        var pair = pairThatWouldFailBack(after: .seconds(3))
        pair.pause(seconds: 10, at: told)
        pair.run(for: .milliseconds(9900))
        #expect(pair.holders() == [.lb2] && pair.isPaused(.lb1) == true && pair.isPaused(.lb2) == true, "\(pair.story)")
        pair.run(for: .seconds(3))
        #expect(
            pair.holders() == [.lb1] && pair.isPaused(.lb1) == false && pair.isPaused(.lb2) == false, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: Seat.allCases, Seat.allCases)
    func `whoever paused, either ends it`(paused: Seat, resumed: Seat) {
        var pair = pairThatWouldFailBack(after: .seconds(3))
        pair.pause(seconds: 600, at: paused)
        pair.run(for: .seconds(8))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        pair.pause(seconds: 0, at: resumed)
        pair.run(for: .seconds(4))
        #expect(
            pair.holders() == [.lb1] && pair.isPaused(.lb1) == false && pair.isPaused(.lb2) == false, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: Seat.allCases)
    func `a pause outlives a restart of whoever made it, and ends when it was to end`(restarted: Seat) {
        var pair = settledPair { $0.groups = [.init(name: "web", prefers: .lb2, preempt: .seconds(60))] }
        pair.pause(seconds: 15, at: restarted)
        pair.run(for: .seconds(2))
        pair.crash(restarted)
        pair.run(for: .seconds(3))
        pair.start(restarted)
        pair.run(for: .milliseconds(9900))
        #expect(pair.isPaused(.lb1) == true && pair.isPaused(.lb2) == true, "\(pair.story)")
        pair.run(for: .milliseconds(200))
        #expect(pair.isPaused(.lb1) == false && pair.isPaused(.lb2) == false, "\(pair.story)")
    }

    @Test func `after a partition with a wish on each side both hold the same`() {
        for seed in 1...20 {
            var pair = settledPair { $0.seed = UInt64(seed) }
            pair.cut()
            pair.run(for: .seconds(1))
            pair.pause(seconds: 300, at: .lb1)
            pair.pause(seconds: 200, at: .lb2)
            pair.setStandby(of: .lb1, at: .lb1)
            pair.setStandby(false, of: .lb1, at: .lb2)
            pair.run(for: .seconds(1))
            pair.pause(seconds: 0, at: .lb1)
            pair.heal()
            pair.run(for: .seconds(3))
            let (one, other) = (pair[.lb1].machine?.wishes, pair[.lb2].machine?.wishes)
            for subject in Wish.Subject.allCases {
                #expect(one?[subject].stamp == other?[subject].stamp, "\(pair.story)")
                #expect(one?[subject].isOn == other?[subject].isOn, "\(pair.story)")
                #expect(one?.isKnownToPeer(subject) == true && other?.isKnownToPeer(subject) == true)
            }
            #expect(one?.isPaused == other?.isPaused)
        }
    }

    @Test func `wishes arrive whatever is lost, late or doubled around them, and nothing is vacant`() {
        for seed in 1...15 {
            var pair = settledPair {
                $0.seed = UInt64(seed)
                $0.misses = 8
            }
            for seat in Seat.allCases {
                pair.setWeather(from: seat) {
                    $0.loss = 0.4
                    $0.duplication = 0.4
                    $0.delay = .zero...(.milliseconds(150))
                }
            }
            pair.setStandby(of: .lb1, at: seed % 2 == 0 ? .lb1 : .lb2)
            pair.pause(seconds: 600, at: seed % 3 == 0 ? .lb1 : .lb2)
            pair.run(for: .seconds(4))
            pair.heal()
            pair.run(for: .seconds(12))
            #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
            #expect(pair.isPaused(.lb1) == true && pair.isPaused(.lb2) == true, "\(pair.story)")
            expectPeace(pair)
        }
    }

    @Test(arguments: Seat.allCases)
    func `any 100 ms in which nothing arrives from one director cost a standby nothing`(mute: Seat) {
        let settled = settledPair()
        for step in 0..<20 {
            var pair = settled
            pair.setStandby(of: .lb1, at: .lb2)
            pair.run(for: .milliseconds(Int64(step) * 10 + 5 * Int64(mute.rawValue)))
            pair.setWeather(from: mute) { $0.isCut = true }
            pair.run(for: .milliseconds(100))
            pair.heal()
            pair.run(for: .seconds(5))
            #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
            expectPeace(pair)
        }
    }
}
