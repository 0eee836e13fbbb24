package import Addresses

/// A server that came back and takes its weight in steps.
package struct Rise: Hashable, Sendable {
    // Implementation constants

    /// Steps at most, and how long one lasts at least: IPVS is told of each.
    package static let mostSteps = 20
    package static let step = Duration.seconds(1)

    /// When it came back, by this director's clock.
    package var since: Instant
    /// How long it takes, from one step on.
    package var time: Duration

    package init(since: Instant, time: Duration) {
        self.since = since
        self.time = time
    }

    /// nil: it is over.
    package func share(now: Instant) -> WeightShare? {
        let elapsed = max(now - since, .zero)
        guard elapsed < time else { return nil }
        let steps = min(Int64(Self.mostSteps), max(1, time.nanoseconds / Self.step.nanoseconds))
        let done = Int64(Int128(elapsed.nanoseconds) * Int128(steps) / Int128(time.nanoseconds))
        return WeightShare(part: UInt32(done + 1), whole: UInt32(steps + 1))
    }
}

/// A part of a weight.
package struct WeightShare: Hashable, Sendable {
    package var part: UInt32
    package var whole: UInt32

    package init(part: UInt32, whole: UInt32) {
        self.part = part
        self.whole = whole
    }

    /// At least 1, for 0 would be a drain; of 0 it is 0.
    package func of(_ weight: UInt32) -> UInt32 {
        weight == 0 ? 0 : UInt32(max(1, UInt64(weight) * UInt64(part) / UInt64(max(whole, 1))))
    }
}
