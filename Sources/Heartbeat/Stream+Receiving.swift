package import Addresses

extension Stream {
    /// Takes the body of a segment from a life of the peer. One of a life that is not the one met is skipped.
    ///
    /// - Throws: `malformed` for what no director says; it changes nothing.
    package mutating func receive(
        _ body: [UInt8], from boot: BootID, now: Instant, into events: inout [Event]
    ) throws(Refusal) {
        guard boot == peer else { return }
        let segment = try Segment(body)
        guard segment.acknowledged <= next else { throw .malformed }
        if segment.data != nil {
            try admit(segment)
            owesAnswer = true
        }
        learn(segment, now)
        try deliver(into: &events)
    }

    /// Stores a segment that is neither known nor beyond the window.
    private mutating func admit(_ segment: Segment) throws(Refusal) {
        guard segment.number >= expected else { return }
        guard segment.number - expected < UInt64(Self.window) else { throw .malformed }
        early[segment.number] = segment
    }

    /// A message that is too long stops the stream: no director sends one.
    private mutating func deliver(into events: inout [Event]) throws(Refusal) {
        while let segment = early.removeValue(forKey: expected) {
            let data = segment.data ?? []
            guard message.count + data.count <= Self.longestMessage else { throw .malformed }
            expected += 1
            message += data
            guard segment.isEnd else { continue }
            events.append(.message(message))
            message = []
        }
    }

    /// What the peer says has arrived.
    private mutating func learn(_ segment: Segment, _ now: Instant) {
        let oldest = first
        for index in flights.indices where !flights[index].hasArrived {
            let number = oldest + UInt64(index)
            let isBelow = number < segment.acknowledged
            guard isBelow || isMarked(number, segment) else { continue }
            flights[index].hasArrived = true
            newestArrival = max(newestArrival, flights[index].sentAt)
            if flights[index].attempts == 1 { measure(now - flights[index].sentAt) }
        }
        while let flight = flights.first, flight.hasArrived {
            held -= flight.data.count
            flights.removeFirst()
        }
    }

    private func isMarked(_ number: UInt64, _ segment: Segment) -> Bool {
        guard number > segment.acknowledged, number - segment.acknowledged <= 64 else { return false }
        return segment.mask & 1 << (number - segment.acknowledged - 1) != 0
    }

    private mutating func measure(_ sample: Duration) {
        roundTrip = roundTrip.map { $0 * 7 / 8 + sample / 8 } ?? sample
    }
}
