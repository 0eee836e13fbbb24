import Addresses
package import Control
package import Heartbeat

/// Makes one change of every chain of role changes: who is told wants to know that the group came or went, not each
/// step on the way.
package struct RoleStory: Sendable {
    /// The step that the chain began with: it has the reason.
    private var first: (event: Event, role: Role)?

    package init() {}

    /// The change that ends with this step: from the role before the chain began, for the reason that it began with;
    /// nil on the way, and where it led back.
    package mutating func tell(_ step: Event, from: Role, to: Role) -> Event? {
        let start = first ?? (step, from)
        first = start
        guard to.isSettled else { return nil }
        first = nil
        guard to != start.role else { return nil }
        var whole = step
        whole.from = start.event.from
        whole.reason = start.event.reason
        whole.previousHolder = start.event.previousHolder
        whole.lastHeard = start.event.lastHeard
        let took = Instant(nanoseconds: step.monotonic) - Instant(nanoseconds: start.event.monotonic)
        whole.durationMS = took.milliseconds
        whole.message =
            "group \(step.group ?? ""): \(whole.from ?? "") → \(whole.to ?? ""), term \(step.term ?? 0), "
            + "\(whole.reason ?? ""), previous holder \(whole.previousHolder ?? "none")"
        return whole
    }
}

extension Role {
    /// A role that lasts.
    fileprivate var isSettled: Bool {
        switch self {
        case .waiting, .returning, .backup, .active: true
        case .claiming, .giving, .moving, .releasing: false
        }
    }
}
