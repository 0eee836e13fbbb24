import Heartbeat
import Sealing
import Testing

/// What is recorded and comes again takes nothing away from the pair.
struct ReplayedHelloTests {
    @Test(arguments: [1, 4, 1000]) func `replayed hellos evict no living session`(count: Int) throws {
        var (left, right) = End.pair()
        let old = left.hello()
        try left.call(&right)
        try left.exchange(with: &right)
        left = End("left", peer: "right", boot: 2)
        try left.call(&right)
        try left.exchange(with: &right)
        for _ in 0..<count {
            _ = try? right.answer(old)
            try left.exchange(with: &right)
        }
        #expect(right.peering.peerBoot == BootID(high: fingerprint("left"), low: 2))
    }

    @Test func `1,000 recorded hellos of 1,000 lives evict no living session`() throws {
        var (left, right) = try End.talkingPair()
        for boot in 2...1001 {
            var earlier = End("left", peer: "right", boot: UInt64(boot))
            try right.answer(earlier.hello())
        }
        try left.exchange(with: &right)
        #expect(right.peering.inboundSessions.count == 1 + Peering<OpenSSLSealer>.pendingSlots)
    }

    /// As many come between any two datagrams of a handshake as two intervals let through the door.
    @Test(arguments: [1, 2, 31, 63]) func `a handshake gets through among 1,000 recorded hellos`(
        between count: Int
    ) throws {
        var recorded = (10_000..<11_000).map { (boot: Int) -> Datagram in
            var earlier = End("left", peer: "right", boot: UInt64(boot))
            return earlier.hello()
        }
        func comeAgain(at end: inout End) throws {
            for datagram in recorded.suffix(count) { try end.answer(datagram) }
            recorded.removeLast(min(recorded.count, count))
        }
        var (left, right) = try End.talkingPair()
        var boot: UInt64 = 2
        while !recorded.isEmpty {
            left = End("left", peer: "right", boot: boot)
            try comeAgain(at: &right)
            let welcome = try right.answer(left.hello()).welcome
            try comeAgain(at: &right)
            #expect(try left.answer(welcome).outcome == .ready)
            #expect(try right.open(left.data()).isFirst)
            try comeAgain(at: &right)
            #expect(try left.open(right.data()).isFirst)
            #expect(right.peering.peerBoot == BootID(high: fingerprint("left"), low: boot))
            for _ in 0..<10 { try left.exchange(with: &right) }
            boot += 1
        }
    }

    @Test func `a session gives way only to a newer one that delivered data`() throws {
        var (left, right) = try End.talkingPair()
        let before = left
        let old = left.data()
        try right.open(old)
        left = End("left", peer: "right", boot: 2)
        try left.call(&right)
        // The new one is agreed on, and yet the old one is what is sent on.
        var listening = before
        try listening.open(right.data())
        try right.open(left.data())
        #expect(throws: Refusal.unknownSession) { try listening.open(right.data()) }
        try left.open(right.data())
    }

    @Test func `data of the older session takes sending back from nobody`() throws {
        var (left, right) = try End.talkingPair()
        var before = left
        left = End("left", peer: "right", boot: 2)
        try left.call(&right)
        try left.exchange(with: &right)
        try right.open(before.data())
        try left.open(right.data())
        #expect(right.peering.peerBoot == BootID(high: fingerprint("left"), low: 2))
    }

    @Test func `the peer may restart as often as it likes`() throws {
        var (left, right) = End.pair()
        for boot in 1...20 {
            left = End("left", peer: "right", boot: UInt64(boot))
            try left.call(&right)
            let first = try right.open(left.data())
            #expect(first.isFirst && first.boot == BootID(high: fingerprint("left"), low: UInt64(boot)))
            try left.open(right.data())
            #expect(right.peering.inboundSessions.count <= 4)
        }
    }

    @Test func `data recorded before a restart is refused after it`() throws {
        var (left, right) = try End.talkingPair()
        let recorded = (0..<20).map { left.data(path: $0 % 2) }
        for datagram in recorded { try right.open(datagram) }
        for datagram in recorded { #expect(throws: Refusal.replayed) { try right.open(datagram) } }
        right = End("right", peer: "left", boot: 2)
        for datagram in recorded { #expect(throws: Refusal.unknownSession) { try right.open(datagram) } }
        try left.call(&right)
        try left.exchange(with: &right)
        for datagram in recorded { #expect(throws: Refusal.unknownSession) { try right.open(datagram) } }
    }
}
