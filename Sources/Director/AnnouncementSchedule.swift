package import Addresses

/// When to announce: at once, after 0.1, 0.3, 1, 2 and 5 s, then every 30 s; each round begins at another address.
package struct AnnouncementSchedule: Hashable, Sendable {
    private static let offsets: [Duration] = [
        .zero, .milliseconds(100), .milliseconds(300), .seconds(1), .seconds(2), .seconds(5),
    ]
    private static let period = Duration.seconds(30)

    private let start: Instant
    package private(set) var round = 0

    package init(start: Instant) { self.start = start }

    /// Whether one round in 30 s is all that follows.
    package var isSteady: Bool { round >= Self.offsets.count }

    package var next: Instant {
        guard isSteady else { return start + Self.offsets[round] }
        return start + Self.period * (round - Self.offsets.count + 1)
    }

    /// Moves on to the next round after `now`; rounds that were slept through are not made up.
    package mutating func advance(past now: Instant) {
        repeat { round += 1 } while next <= now
    }
}
