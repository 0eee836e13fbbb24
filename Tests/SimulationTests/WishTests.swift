import Heartbeat
import Simulation
import Testing

/// Standby and pause, on a pair whose clocks are days apart.
struct WishTests {
    @Test(arguments: Seat.allCases)
    func `standby moves the group without a gap, whichever director is told`(told: Seat) {
        var pair = settledPair()
        pair.setStandby(of: .lb1, at: told)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        for seat in Seat.allCases {
            #expect(pair.isStandby(.lb1, seenFrom: seat) == true && pair.isStandby(.lb2, seenFrom: seat) == false)
        }
        expectPeace(pair)
    }

    @Test func `a director in standby keeps what nobody can take, and hands it over once somebody can`() {
        var pair = settledPair()
        pair.crash(.lb2)
        pair.run(for: .seconds(3))
        pair.setStandby(of: .lb1, at: .lb1)
        pair.run(for: .seconds(5))
        #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        pair.start(.lb2)
        pair.run(for: .seconds(5))
        #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a director in standby takes nothing when its peer dies, until it is online`() {
        var pair = settledPair()
        pair.setStandby(of: .lb2, at: .lb1)
        pair.run(for: .seconds(1))
        pair.crash(.lb1)
        pair.run(for: .seconds(10))
        #expect(pair.holders().isEmpty && pair.role(.lb2) == .backup, "\(pair.story)")
        pair.setStandby(false, of: .lb2, at: .lb2)
        pair.run(for: .seconds(1))
        #expect(pair.holders() == [.lb2], "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `standby outlives both daemons, and is not taken out of it by a boot alone`() {
        var pair = settledPair()
        pair.setStandby(of: .lb2, at: .lb2)
        pair.run(for: .seconds(1))
        for seat in Seat.allCases { pair.crash(seat) }
        pair.run(for: .seconds(5))
        pair.start(.lb2)
        pair.run(for: .seconds(5))
        #expect(pair.holders().isEmpty, "\(pair.story)")
        pair.start(.lb1)
        pair.run(for: .seconds(3))
        #expect(pair.holders() == [.lb1] && pair.isStandby(.lb2, seenFrom: .lb1) == true, "\(pair.story)")
        expectPeace(pair)
    }

    @Test(arguments: Seat.allCases)
    func `what one director's disk lost the other one tells`(loser: Seat) {
        var pair = settledPair()
        pair.setStandby(of: .lb1, at: .lb2)
        pair.pause(seconds: 600, at: .lb1)
        pair.run(for: .seconds(3))
        pair.crash(loser)
        pair.loseDisk(of: loser)
        pair.run(for: .seconds(3))
        pair.start(loser)
        pair.run(for: .seconds(3))
        #expect(pair.isStandby(.lb1, seenFrom: loser) == true && pair.isPaused(loser) == true, "\(pair.story)")
    }

    @Test func `a wish about a director that is away waits for it`() {
        var pair = settledPair()
        pair.crash(.lb2)
        pair.run(for: .seconds(3))
        pair.setStandby(of: .lb2, at: .lb1)
        pair.run(for: .seconds(1))
        pair.start(.lb2)
        pair.run(for: .seconds(3))
        #expect(pair.isStandby(.lb2, seenFrom: .lb2) == true)
        pair.crash(.lb1)
        pair.run(for: .seconds(5))
        #expect(!pair.holders().contains(.lb2), "\(pair.story)")
    }

    @Test func `a restart of a director in standby that nobody can relieve leaves its group where it is`() {
        var pair = settledPair()
        pair.crash(.lb2)
        pair.run(for: .seconds(3))
        pair.setStandby(of: .lb1, at: .lb1)
        pair.run(for: .seconds(1))
        pair.restart(.lb1)
        pair.run(for: .milliseconds(400))
        pair.start(.lb1)
        pair.run(for: .seconds(8))
        #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        #expect(pair.isStandby(.lb1, seenFrom: .lb1) == true)
        expectPeace(pair)
    }

    @Test func `both directors in standby: the holder keeps the group, also when the other one dies`() {
        var pair = settledPair()
        for seat in Seat.allCases { pair.setStandby(of: seat, at: seat) }
        pair.run(for: .seconds(4))
        #expect(pair.isStandby(.lb1, seenFrom: .lb2) == true && pair.isStandby(.lb2, seenFrom: .lb1) == true)
        let holders = pair.holders()
        #expect(holders.count == 1 && pair.oracle.vacancy == [.zero], "\(pair.story)")
        pair.crash(holders[0].other)
        pair.run(for: .seconds(8))
        #expect(pair.holders() == holders && pair.oracle.vacancy == [.zero], "\(pair.story)")
    }

    @Test func `a handover to a director in standby does not happen`() {
        var pair = settledPair()
        pair.setStandby(of: .lb2, at: .lb2)
        pair.run(for: .seconds(1))
        for seat in Seat.allCases { pair.handOver(at: seat) }
        pair.run(for: .seconds(5))
        #expect(pair.holders() == [.lb1] && pair.oracle.roleChanges == 0, "\(pair.story)")
        expectPeace(pair)
    }

    @Test func `a handover that is not taken up is tried again at leisure`() {
        var pair = settledPair()
        pair.setFortune(.lb2) { $0.claimFailure = 1 }
        pair.setStandby(of: .lb1, at: .lb1)
        pair.run(for: .seconds(12))
        #expect(pair.holders() == [.lb1] && pair.oracle.vacancy == [.zero], "\(pair.story)")
        #expect(pair.oracle.roleChanges < 16, "\(pair.story)")
        pair.setFortune(.lb2) { $0.claimFailure = 0 }
        pair.run(for: .seconds(30))
        #expect(pair.holders() == [.lb2] && pair.oracle.vacancy == [.zero], "\(pair.story)")
    }

    @Test func `the term outlives the daemons`() {
        var pair = settledPair()
        pair.handOver(at: .lb1)
        pair.run(for: .seconds(3))
        for seat in Seat.allCases { pair.crash(seat) }
        pair.run(for: .seconds(5))
        pair.start(.lb1)
        pair.run(for: .seconds(3))
        #expect(pair.term(.lb1) == 3, "\(pair.story)")
    }
}
