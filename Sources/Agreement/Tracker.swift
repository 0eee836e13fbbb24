package import Addresses

/// What one look at a tracked thing showed.
package enum Finding: Hashable, Sendable {
    case fine
    /// With what it takes off the score, 1 to 100, and why, in words that can follow a colon.
    case fault(Int, String)

    package var isFine: Bool { self == .fine }
}

/// Counts what looks at one thing showed until it passes or fails.
///
/// The first look decides at once; from then on it takes `rise` good ones in a row to pass and `fall` bad ones to fail.
/// Until the first look it takes nothing off: a director that just started is not unfit because nobody looked yet.
package struct Tracker: Hashable, Sendable {
    /// Looks in a row, 1 to 100.
    package let rise: Int
    package let fall: Int
    /// Absent until the first look.
    package private(set) var state: Finding?
    /// When it began to pass or to fail.
    package private(set) var since: Instant?
    /// Looks in a row that contradict `state`.
    package private(set) var streak = 0

    package init(rise: Int, fall: Int) {
        precondition(rise >= 1 && fall >= 1, "it takes at least one look, not \(min(rise, fall))")
        self.rise = rise
        self.fall = fall
    }

    /// What it takes off the score now.
    package var points: Int {
        if case .fault(let points, _)? = state { points } else { 0 }
    }

    /// Takes a look into account; true when it passes now and did not, or the other way round.
    package mutating func observe(_ finding: Finding, now: Instant) -> Bool {
        guard let state else { return decide(finding, now) }
        guard state.isFine != finding.isFine else {
            streak = 0
            // It fails for the newest reason, and as badly as it says now.
            self.state = finding
            return false
        }
        streak += 1
        return streak >= (finding.isFine ? rise : fall) ? decide(finding, now) : false
    }

    private mutating func decide(_ finding: Finding, _ now: Instant) -> Bool {
        state = finding
        since = now
        streak = 0
        return true
    }
}

/// How fit a director is to hold a group, as far as soft faults go.
package enum Fitness {
    /// 100 less what fails, and at least 1: only a hard fault makes a director unfit.
    package static func score(without points: some Sequence<Int>) -> UInt8 {
        UInt8(max(1, 100 - points.reduce(0) { min(100, $0 + $1) }))
    }
}
