import Addresses
import Agreement
import Synchronization

/// How fit this director is for each group, and why.
final class FitnessBoard: Sendable {
    struct Entry: Sendable {
        var name: String
        /// What it takes off while it fails.
        var weight: Int
        var tracker: Tracker
        /// It belongs to every director, and is shown only while it fails.
        var isBuiltIn = false
    }

    struct GroupView: Sendable {
        var score: UInt8 = 100
        var entries: [Entry] = []
    }

    private let views: Mutex<[GroupView]>
    let stamp: Stamp

    init(groups: Int, now: Instant) {
        views = Mutex(Array(repeating: GroupView(), count: groups))
        stamp = Stamp(now)
    }

    var current: [GroupView] { views.withLock { $0 } }

    func publish(_ new: [GroupView]) { views.withLock { $0 = new } }
}
