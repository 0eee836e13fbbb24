import Heartbeat
import Sealing
import Testing

/// How two directors come to a session, whatever is lost or comes again on the way.
struct HandshakeTests {
    @Test(arguments: [true, false]) func `either director may say hello`(leftCalls: Bool) throws {
        var (left, right) = End.pair()
        if leftCalls { swap(&left, &right) }
        let (outcome, welcome) = try right.answer(left.hello())
        #expect(outcome == .welcome(length: Hello.length) && !right.peering.isReady)
        #expect(try left.answer(welcome).outcome == .ready)
        #expect(left.peering.isReady && right.data().isEmpty)
        let first = try right.open(left.data())
        #expect(first.isFirst && right.peering.isReady)
        #expect(try left.open(right.data()).isFirst)
        #expect(try right.open(left.data()).isFirst == false)
    }

    @Test func `both may say hello at once`() throws {
        var (left, right) = End.pair()
        let hellos = (left.hello(), right.hello())
        let toLeft = try right.answer(hellos.0).welcome
        let toRight = try left.answer(hellos.1).welcome
        #expect(try left.answer(toLeft).outcome == .ready)
        #expect(try right.answer(toRight).outcome == .ready)
        for _ in 0..<10 { try left.exchange(with: &right) }
        #expect(left.peering.inboundSessions.count == 2 && right.peering.inboundSessions.count == 2)
    }

    @Test func `a lost hello is repeated`() throws {
        var (left, right) = End.pair()
        _ = left.hello()
        try left.call(&right)
        try left.exchange(with: &right)
    }

    @Test func `after a lost welcome a repeated hello finds its session`() throws {
        var (left, right) = End.pair()
        let lost = try right.answer(left.hello()).welcome
        let welcome = try right.answer(left.hello()).welcome
        #expect(right.peering.inboundSessions.count == 1 && lost != welcome)
        #expect(try left.answer(welcome).outcome == .ready)
        try left.exchange(with: &right)
    }

    @Test func `the same welcome by the other path changes nothing`() throws {
        var (left, right) = End.pair()
        let welcome = try right.answer(left.hello(path: 0)).welcome
        let other = try right.answer(left.hello(path: 1), path: 1).welcome
        #expect(try left.answer(welcome).outcome == .ready)
        #expect(try left.answer(other, path: 1).outcome == .repeated)
        #expect(try left.answer(welcome, path: 1).outcome == .repeated)
        #expect(left.peering.inboundSessions.count == 1)
        try left.exchange(with: &right)
    }

    @Test func `a welcome after the session has spoken is a repeat still`() throws {
        var (left, right) = End.pair()
        let late = try right.answer(left.hello()).welcome
        try left.call(&right)
        try left.exchange(with: &right)
        #expect(try left.answer(late).outcome == .repeated)
        try left.exchange(with: &right)
    }

    @Test func `the caller's hello is over once another session has proved itself`() throws {
        var (left, right) = End.pair()
        let welcome = try right.answer(left.hello()).welcome
        try right.call(&left)
        try right.exchange(with: &left)
        #expect(throws: Refusal.unasked) { try left.answer(welcome) }
        try left.exchange(with: &right)
    }

    @Test func `both keys are accepted, and the last is called with`() throws {
        let keys = [End.key(1), End.key(2)]
        var left = End("left", peer: "right", keys: keys)
        var right = End("right", peer: "left", keys: [End.key(1)])
        #expect(throws: Refusal.unknownKey) { try right.answer(left.hello()) }
        try right.call(&left)
        try right.exchange(with: &left)
        #expect(left.peering.keyID == 1)
        right = End("right", peer: "left", boot: 2, keys: keys)
        try left.call(&right)
        try left.exchange(with: &right)
        #expect(left.peering.keyID == 2 && right.peering.keyID == 2)
    }

    @Test func `a link-layer address is told once, and by data of its own path alone`() throws {
        var (left, right) = End.pair()
        let (mac0, mac1): (UInt64, UInt64) = (0x0200_0000_0001, 0x0200_0000_0002)
        let welcome = try right.answer(left.hello(path: 0, mac: mac0), path: 0, mac: mac1).welcome
        try right.answer(left.hello(path: 1, mac: mac1), path: 1)
        // A hello of path 2 that comes on path 3 says nothing about either.
        try right.answer(left.hello(path: 2, mac: 0xBAD), path: 3)
        try left.answer(welcome)
        #expect(try right.open(left.data(path: 1), path: 1).mac == mac1)
        #expect(try right.open(left.data(path: 1), path: 1).mac == 0)
        #expect(try right.open(left.data(path: 0), path: 0).mac == mac0)
        for path in [2, 3] { #expect(try right.open(left.data(path: path), path: path).mac == 0) }
        #expect(try left.open(right.data(path: 0), path: 0).mac == mac1)
    }
}
