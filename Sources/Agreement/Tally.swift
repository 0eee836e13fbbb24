package import Addresses

/// What one director thinks of a server.
package enum Verdict: Hashable, Sendable {
    case up
    /// With the failure that decided.
    case down(CheckFailure)

    package var isUp: Bool { self == .up }

    /// Why a server is down now, for people: a server that starts fails in one way after the other, and the failure
    /// that decided may be long past. Absent: it is up.
    package func failure(newest: Outcome?) -> CheckFailure? {
        guard case .down(let decisive) = self else { return nil }
        guard case .fail(let later)? = newest, !later.isOwn else { return decisive }
        return later
    }
}

/// A verdict and when it began: what two directors have to bring together to agree.
package struct View: Hashable, Sendable {
    package var verdict: Verdict
    package var since: Instant

    package init(verdict: Verdict, since: Instant) {
        self.verdict = verdict
        self.since = since
    }
}

/// Counts the results of one server's checks until they make a verdict.
///
/// The first result decides at once, because a director that just started should not wait; from then on it takes `rise`
/// good results in a row to go up and `fall` bad ones to go down.
package struct Tally: Hashable, Sendable {
    /// Results in a row, 1 to 100.
    package var rise: Int
    package var fall: Int
    /// Absent until the first result.
    package private(set) var view: View?
    /// The newest result.
    package private(set) var newest: Outcome?
    /// Results in a row that contradict the verdict.
    package private(set) var streak = 0

    package init(rise: Int, fall: Int) {
        precondition(rise >= 1 && fall >= 1, "a verdict takes at least one result, not \(min(rise, fall))")
        self.rise = rise
        self.fall = fall
    }

    /// Takes a result into account and returns the verdict if it changed. A server that is down keeps the failure that
    /// brought it down; `newest` tells a later one. A failure of the director's own is no result at all.
    package mutating func observe(_ outcome: Outcome, now: Instant) -> Verdict? {
        newest = outcome
        guard let opinion = Self.opinion(outcome) else { return nil }
        guard let view else { return decide(opinion, now) }
        guard view.verdict.isUp != opinion.isUp else {
            streak = 0
            return nil
        }
        streak += 1
        return streak >= (opinion.isUp ? rise : fall) ? decide(opinion, now) : nil
    }

    /// Starts from the verdict of another tally for the same server, unless there is one already.
    package mutating func inherit(_ view: View) {
        if self.view == nil { self.view = view }
    }

    private mutating func decide(_ verdict: Verdict, _ now: Instant) -> Verdict {
        view = View(verdict: verdict, since: now)
        streak = 0
        return verdict
    }

    private static func opinion(_ outcome: Outcome) -> Verdict? {
        switch outcome {
        case .pass, .warn, .advised: .up
        case .fail(let failure): failure.isOwn ? nil : .down(failure)
        }
    }
}
