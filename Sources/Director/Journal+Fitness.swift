import Control
import Logging

extension Journal {
    /// One line per change of a tracker.
    func record(_ change: Trackers.Change) {
        let groups = change.groups.count == 1 ? "group \(change.groups[0])" : change.groups.joined(separator: ", ")
        let after = change.after.map { ", after \($0.components.seconds) s" } ?? ""
        let what = change.failure.map { "fails: \($0)" } ?? "passes again"
        record(
            .fitness, "\(groups): \(change.name) \(what)\(after)", level: change.failure == nil ? .notice : .warning
        ) { event in
            event.group = change.groups.count == 1 ? change.groups[0] : nil
            event.to = change.failure == nil ? "passing" : "failing"
            event.reason = change.failure
        }
    }
}
