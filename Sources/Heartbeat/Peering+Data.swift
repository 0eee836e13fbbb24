extension Peering {
    /// Seals the body that stands at `Frame.headerLength` for the session in use; nil where there is none.
    package mutating func seal(_ buffer: inout [UInt8], bodyLength: Int, path: Int) -> Int? {
        guard let index = index(of: current) else { return nil }
        return sessions[index].seal(&buffer, bodyLength: bodyLength, path: path)
    }

    /// The same for the session that is about to replace it; nil where there is none.
    package mutating func sealForSuccessor(_ buffer: inout [UInt8], bodyLength: Int, path: Int) -> Int? {
        guard let index = index(of: successor) else { return nil }
        successorDatagrams += 1
        if successorDatagrams == RenewalLimits.successorDatagrams { successor = nil }
        return sessions[index].seal(&buffer, bodyLength: bodyLength, path: path)
    }

    /// A genuine datagram.
    package struct Opened: Hashable, Sendable {
        /// Where its body stands in the buffer.
        package var body: Range<Int>
        /// The first of its session: the peer may have restarted.
        package var isFirst: Bool
        /// The key that the session came from.
        package var keyID: UInt32
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
        if !sessions[index].isProven {
            index = prove(index)
        } else if isFirst {
            use(sessions[index])
        }
        let sequence = Frame.sequence(of: buffer)
        let path = Int(sequence >> Frame.pathShift)
        let mac = path == arrival ? sessions[index].macs[path] : 0
        if path == arrival { sessions[index].macs[path] = 0 }
        let opened = Opened(
            body: body, isFirst: isFirst, keyID: sessions[index].keyID, boot: sessions[index].peerBoot,
            order: sessions[index].order, mac: mac)
        if isFirst { dropRetired() }
        return opened
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
            index = oldest > index ? oldest - 1 : oldest
        }
        sessions[index].isProven = true
        // A late welcome must not take sending away from a session that both are known to hold.
        hello = nil
        use(sessions[index])
        return index
    }

    /// A session that has just delivered its first data is the one to send on, unless a newer one is in use.
    mutating func use(_ session: Session<S>) {
        if successor == session.order { successor = nil }
        if let current, current > session.order { return }
        current = session.order
        // One that was agreed on before this one replaces nothing any more.
        if let successor, successor < session.order { self.successor = nil }
        if session.keyID == sendingKey.id { isRenewalAsked = false }
    }
}
