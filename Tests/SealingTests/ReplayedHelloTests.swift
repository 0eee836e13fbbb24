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
        #expect(right.peering.inboundSessions.count == 4)
    }

    @Test func `a handshake gets through among 1,000 recorded hellos`() throws {
        var recorded = (100..<1100).map { (boot: Int) -> Datagram in
            var earlier = End("left", peer: "right", boot: UInt64(boot))
            return earlier.hello()
        }
        var (left, right) = try End.talkingPair()
        left = End("left", peer: "right", boot: 2)
        var rounds = 0
        while !left.peering.isReady || !right.peering.isReady {
            rounds += 1
            try #require(rounds < 10)
            let welcome = try right.answer(left.hello()).welcome
            // One comes between the hello and the first data, where two slots are free; the rest between the rounds.
            if let datagram = recorded.last { try right.answer(datagram) }
            try left.answer(welcome)
            try right.open(left.data())
            for datagram in recorded.suffix(200) { try right.answer(datagram) }
            recorded.removeLast(min(recorded.count, 200))
            try left.open(right.data())
        }
        #expect(right.peering.peerBoot == BootID(high: fingerprint("left"), low: 2))
        for _ in 0..<10 { try left.exchange(with: &right) }
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
