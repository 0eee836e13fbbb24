/// A point on a director's monotonic clock, in nanoseconds since some moment before the daemon started.
///
/// It means nothing on another machine and nothing as a date: the wall clock appears in logs alone.
package struct Instant: Hashable, Sendable, Comparable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// Later than any instant a director lives to see: the deadline of somebody who waits for nothing.
    package static let never = Instant(nanoseconds: .max)

    package static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Moves by a duration, stopping at the ends of the clock instead of wrapping round.
    package static func + (instant: Self, duration: Duration) -> Self {
        let moved = Int128(instant.nanoseconds) + Int128(duration.nanoseconds)
        return Self(nanoseconds: UInt64(clamping: moved))
    }

    package static func - (instant: Self, duration: Duration) -> Self {
        let moved = Int128(instant.nanoseconds) - Int128(duration.nanoseconds)
        return Self(nanoseconds: UInt64(clamping: moved))
    }

    /// The time from `right` to `left`; negative if `left` is earlier.
    package static func - (left: Self, right: Self) -> Duration {
        .nanoseconds(Int64(clamping: Int128(left.nanoseconds) - Int128(right.nanoseconds)))
    }
}

extension Duration {
    /// Whole nanoseconds, held at the ends of Int64 (292 years).
    package var nanoseconds: Int64 {
        let whole = Int128(components.seconds) * 1_000_000_000 + Int128(components.attoseconds / 1_000_000_000)
        return Int64(clamping: whole)
    }

    /// Milliseconds with their fraction, for people.
    package var milliseconds: Double { Double(nanoseconds) / 1_000_000 }
}
