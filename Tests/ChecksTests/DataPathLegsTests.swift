import Addresses
import Agreement
import Dialogues
import Settings
import Testing

@testable import Checks

/// Which sequence numbers questions have, and which answers are somebody's.
struct DataPathLegsTests {
    private static let tag: UInt32 = 0xABC0_0000
    private static let mask: UInt32 = 0x000F_FFFF
    private let place: DataPathLeg.Place
    private let way: DataPathWay
    private var legs = DataPathLegs(tag: tag, mask: mask)

    init() throws {
        place = DataPathLeg.Place(
            server: try #require(IPAddress("192.0.2.21")), tunnel: nil,
            target: try #require(Endpoint("192.0.2.10:80")))
        way = .direct(from: try #require(IPAddress("192.0.2.2")), interface: 2, to: MACAddress(number: 1))
    }

    private mutating func ask(at seconds: UInt64 = 1) throws -> DataPathLeg {
        let leg = legs.begin(place, way, port: 40000, Instant(nanoseconds: seconds * 1_000_000_000))
        return try #require(leg)
    }

    /// SYN and ACK of the server.
    private func answer(to sequence: UInt32) -> DataPathAnswer {
        .segment(
            DataPathAnswer.Segment(
                source: place.target, target: Endpoint(address: .v4(IPv4Address(number: 0xC000_0202)), port: 40000),
                flags: 0x12, acknowledgement: sequence &+ 1))
    }

    private mutating func expectKnown(_ sequences: [UInt32: Bool], at place: SourceLocation = #_sourceLocation) {
        for (sequence, isKnown) in sequences {
            let leg = legs.takeTurn(answer(to: sequence))
            #expect((leg != nil) == isKnown, "\(sequence)", sourceLocation: place)
        }
    }

    @Test mutating func `a question without an answer is put again as it was, one with an answer is another`()
        throws
    {
        let first = try ask().dialogue
        #expect(first.sequence & ~Self.mask == Self.tag && (first.sequence + 1) & ~Self.mask == Self.tag)
        let again = try ask(at: 2).dialogue
        #expect(again == first)
        legs.join(7, place)
        let waiting = legs.end(place)
        #expect(waiting == [7])
        let second = try ask(at: 3).dialogue
        #expect(second.sequence != first.sequence && second.previous == first.sequence)
        let third = try ask(at: 4).dialogue
        #expect(third == second)
    }

    @Test mutating func `another link-layer address is another way for the same question`() throws {
        let first = try ask()
        let moved = DataPathWay.direct(
            from: .v4(IPv4Address(number: 0xC000_0202)), interface: 3, to: MACAddress(number: 2))
        let second = legs.begin(place, moved, port: 40000, Instant(nanoseconds: 2))
        #expect(second?.dialogue == first.dialogue && second?.way == moved)
    }

    @Test mutating func `answers to the newest question and the one before are known, others are not`() throws {
        let first = try ask().dialogue.sequence
        expectKnown([first: true, first ^ 1: false])
        _ = legs.end(place)
        let second = try ask(at: 2).dialogue.sequence
        expectKnown([first: true, second: true])
        _ = legs.end(place)
        let third = try ask(at: 3).dialogue.sequence
        expectKnown([first: false, second: true, third: true])
    }

    @Test mutating func `a server that does not stop talking is no longer heard until the next question`() throws {
        let sequence = try ask().dialogue.sequence
        var heard = 0
        for _ in 0..<100 where legs.takeTurn(answer(to: sequence)) != nil { heard += 1 }
        #expect(heard == 16)
        _ = try ask(at: 2)
        expectKnown([sequence: true])
    }

    @Test mutating func `what nobody asks any more is forgotten`() throws {
        let sequence = try ask().dialogue.sequence
        legs.join(7, place)
        legs.forgetIdle(Instant(nanoseconds: 200_000_000_000))
        expectKnown([sequence: true])
        legs.leave(7, place)
        legs.forgetIdle(Instant(nanoseconds: 300_000_000_000))
        expectKnown([sequence: false])
    }

    @Test mutating func `there is no question without a way`() {
        let leg = legs.begin(place, .none(.unresolved), port: 40000, Instant(nanoseconds: 1))
        #expect(leg?.place == nil)
    }
}
