import Addresses
import Election
import Heartbeat
import Simulation
import Testing

struct LeaseTests {
    @Test func `whoever takes over from a silent peer announces again just after that peer's leases ended`() throws {
        var pair = settledPair()
        pair.run(for: .seconds(3))
        pair.crash(.lb1)
        pair.run(for: .milliseconds(400))
        #expect(pair.role(.lb2) == .active, "\(pair.story)")
        let group = try #require(pair[.lb2].machine?.groups[0])
        #expect(group.announceAgainAt != .never && group.announceAgainAt - group.since <= .seconds(2))
        pair.run(for: .milliseconds(1650))
        #expect(pair.holders() == [.lb2], "the lease of lb1 has ended: \(pair.story)")
        #expect(pair[.lb2].machine?.groups[0].announceAgainAt == .never)
        expectPeace(pair)
    }

    @Test func `a handover announces once, for the giver's address answers no more`() {
        var pair = settledPair()
        pair.run(for: .seconds(3))
        pair.handOver(at: .lb1)
        pair.run(for: .seconds(1))
        #expect(pair.holders() == [.lb2])
        pair.run(for: .seconds(4))
        #expect(pair[.lb2].machine?.groups[0].announceAgainAt == .never)
        expectPeace(pair)
    }
}
