import Addresses

/// How late the heart woke at worst, lately. Two buckets that take turns: what is reported covers at least one
/// period and at most two.
struct Lateness: Sendable {
    private let period: Duration
    private var worst: (current: Duration, before: Duration) = (.zero, .zero)
    private var turn: Instant

    init(period: Duration, now: Instant) {
        self.period = period
        turn = now + period
    }

    mutating func record(_ lateness: Duration, now: Instant) {
        if now >= turn {
            worst = (.zero, now - turn >= period ? .zero : worst.current)
            turn = now + period
        }
        worst.current = max(worst.current, lateness)
    }

    var value: Duration { max(worst.current, worst.before) }
}
