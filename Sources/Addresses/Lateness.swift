/// How late something came at worst, lately. Two buckets that take turns: what is reported covers at least one
/// period and at most two.
package struct Lateness: Sendable {
    private let period: Duration
    private var worst: (current: Duration, before: Duration) = (.zero, .zero)
    private var turn: Instant

    package init(period: Duration, now: Instant) {
        self.period = period
        turn = now + period
    }

    package mutating func record(_ lateness: Duration, now: Instant) {
        if now >= turn {
            worst = (.zero, now - turn >= period ? .zero : worst.current)
            turn = now + period
        }
        worst.current = max(worst.current, lateness)
    }

    package var value: Duration { max(worst.current, worst.before) }
}

/// Lateness over several spans: of the heart's wakes, what heartbeats and status tell; of probes, their queue delay.
package struct LatenessRecord: Sendable {
    /// The last time.
    package private(set) var last = Duration.zero
    private var spans: (second: Lateness, tenSeconds: Lateness, minute: Lateness)

    package init(now: Instant) {
        spans = (
            Lateness(period: .seconds(1), now: now), Lateness(period: .seconds(10), now: now),
            Lateness(period: .seconds(60), now: now)
        )
    }

    /// At worst within the last one to two seconds; and so on.
    package var ofSecond: Duration { spans.second.value }
    package var ofTenSeconds: Duration { spans.tenSeconds.value }
    package var ofMinute: Duration { spans.minute.value }

    package mutating func record(_ lateness: Duration, now: Instant) {
        last = lateness
        spans.second.record(lateness, now: now)
        spans.tenSeconds.record(lateness, now: now)
        spans.minute.record(lateness, now: now)
    }
}
