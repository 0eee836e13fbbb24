import Heartbeat
import Sealing
import Testing

/// A session gives way to a new one while both directors live, and no datagram is lost for it.
struct RenewalTests {
    @Test func `a renewal is sent on beside the session in use until it has delivered`() throws {
        var (left, right) = try End.talkingPair()
        let old = try #require(left.peering.keyID)
        try left.call(&right)
        #expect(left.peering.hasSuccessor && left.peering.keyID == old)
        // Whatever of both is lost, the other arrives.
        try right.open(left.data())
        let proof = left.proof()
        #expect(try right.open(proof).isFirst)
        try left.open(right.data())
        #expect(!left.peering.hasSuccessor && left.proof().isEmpty)
        for _ in 0..<10 { try left.exchange(with: &right) }
    }

    @Test func `what the old session had under way arrives after the renewal`() throws {
        var (left, right) = try End.talkingPair()
        let late = (left.data(), right.data())
        try left.call(&right)
        try right.open(left.proof())
        try left.open(right.data())
        try right.open(late.0)
        try left.open(late.1)
        try left.exchange(with: &right)
    }

    @Test func `a peer that has lost the new session is still heard and still hears`() throws {
        var (left, right) = try End.talkingPair()
        let before = right
        try left.call(&right)
        right = before
        for _ in 0..<100 {
            try left.exchange(with: &right)
            _ = left.proof()
        }
        #expect(!left.peering.hasSuccessor)
        try left.call(&right)
        try right.open(left.proof())
        try left.open(right.data())
        try left.exchange(with: &right)
    }

    @Test func `both may renew at once`() throws {
        var (left, right) = try End.talkingPair()
        let hellos = (left.hello(), right.hello())
        let (toLeft, toRight) = (try right.answer(hellos.0).welcome, try left.answer(hellos.1).welcome)
        try left.answer(toLeft)
        try right.answer(toRight)
        for _ in 0..<3 {
            let (ours, theirs) = ([left.data(), left.proof()], [right.data(), right.proof()])
            for datagram in ours where !datagram.isEmpty { try right.open(datagram) }
            for datagram in theirs where !datagram.isEmpty { try left.open(datagram) }
        }
        #expect(!left.peering.hasSuccessor && !right.peering.hasSuccessor)
        for _ in 0..<10 { try left.exchange(with: &right) }
    }

    @Test func `of two renewals the older is not sent on once the newer has delivered`() throws {
        var (left, right) = try End.talkingPair()
        let keys = [End.key(1), End.key(2)]
        left.peering.setKeys(keys, sending: 1)
        right.peering.setKeys(keys, sending: 2)
        try left.call(&right)
        #expect(left.peering.hasSuccessor)
        // The right's own comes later, under the other key, and delivers first.
        try right.call(&left)
        try left.open(right.proof())
        #expect(!left.peering.hasSuccessor && left.peering.keyID == 2)
        try right.open(left.data())
        for _ in 0..<10 { try left.exchange(with: &right) }
        #expect(left.peering.keyID == 2 && right.peering.keyID == 2)
    }

    @Test func `another sending key gives up a renewal under the old one`() throws {
        var (left, right) = try End.talkingPair()
        let keys = [End.key(1), End.key(2)]
        right.peering.setKeys(keys, sending: 1)
        try left.call(&right)
        left.peering.setKeys(keys, sending: 2)
        #expect(!left.peering.hasSuccessor && left.peering.isRenewalDue(after: .max))
        try left.call(&right)
        try right.open(left.proof())
        try left.open(right.data())
        #expect(left.peering.keyID == 2 && right.peering.keyID == 2)
    }

    @Test func `a hundred renewals leave four sessions at most`() throws {
        var (left, right) = try End.talkingPair()
        for round in 0..<100 {
            if round % 3 == 0 { swap(&left, &right) }
            try left.call(&right)
            try right.open(left.proof())
            try left.exchange(with: &right)
            #expect(left.peering.inboundSessions.count <= 4 && right.peering.inboundSessions.count <= 4)
        }
    }

    @Test func `so many datagrams make a renewal due`() throws {
        var (left, right) = try End.talkingPair()
        #expect(!left.peering.isRenewalDue(after: 10))
        for _ in 0..<10 { try left.exchange(with: &right) }
        #expect(left.peering.isRenewalDue(after: 10))
    }

    @Test func `another sending key makes a renewal due, and the session changes over`() throws {
        var (left, right) = try End.talkingPair()
        let keys = [End.key(1), End.key(2)]
        for sending: UInt32 in [1, 2] {
            left.peering.setKeys(keys, sending: sending)
            right.peering.setKeys(keys, sending: sending)
            #expect(left.peering.isRenewalDue(after: .max) == (sending == 2))
        }
        try left.call(&right)
        try right.open(left.proof())
        try left.open(right.data())
        #expect(left.peering.keyID == 2 && right.peering.keyID == 2)
        #expect(!left.peering.isRenewalDue(after: .max) && !right.peering.isRenewalDue(after: .max))
    }

    @Test func `directors that send with different keys do not take turns for ever`() throws {
        var (left, right) = try End.talkingPair()
        let keys = [End.key(1), End.key(2)]
        left.peering.setKeys(keys, sending: 2)
        right.peering.setKeys(keys, sending: 1)
        try left.call(&right)
        try right.open(left.proof())
        try left.open(right.data())
        #expect(!left.peering.isRenewalDue(after: .max) && !right.peering.isRenewalDue(after: .max))
    }

    @Test func `the session of a key that is gone stays until a new one delivered data, and not longer`() throws {
        var (left, right) = End.pair()
        let keys = [End.key(1), End.key(2)]
        left.peering.setKeys(keys, sending: 1)
        right.peering.setKeys(keys, sending: 1)
        try left.call(&right)
        try left.exchange(with: &right)
        left.peering.setKeys([End.key(2)], sending: 2)
        try left.exchange(with: &right)
        #expect(left.peering.isRenewalDue(after: .max))
        let old = right.data()
        try left.call(&right)
        try right.open(left.proof())
        try left.open(right.data())
        #expect(throws: Refusal.unknownSession) { try left.open(old) }
        #expect(left.peering.inboundSessions.count == 1)
    }

    @Test func `a hello that was begun under the old key is answered under neither`() throws {
        var (left, right) = try End.talkingPair()
        let keys = [End.key(1), End.key(2)]
        right.peering.setKeys(keys, sending: 1)
        let welcome = try right.answer(left.hello()).welcome
        left.peering.setKeys(keys, sending: 2)
        #expect(throws: Refusal.unasked) { try left.answer(welcome) }
        try left.call(&right)
        try right.open(left.proof())
        try left.exchange(with: &right)
    }
}
