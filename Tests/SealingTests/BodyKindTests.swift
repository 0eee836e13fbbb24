import Election
import Heartbeat
import Sealing
import Testing

/// What else than heartbeats stands behind the seal.
struct BodyKindTests {
    @Test(arguments: [[1, 1] + [UInt8](repeating: 0, count: 30), [2, 9], [0, 255, 7]] as [[UInt8]])
    func `a body of any kind counts as life and changes nothing else`(body: [UInt8]) throws {
        var talk = try Talk()
        let before = talk.group
        for _ in 0..<10 {
            // A takeover time is 500 ms.
            talk.pass(.milliseconds(300))
            let segment = talk.send(talk.sealed(body))
            #expect(segment == (body[1] == 1 ? body : nil))
        }
        #expect(talk.right.peerState == .heard && talk.right.refusals.total == 0)
        #expect(talk.group.role == before.role && talk.group.term == before.term && talk.group.peer == before.peer)
        talk.pass(.milliseconds(600))
        #expect(talk.right.peerState == .lost)
    }

    @Test func `a segment goes out as it is, and none that is too long`() throws {
        var talk = try Talk()
        let body = [1, 1, 0, 32] + [UInt8](repeating: 7, count: 100)
        #expect(try talk.segment(body) == body)
        let longest = [UInt8](repeating: 7, count: Segment.maximumLength)
        #expect(try talk.segment(longest) == longest)
        #expect(try talk.segment(longest + [7]) == nil)
        talk.pass(.milliseconds(600))
        #expect(try talk.segment(body) == nil)
    }
}
