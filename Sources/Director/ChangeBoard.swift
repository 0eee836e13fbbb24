package import Control
package import Election
package import Heartbeat
import Synchronization

/// How often each group has changed hands here, counted by the scribe.
package final class ChangeBoard: Sendable {
    private struct Group: Sendable {
        var counts = ChangeCounts()
        /// Why the claim that is under way was begun.
        var reason: Reason?
    }

    private let groups: Mutex<[Group]>

    package init(groups: Int) { self.groups = Mutex(Array(repeating: Group(), count: groups)) }

    package var current: [ChangeCounts] { groups.withLock { $0.map(\.counts) } }

    package func count(from: Role, to: Role, _ reason: Reason, group: Int) {
        groups.withLock { groups in
            switch (from, to) {
            case (_, .claiming): groups[group].reason = reason
            case (.claiming, .active):
                switch groups[group].reason {
                case .peerLost, .peerLeft, .nobodyAnswered: groups[group].counts.takeovers += 1
                case .peerGives: groups[group].counts.taken += 1
                default: break
                }
            case (.giving, .moving): groups[group].counts.given += 1
            default: break
            }
        }
    }
}
