package import Addresses

extension Stream {
    /// The body of the next datagram to leave now; nil for none. Call until it is nil, after each `receive` and `send`
    /// and at `deadline`.
    package mutating func nextSegment(now: Instant) -> [UInt8]? {
        refill(now)
        if allowance > 0, let segment = repeated(now) ?? fresh(now) {
            allowance -= 1
            owesAnswer = false
            return segment.body
        }
        guard owesAnswer else { return nil }
        owesAnswer = false
        return segment(next, nil, isEnd: false).body
    }

    /// When `nextSegment` will have something, if nothing happens until then.
    package var deadline: Instant {
        if owesAnswer { return Instant(nanoseconds: 0) }
        var at = flights.lazy.filter { !$0.hasArrived }.map { self.repetition(of: $0) }.min() ?? .never
        if hasFresh { at = Instant(nanoseconds: 0) }
        return allowance > 0 || at == .never ? at : max(at, refilledAt + Self.pace)
    }

    private mutating func refill(_ now: Instant) {
        let steps = (now - refilledAt).nanoseconds / Self.pace.nanoseconds
        guard steps > 0 else { return }
        allowance = min(Self.burst, allowance + Int(clamping: steps))
        refilledAt = allowance == Self.burst ? now : refilledAt + Self.pace * Int(clamping: steps)
    }

    private var hasFresh: Bool { flights.count < Self.window && !waiting.isEmpty }

    private mutating func fresh(_ now: Instant) -> Segment? {
        guard hasFresh else { return nil }
        let end = min(cut + Segment.room, waiting[0].count)
        let isEnd = end == waiting[0].count
        let flight = Flight(data: waiting[0][cut..<end], isEnd: isEnd, sentAt: now)
        cut = isEnd ? 0 : end
        if isEnd { waiting.removeFirst() }
        flights.append(flight)
        next += 1
        return segment(next - 1, flight.data, isEnd: isEnd)
    }

    private mutating func repeated(_ now: Instant) -> Segment? {
        guard let index = flights.firstIndex(where: { !$0.hasArrived && repetition(of: $0) <= now }) else { return nil }
        flights[index].sentAt = now
        flights[index].attempts += 1
        return segment(first + UInt64(index), flights[index].data, isEnd: flights[index].isEnd)
    }

    /// The number of the oldest segment under way.
    var first: UInt64 { next - UInt64(flights.count) }

    /// When a segment counts as lost: at once when later ones arrived, else after a patience that doubles.
    private func repetition(of flight: Flight) -> Instant {
        if flight.sentAt + Self.reordering < newestArrival { return Instant(nanoseconds: 0) }
        let usual = roundTrip.map { max(Self.patience.least, $0 * 3) } ?? Self.patience.first
        return flight.sentAt + min(Self.patience.most, usual * (1 << min(flight.attempts - 1, 5)))
    }

    private func segment(_ number: UInt64, _ data: ArraySlice<UInt8>?, isEnd: Bool) -> Segment {
        let mask = early.keys.reduce(UInt64(0)) { $0 | 1 << ($1 - expected - 1) }
        return Segment(number: number, data: data, isEnd: isEnd, acknowledged: expected, mask: mask)
    }
}
