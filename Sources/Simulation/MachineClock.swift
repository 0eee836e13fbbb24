import Addresses

/// The monotonic clock of one machine: it started at another moment than the world, runs faster or slower by some
/// millionths, and stands still while the machine is suspended.
struct MachineClock: Sendable {
    private let start: Instant
    private let offset: Duration
    /// Millionths that it is fast.
    private let drift: Int64
    /// How long the machine has been suspended so far, and will have been when the last suspension ends.
    private(set) var suspended: Duration = .zero

    init(start: Instant, offset: Duration, drift: Int) {
        self.start = start
        self.offset = offset
        self.drift = Int64(drift)
    }

    /// What it shows at a moment of the world.
    func reading(at world: Instant) -> Instant {
        let elapsed = (world - start - suspended).nanoseconds
        return start + offset + .nanoseconds(elapsed + elapsed / 1_000_000 * drift)
    }

    /// How long the world waits while this clock counts so much.
    func worldTime(of duration: Duration) -> Duration {
        let nanoseconds = duration.nanoseconds
        return .nanoseconds(nanoseconds - nanoseconds / 1_000_000 * drift)
    }

    mutating func suspend(for duration: Duration) { suspended += duration }
}
