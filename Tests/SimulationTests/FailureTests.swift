import Election
import Heartbeat
import Simulation
import Testing

struct FailureTests {
    @Test func `a dead active is replaced within a takeover time and the hand's work`() {
        var pair = settledPair()
        pair.crash(.lb1)
        pair.run(for: .milliseconds(330))
        #expect(pair.role(.lb2) == .active, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: [50, 150, 1000, 5000])
    func `the active restarts after so many milliseconds`(pause: Int) {
        var pair = settledPair()
        pair.crash(.lb1)
        pair.run(for: .milliseconds(pause))
        pair.start(.lb1)
        pair.run(for: .seconds(4))
        #expect(pair.holders().count == 1, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: [1, 3, 8])
    func `an active that stalls for so many seconds gives up first and then learns`(seconds: Int) {
        var pair = settledPair()
        pair.stall(.lb1, for: .seconds(seconds))
        pair.run(for: .seconds(seconds))
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        #expect(pair.term(.lb2) == 2, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `an active whose sockets overflowed in a stall does not believe what is left in them`() {
        var pair = settledPair { $0.inboxRoom = 4 }
        pair.stall(.lb1, for: .seconds(2))
        pair.run(for: .seconds(6))
        #expect(pair.holders() == [.lb2] && pair.term(.lb2) == 2, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a stall shorter than the takeover time changes nothing`() {
        var pair = settledPair()
        pair.stall(.lb1, for: .milliseconds(180))
        pair.run(for: .seconds(3))
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a stall of both leaves one active`() {
        var pair = settledPair()
        pair.stall(.lb1, for: .seconds(2))
        pair.stall(.lb2, for: .milliseconds(2100))
        pair.run(for: .seconds(8))
        #expect(pair.holders().count == 1, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `addresses of an earlier life are removed even if the first try fails`() {
        var pair = settledPair()
        pair.crash(.lb1)
        pair.run(for: .milliseconds(350))
        pair.setFortune(.lb1) { $0.releaseFailure = 1 }
        pair.start(.lb1)
        pair.run(for: .milliseconds(100))
        pair.setFortune(.lb1) { $0.releaseFailure = 0 }
        pair.run(for: .seconds(4))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `recorded datagrams of an earlier life change nothing`() {
        var pair = SimulatedPair(.init())
        pair.isRecording = true
        pair.startBoth()
        pair.run(for: .seconds(2))
        pair.isRecording = false
        pair.crash(.lb1)
        pair.run(for: .seconds(2))
        pair.start(.lb1)
        pair.run(for: .seconds(2))
        pair.startWatch()
        let refused = pair[.lb2].machine?.refusals.total ?? 0
        for (_, datagram) in pair.recorded {
            for seat in Seat.allCases { pair.inject(datagram, to: seat) }
            pair.run(for: .milliseconds(10))
        }
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        #expect((pair[.lb2].machine?.refusals.total ?? 0) > refused)
        expectPeace(pair)
    }
}
