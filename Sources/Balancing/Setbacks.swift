package import Addresses

/// Steps that were refused: why, and when each may be tried again, which is later from time to time.
///
/// A pure machine: time is an argument.
package struct Setbacks<Reason: Sendable>: Sendable {
    private struct Setback: Sendable {
        var reason: Reason
        var pause: Duration
        var notBefore: Instant
    }

    // Implementation constants

    package static var firstPause: Duration { .seconds(1) }
    package static var longestPause: Duration { .seconds(60) }

    private var setbacks: [Step: Setback] = [:]

    package init() {}

    package var isEmpty: Bool { setbacks.isEmpty }

    /// When the next of them may be tried.
    package var nextTry: Instant? { setbacks.values.map(\.notBefore).min() }

    /// Those that must not be tried yet.
    package func waiting(now: Instant) -> [Step: Reason] {
        setbacks.filter { $0.value.notBefore > now }.mapValues(\.reason)
    }

    /// What became of a plan: what was tried and refused waits twice as long as before, and what was done, or is no
    /// step of the plan any more, is forgotten.
    ///
    /// - Parameter refused: the steps that did not succeed, those that were waiting too.
    package mutating func observe(_ refused: [Step: Reason], now: Instant) {
        var next: [Step: Setback] = [:]
        for (step, reason) in refused {
            guard let before = setbacks[step] else {
                next[step] = Setback(reason: reason, pause: Self.firstPause, notBefore: now + Self.firstPause)
                continue
            }
            guard before.notBefore <= now else {
                next[step] = before
                continue
            }
            let pause = min(before.pause * 2, Self.longestPause)
            next[step] = Setback(reason: reason, pause: pause, notBefore: now + pause)
        }
        setbacks = next
    }

    /// All may be tried at once.
    package mutating func forget() { setbacks = [:] }
}
