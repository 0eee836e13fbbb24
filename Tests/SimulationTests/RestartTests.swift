import Election
import Heartbeat
import Simulation
import Testing

struct RestartTests {
    @Test(arguments: [100, 1000, 4000])
    func `a restart of the active keeps its role, however many milliseconds it takes`(pause: Int) {
        var pair = settledPair()
        pair.restart(.lb1)
        pair.run(for: .milliseconds(100))
        #expect(!pair[.lb1].isRunning, "\(pair.story)")
        pair.run(for: .milliseconds(pause))
        #expect(pair.role(.lb2) == .backup && pair.holders() == [.lb1], "\(pair.story)")
        pair.start(.lb1)
        pair.run(for: .seconds(3))
        #expect(pair.role(.lb1) == .active && pair.holders() == [.lb1], "\(pair.story)")
        #expect(pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a director that does not come back is replaced when the patience ends, and not before its addresses`() {
        var pair = settledPair()
        pair.restart(.lb1)
        pair.run(for: .milliseconds(4900))
        #expect(pair.role(.lb2) == .backup && pair.holders() == [.lb1], "\(pair.story)")
        pair.run(for: .milliseconds(500))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        #expect(pair.oracle.double == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `patience is asked for until it is echoed`() {
        var pair = settledPair()
        pair.setWeather(from: .lb1) { $0.loss = 0.5 }
        pair.restart(.lb1)
        pair.run(for: .milliseconds(400))
        pair.heal()
        pair.run(for: .milliseconds(400))
        #expect(!pair[.lb1].isRunning, "\(pair.story)")
        pair.run(for: .seconds(2))
        pair.start(.lb1)
        pair.run(for: .seconds(3))
        #expect(pair.role(.lb1) == .active && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a restart of the backup changes nothing`() {
        var pair = settledPair()
        pair.startWatch()
        pair.restart(.lb2)
        pair.run(for: .seconds(2))
        pair.start(.lb2)
        pair.run(for: .seconds(3))
        #expect(pair.role(.lb1) == .active && pair.peerState(.lb1) == .heard, "\(pair.story)")
        #expect(pair.oracle.double == [.zero] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a director that restarts alone goes on with the addresses that it left`() {
        var pair = settledPair()
        pair.crash(.lb2)
        pair.run(for: .seconds(3))
        pair.startWatch()
        pair.restart(.lb1)
        pair.run(for: .milliseconds(500))
        pair.start(.lb1)
        pair.run(for: .seconds(6))
        #expect(pair.role(.lb1) == .active && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `after a crash a quick successor keeps the role, and a slow one finds it taken`() {
        for (pause, holder) in [(100, Seat.lb1), (600, .lb2)] {
            var pair = settledPair()
            pair.crash(.lb1)
            pair.run(for: .milliseconds(pause))
            pair.start(.lb1)
            pair.run(for: .seconds(6))
            #expect(pair.holders() == [holder], "\(pair.story)")
            expectPeace(pair)
        }
    }

    @Test func `patience is granted once in a life`() {
        var pair = settledPair()
        pair.isRecording = true
        pair.restart(.lb1)
        pair.run(for: .milliseconds(400))
        pair.isRecording = false
        pair.run(for: .milliseconds(4000))
        for (_, datagram) in pair.recorded { pair.inject(datagram, to: .lb2) }
        pair.run(for: .milliseconds(1500))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `somebody else who answers for the addresses gets them left`() {
        var pair = settledPair()
        pair.crash(.lb2)
        pair.run(for: .seconds(3))
        pair.hasForeignHolder = true
        pair.restart(.lb1)
        pair.run(for: .milliseconds(500))
        pair.start(.lb1)
        pair.run(for: .seconds(4))
        #expect(pair.holders().isEmpty && pair.role(.lb1) == .waiting, "\(pair.story)")
    }
}
