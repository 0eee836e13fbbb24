import Heartbeat
import Sealing
import Testing

/// Who is not the other director of this pair gets nowhere.
struct StrangerTests {
    private static let otherSecret = SharedKey(id: 1, secret: [UInt8](repeating: 9, count: 32))

    @Test(arguments: [
        (End("left", peer: "right", keys: [End.key(7)]), Refusal.unknownKey),
        (End("left", peer: "right", keys: [otherSecret]), .badSeal),
        (End("left", peer: "right", pair: "production"), .wrongPair),
        (End("third", peer: "right"), .wrongDirector),
        (End("left", peer: "third"), .wrongDirector),
        (End("right", peer: "left"), .wrongDirector),
    ])
    func `a stranger's hello is refused`(stranger: End, refusal: Refusal) throws {
        var stranger = stranger
        var (left, right) = try End.talkingPair()
        let sessions = right.peering.inboundSessions
        #expect(throws: refusal) { try right.answer(stranger.hello()) }
        #expect(right.peering.inboundSessions == sessions)
        try left.exchange(with: &right)
    }

    @Test func `own datagrams that come back are refused at the door and behind it`() throws {
        var (left, right) = End.pair()
        let hello = left.hello()
        #expect(throws: Refusal.wrongDirector) { try left.answer(hello) }
        let welcome = try right.answer(hello).welcome
        #expect(throws: Refusal.wrongDirector) { try right.answer(welcome) }
        try left.answer(welcome)
        let data = left.data()
        #expect(throws: Refusal.unknownSession) { try left.open(data) }
        #expect(throws: Refusal.unknownSession) { try left.answer(data) }
        #expect(throws: Refusal.unknownSession) { try left.open(hello) }
        // Written to the number under which it would be known here, it is still sealed for the other direction.
        var redirected = data
        withUnsafeBytes(of: left.peering.inboundSessions[0].bigEndian) {
            redirected.replaceSubrange(4..<12, with: $0)
        }
        #expect(throws: Refusal.badSeal) { try left.open(redirected) }
        try left.exchange(with: &right)
    }

    @Test func `no path may be beyond the eighth, and no counter zero`() throws {
        var (left, right) = try End.talkingPair()
        for path in [8, 9, 255] {
            let datagram = left.data(path: path)
            #expect(throws: Refusal.malformed) { try right.open(datagram) }
        }
        for path in 0..<8 { try right.open(left.data(path: path)) }
        var zero = left.data()
        zero.replaceSubrange(12..<20, with: [UInt8](repeating: 0, count: 8))
        #expect(throws: Refusal.malformed) { try right.open(zero) }
    }

    @Test func `a hello opens only as it was sealed`() throws {
        var (left, right) = End.pair()
        let hello = left.hello()
        for index in hello.indices {
            var altered = hello
            altered[index] ^= 0x20
            #expect(throws: Refusal.self, "byte \(index)") { try right.answer(altered) }
        }
        for count in 0..<hello.count {
            #expect(throws: Refusal.self) { try right.answer(Array(hello[..<count])) }
        }
        #expect(right.peering.inboundSessions.isEmpty)
        try right.answer(hello)
    }
}
