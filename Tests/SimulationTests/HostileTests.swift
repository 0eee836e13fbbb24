import Addresses
import Election
import Heartbeat
import Simulation
import Testing

/// What anybody can put into a director's sockets changes no role, and is counted by its reason.
struct HostileTests {
    @Test func `own datagrams that come back are refused`() {
        var pair = recordedPair()
        for (from, datagram) in pair.recorded { pair.inject(datagram, to: from) }
        pair.run(for: .seconds(2))
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        #expect(count(.wrongDirector, pair) + count(.overBudget, pair) > 0)
        #expect(count(.unknownSession, pair) > 0)
    }

    @Test func `datagrams that come again are refused as replayed`() {
        var pair = recordedPair()
        for (from, datagram) in pair.recorded where !datagram.isForDoor { pair.inject(datagram, to: from.other) }
        pair.run(for: .seconds(2))
        #expect(pair.oracle.roleChanges == 0 && count(.replayed, pair) > 0, "\(pair.story)")
    }

    @Test func `altered, cut and oversized datagrams are refused`() {
        var pair = recordedPair()
        var random = SplitMix64(seed: 9)
        for (from, datagram) in pair.recorded {
            var altered = datagram
            altered.bytes[Int.random(in: 12..<altered.bytes.count, using: &random)] ^= 0x40
            var short = datagram
            short.bytes.removeLast(Int.random(in: 1...short.bytes.count, using: &random))
            var long = datagram
            long.bytes += [UInt8](repeating: 0, count: 1300)
            for hostile in [altered, short, long] { pair.inject(hostile, to: from.other) }
            pair.run(for: .milliseconds(5))
        }
        #expect(pair.oracle.roleChanges == 0, "\(pair.story)")
        for refusal in [Refusal.badSeal, .tooShort, .tooLong] { #expect(count(refusal, pair) > 0, "\(refusal)") }
        expectPeace(pair)
    }

    private func recordedPair() -> SimulatedPair {
        var pair = SimulatedPair(.init())
        pair.isRecording = true
        pair.startBoth()
        pair.run(for: .seconds(3))
        pair.isRecording = false
        pair.startWatch()
        return pair
    }

    private func count(_ refusal: Refusal, _ pair: SimulatedPair) -> UInt64 {
        Seat.allCases.reduce(0) { $0 + (pair[$1].machine?.refusals[refusal] ?? 0) }
    }
}
