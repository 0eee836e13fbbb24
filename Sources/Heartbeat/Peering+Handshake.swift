extension Peering {
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
        ).seal(with: sendingKey, using: sealer, into: &buffer, random: &random)
    }

    /// Takes a datagram that arrived at the door and, for a hello, replaces it by the welcome to send back.
    package mutating func receiveAtDoor(
        _ buffer: inout [UInt8], count: Int, mac: UInt64, path: Int, random: inout some RandomNumberGenerator
    ) throws(Refusal) -> Answer {
        guard try Frame.session(of: buffer, count: count) == 0 else { throw .unknownSession }
        let (hello, key) = try Hello.open(&buffer, count: count, keys: keys, using: sealer)
        return try receive(hello, under: key, mac: mac, path: path, into: &buffer, random: &random)
    }

    /// The same for a hello or a welcome that was opened already.
    mutating func receive(
        _ hello: Hello, under key: SharedKey, mac: UInt64, path: Int, into buffer: inout [UInt8],
        random: inout some RandomNumberGenerator
    ) throws(Refusal) -> Answer {
        guard hello.pair == identity.pair else { throw .wrongPair }
        guard hello.sender == identity.peer, hello.receiver == identity.local else { throw .wrongDirector }
        greetedWith = hello.boot == peerBoot ? key.id : nil
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
        sessions.firstIndex { $0.nonce == hello.nonce && $0.keyID == key.id && !$0.answer.isEmpty }
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
        self.hello = nil
        begin(on: sessions[index])
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

    /// The peer has answered. A session with the life that is in use takes over once it delivered data, and not before:
    /// the peer may have lost it. One with a new life takes over at once, for the old one is dead.
    private mutating func begin(on session: Session<S>) {
        guard let old = index(of: current), sessions[old].hasDelivered, sessions[old].peerBoot == session.peerBoot
        else {
            use(session)
            return
        }
        successor = session.order
        successorDatagrams = 0
    }

    private var oldestPending: Int? {
        let pending = sessions.indices.filter { !sessions[$0].isProven }
        return pending.count < Self.pendingSlots ? nil : pending.min { sessions[$0].order < sessions[$1].order }
    }

    var oldestReplaced: Int? {
        let proven = sessions.indices.filter { sessions[$0].isProven }
        guard proven.count >= Self.provenSlots else { return nil }
        return proven.filter { sessions[$0].order != current && sessions[$0].order != successor }
            .min { sessions[$0].order < sessions[$1].order }
    }

    private func freshNumber(_ random: inout some RandomNumberGenerator) -> UInt64 {
        while true {
            let number: UInt64 = numbering.fixed | random.next() & numbering.free
            if number != 0, !sessions.contains(where: { $0.inbound == number }) { return number }
        }
    }
}
