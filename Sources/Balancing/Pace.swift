package import Addresses

/// Lets things pass at a rate: within any time of length T no more than `perSecond` × T and `burst` of them.
package struct Pace: Sendable {
    private let cost: UInt64
    private let window: UInt64
    /// Until when what passed has used the rate up, in nanoseconds.
    private var used: UInt64 = 0

    /// - Parameters:
    ///   - perSecond: 1 to 1,000,000,000.
    ///   - burst: how many may pass at once after a rest; a single one may have more, and then waits for its own time.
    package init(perSecond: Int, burst: Int) {
        precondition((1...1_000_000_000).contains(perSecond), "a pace of \(perSecond) a second is none")
        cost = 1_000_000_000 / UInt64(perSecond)
        window = UInt64(max(burst, 1)) * cost
    }

    /// Whether `count` things may pass now; if not, when to ask again.
    package mutating func pass(_ count: Int, now: Instant) -> Instant? {
        let floor = now.nanoseconds > window ? now.nanoseconds - window : 0
        let end = max(used, floor) + min(UInt64(max(count, 0)) * cost, window)
        guard end <= now.nanoseconds else { return Instant(nanoseconds: end) }
        used = max(used, floor) + UInt64(max(count, 0)) * cost
        return nil
    }
}
