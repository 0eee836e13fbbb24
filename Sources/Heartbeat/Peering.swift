/// The sessions with the peer: hellos, welcomes, and which keys to send with.
///
/// A pure machine over a sealer. A hello never counts as life and never ends a session: a session gives way only
/// to a newer one that has delivered data, so a recorded hello evicts nobody.
package struct Peering<S: Sealer>: Sendable {
    // Implementation constants

    /// Sessions kept at once of those that the peer has shown to hold: the one in use, and the ones before it, whose
    /// last datagrams may be under way.
    package static var provenSlots: Int { 4 }
    /// Hellos answered in one interval, at most: 8 paths' repeats and their answers fit in, a flood does not.
    package static var hellosPerInterval: Int { 32 }
    /// Sessions kept at once whose caller has not spoken yet. All hellos of two intervals fit in: whatever recordings
    /// come between a hello and its caller's first data, they do not take its room.
    package static var pendingSlots: Int { 2 * hellosPerInterval }

    package struct Identity: Hashable, Sendable {
        package var pair: UInt64
        package var local: UInt64
        package var peer: UInt64
        package var boot: BootID

        package init(pair: String, local: String, peer: String, boot: BootID) {
            self.pair = fingerprint("tandem pair " + pair)
            self.local = fingerprint("tandem director " + local)
            self.peer = fingerprint("tandem director " + peer)
            self.boot = boot
        }
    }

    /// What a datagram at the door led to.
    package enum Answer: Hashable, Sendable {
        /// A welcome stands in the buffer, so long; send it to the peer on every path.
        case welcome(length: Int)
        /// The peer answered our hello: the session is ready to send on.
        case ready
        /// The same answer, by another path.
        case repeated
    }

    private let identity: Identity
    private let sealer: S
    private let keys: [SharedKey]
    private var sessions: [Session<S>] = []
    private var current: Int?
    private var hello: (nonce: [UInt8], session: UInt64)?
    private var order: UInt64 = 0

    /// `keys` are all accepted; the last is used for sending.
    package init(identity: Identity, sealer: S, keys: [SharedKey]) {
        precondition(!keys.isEmpty, "a pair needs a key")
        self.identity = identity
        self.sealer = sealer
        self.keys = keys
    }

    /// Whether there is a session to send on.
    package var isReady: Bool { current != nil }

    /// The peer's life, as far as the session in use tells it.
    package var peerBoot: BootID? { current.map { sessions[$0].peerBoot } }

    package var keyID: UInt32? { current.map { sessions[$0].keyID } }

    /// Every session number under which a datagram may arrive: what the kernel's filter lets through.
    package var inboundSessions: [UInt64] { sessions.map(\.inbound) }

    /// Writes a hello and says how long it is. Repeats carry the same nonce until one is answered.
    package mutating func sayHello(
        mac: UInt64, path: Int, into buffer: inout [UInt8], random: inout some RandomNumberGenerator
    ) -> Int {
        let started = hello ?? (randomBytes(Hello.nonceLength, &random), freshNumber(&random))
        hello = started
        return Hello(
            kind: .hello, pair: identity.pair, sender: identity.local, receiver: identity.peer, boot: identity.boot,
            session: started.session, nonce: started.nonce, echo: [UInt8](repeating: 0, count: Hello.nonceLength),
            mac: mac, path: UInt8(path)
        ).seal(with: keys[keys.count - 1], using: sealer, into: &buffer, random: &random)
    }

    /// Takes a datagram that arrived at the door and, for a hello, replaces it by the welcome to send back.
    package mutating func receiveAtDoor(
        _ buffer: inout [UInt8], count: Int, mac: UInt64, path: Int, random: inout some RandomNumberGenerator
    ) throws(Refusal) -> Answer {
        guard try Frame.session(of: buffer, count: count) == 0 else { throw .unknownSession }
        let (hello, key) = try Hello.open(&buffer, count: count, keys: keys, using: sealer)
        guard hello.pair == identity.pair else { throw .wrongPair }
        guard hello.sender == identity.peer, hello.receiver == identity.local else { throw .wrongDirector }
        switch hello.kind {
        case .hello:
            let index = session(answering: hello, key: key, random: &random)
            note(hello, arrivedOn: path, at: index)
            return .welcome(
                length: welcome(hello, key: key, mac: mac, path: path, at: index, into: &buffer, random: &random))
        case .welcome:
            if let index = sessions.firstIndex(where: { $0.nonce == hello.echo && $0.answer.isEmpty }) {
                note(hello, arrivedOn: path, at: index)
                return .repeated
            }
            note(hello, arrivedOn: path, at: try begin(hello, key: key))
            return .ready
        }
    }

    /// A repeated hello finds the session that it began.
    private mutating func session(
        answering hello: Hello, key: SharedKey, random: inout some RandomNumberGenerator
    ) -> Int {
        sessions.firstIndex { $0.nonce == hello.nonce && !$0.answer.isEmpty }
            ?? answer(hello, key: key, random: &random)
    }

    /// A welcome goes out on all paths, so what it says about its own path counts only when it arrives there.
    private mutating func note(_ hello: Hello, arrivedOn path: Int, at index: Int) {
        if Int(hello.path) == path, path < Frame.maximumPaths { sessions[index].macs[path] = hello.mac }
    }

    private func welcome(
        _ hello: Hello, key: SharedKey, mac: UInt64, path: Int, at index: Int, into buffer: inout [UInt8],
        random: inout some RandomNumberGenerator
    ) -> Int {
        Hello(
            kind: .welcome, pair: identity.pair, sender: identity.local, receiver: identity.peer,
            boot: identity.boot, session: sessions[index].inbound, nonce: sessions[index].answer, echo: hello.nonce,
            mac: mac, path: UInt8(path)
        ).seal(with: key, using: sealer, into: &buffer, random: &random)
    }

    private mutating func answer(
        _ hello: Hello, key: SharedKey, random: inout some RandomNumberGenerator
    ) -> Int {
        order += 1
        let agreement = Session<S>.Agreement(
            secret: key.secret, pair: identity.pair, caller: (identity.peer, hello.boot, hello.nonce),
            callee: (identity.local, identity.boot, randomBytes(Hello.nonceLength, &random)))
        return keep(
            Session(
                agreement: agreement, isCaller: false, inbound: freshNumber(&random), outbound: hello.session,
                keyID: key.id, order: order, sealer: sealer))
    }

    private mutating func begin(_ welcome: Hello, key: SharedKey) throws(Refusal) -> Int {
        guard let hello, hello.nonce == welcome.echo else { throw .unasked }
        order += 1
        let agreement = Session<S>.Agreement(
            secret: key.secret, pair: identity.pair, caller: (identity.local, identity.boot, hello.nonce),
            callee: (identity.peer, welcome.boot, welcome.nonce))
        let index = keep(
            Session(
                agreement: agreement, isCaller: true, inbound: hello.session, outbound: welcome.session,
                keyID: key.id, order: order, sealer: sealer))
        current = index
        self.hello = nil
        return index
    }

    /// Stores a session. Where there is no room, the oldest of its kind gives way: of those that nobody proved, or of
    /// those that a newer one has replaced.
    private mutating func keep(_ session: Session<S>) -> Int {
        guard let victim = session.isProven ? oldestReplaced : oldestPending else {
            sessions.append(session)
            return sessions.count - 1
        }
        sessions[victim] = session
        return victim
    }

    private var oldestPending: Int? {
        let pending = sessions.indices.filter { !sessions[$0].isProven }
        return pending.count < Self.pendingSlots ? nil : pending.min { sessions[$0].order < sessions[$1].order }
    }

    private var oldestReplaced: Int? {
        let proven = sessions.indices.filter { sessions[$0].isProven }
        guard proven.count >= Self.provenSlots else { return nil }
        return proven.filter { $0 != current }.min { sessions[$0].order < sessions[$1].order }
    }

    private func freshNumber(_ random: inout some RandomNumberGenerator) -> UInt64 {
        while true {
            let number: UInt64 = random.next()
            if number != 0, !sessions.contains(where: { $0.inbound == number }) { return number }
        }
    }
}

extension Peering {
    /// Seals the body that stands at `Frame.headerLength` for the session in use; nil where there is none.
    package mutating func seal(_ buffer: inout [UInt8], bodyLength: Int, path: Int) -> Int? {
        guard let current else { return nil }
        return sessions[current].seal(&buffer, bodyLength: bodyLength, path: path)
    }

    /// A genuine datagram.
    package struct Opened: Hashable, Sendable {
        /// Where its body stands in the buffer.
        package var body: Range<Int>
        /// Counts the sender's datagrams of this session, over all paths.
        package var counter: UInt64
        /// The first of its session: counters start anew, and the peer may have restarted.
        package var isFirst: Bool
        /// The life of the peer that the session belongs to.
        package var boot: BootID
        /// Grows with each new session.
        package var order: UInt64
        /// The peer's link-layer address on the path, told once; 0 for nothing new.
        package var mac: UInt64
    }

    /// Opens a datagram of any living session in place, which arrived on a path.
    package mutating func open(_ buffer: inout [UInt8], count: Int, path arrival: Int) throws(Refusal) -> Opened {
        let number = try Frame.session(of: buffer, count: count)
        guard var index = session(inbound: number) else { throw .unknownSession }
        let body = try sessions[index].open(&buffer, count: count)
        let isFirst = !sessions[index].hasDelivered
        sessions[index].hasDelivered = true
        if !sessions[index].isProven { index = prove(index) }
        let sequence = Frame.sequence(of: buffer)
        let path = Int(sequence >> Frame.pathShift)
        let mac = path == arrival ? sessions[index].macs[path] : 0
        if path == arrival { sessions[index].macs[path] = 0 }
        return Opened(
            body: body, counter: sequence & Frame.counterMask, isFirst: isFirst, boot: sessions[index].peerBoot,
            order: sessions[index].order, mac: mac)
    }

    private func session(inbound number: UInt64) -> Int? {
        for index in sessions.indices where sessions[index].inbound == number { return index }
        return nil
    }

    /// The caller has spoken: the session now counts among the proven, where the oldest gives way to it.
    private mutating func prove(_ pending: Int) -> Int {
        var index = pending
        if let oldest = oldestReplaced {
            sessions.swapAt(oldest, index)
            sessions.remove(at: index)
            if let current, current > index { self.current = current - 1 }
            index = oldest > index ? oldest - 1 : oldest
        }
        sessions[index].isProven = true
        // A late welcome must not take sending away from a session that both are known to hold.
        hello = nil
        use(index)
        return index
    }

    /// A session that has just delivered its first data is the one to send on, unless a newer one is in use.
    private mutating func use(_ index: Int) {
        guard let current, sessions[current].order > sessions[index].order else {
            current = index
            return
        }
    }
}
