import Addresses
package import Heartbeat

extension GroupElection {
    /// What the table does with one input in one role.
    package struct Outcome: Hashable, Sendable {
        package var role: Role
        /// What the hand is told.
        package var tasks: [HandOrder.Task]
        /// Absent where the role stays.
        package var reason: Reason?

        package init(role: Role, tasks: [HandOrder.Task], reason: Reason?) {
            self.role = role
            self.tasks = tasks
            self.reason = reason
        }
    }

    /// Runs one row of the table on a fit director with a peer that is heard, so that Docs/Election.md can be
    /// held against the code.
    package static func rehearse(_ input: Input, in role: Role) -> Outcome {
        let now = Instant(nanoseconds: 1_000_000_000_000)
        var group = GroupElection(
            settings: ElectionGroup(name: "rehearsal"), index: 0, hasLowerName: true, takeoverTime: .seconds(1),
            now: now)
        group.role = role
        var situation = Situation(now: now, peerState: .heard)
        group.step(input, &situation)
        var tasks: [HandOrder.Task] = []
        var reason: Reason?
        for order in situation.orders.list {
            if case .hand(let order) = order { tasks.append(order.task) }
            if case .note(.role(let change)) = order { reason = change.reason }
        }
        return Outcome(role: group.role, tasks: tasks, reason: reason)
    }
}
