import Addresses
import Agreement
import Checks
import Control
import NIOCore
import Settings
import Synchronization

/// What people are told of changed verdicts: the first ones of a moment by name, the others as a count. Where thousands
/// of servers fail at once, a line for each would cost more than their checks and push all else out of the events.
struct VerdictTale: Sendable {
    /// Many that changed in the same way.
    struct Crowd: Hashable, Sendable {
        var isUp: Bool
        var count: Int
        /// The most frequent reasons, and how many have each; of servers that are down.
        var reasons: [Reason] = []
    }

    struct Reason: Hashable, Sendable {
        var failure: CheckFailure
        var count: Int
    }

    // Implementation constants

    /// How long a moment is.
    static let moment = Duration.milliseconds(100)
    /// So many servers are named in one; of disputes and holds, as many in one look at them.
    static let longest = 10
    private static let mostReasons = 3

    private var named = 0
    private var others: [VerdictChange] = []

    /// Whether a moment is running; it is to be ended after its time.
    var isRunning: Bool { named > 0 }

    /// - Returns: those that are told now.
    mutating func take(_ changes: [VerdictChange]) -> [VerdictChange] {
        let news = changes.filter(\.isNews)
        let first = news.prefix(Self.longest - named)
        named += first.count
        others += news.dropFirst(first.count)
        return Array(first)
    }

    /// The moment is over.
    ///
    /// - Returns: those that are told by name after all, and what is told of the others.
    mutating func end() -> (names: [VerdictChange], crowds: [Crowd]) {
        defer { self = VerdictTale() }
        var names: [VerdictChange] = []
        var crowds: [Crowd] = []
        for isUp in [false, true] {
            let changes = others.filter { $0.verdict.isUp == isUp }
            if changes.count > 1 { crowds.append(Self.crowd(changes, isUp)) } else { names += changes }
        }
        return (names, crowds)
    }

    private static func crowd(_ changes: [VerdictChange], _ isUp: Bool) -> Crowd {
        var counts: [CheckFailure: Int] = [:]
        for case .down(let failure) in changes.lazy.map(\.verdict) { counts[failure, default: 0] += 1 }
        let reasons = counts.map { Reason(failure: $0, count: $1) }
            .sorted { ($1.count, "\($0.failure)") < ($0.count, "\($1.failure)") }
        return Crowd(isUp: isUp, count: changes.count, reasons: Array(reasons.prefix(mostReasons)))
    }
}

extension VerdictTale.Crowd: CustomStringConvertible {
    var description: String {
        guard !isUp else { return "\(count) servers more are up" }
        let told = reasons.reduce(0) { $0 + $1.count }
        let rest = told < count ? ["others (\(count - told))"] : []
        let causes = told == count && reasons.count == 1 ? reasons.map { "\($0.failure)" } : reasons.map(\.description)
        return "\(count) servers more are down: " + (causes + rest).joined(separator: ", ")
    }
}

extension VerdictTale.Reason: CustomStringConvertible {
    var description: String { "\(failure) (\(count))" }
}

extension VerdictChange {
    /// A server's first good result is none.
    fileprivate var isNews: Bool { !verdict.isUp || previous != nil }
}

/// Tells it, on the checker's event loop.
final class VerdictTeller: Sendable {
    private let journal: Journal
    private let loop: any EventLoop
    private let tale = Mutex(VerdictTale())

    init(_ journal: Journal, on loop: any EventLoop) {
        self.journal = journal
        self.loop = loop
    }

    func take(_ changes: [VerdictChange]) {
        let (told, hasBegun) = tale.withLock { tale in
            let wasRunning = tale.isRunning
            return (tale.take(changes), !wasRunning && tale.isRunning)
        }
        for change in told { journal.record(change) }
        if hasBegun { loop.scheduleTask(in: .nanoseconds(VerdictTale.moment.nanoseconds)) { self.end() } }
    }

    private func end() {
        let (names, crowds) = tale.withLock { $0.end() }
        for change in names { journal.record(change) }
        for crowd in crowds { journal.record(crowd) }
    }
}
