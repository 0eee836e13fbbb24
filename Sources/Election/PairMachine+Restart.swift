package import Addresses
import Heartbeat

/// How far a director is that prepares to restart: it lets what is under way end, tops the leases up, asks the peer for
/// patience until that is echoed, and exits without a goodbye.
struct Restart: Sendable {
    enum Stage: Hashable, Sendable {
        case settling
        /// The hand renews; these groups' reports are still out.
        case toppingUp(Set<Int>)
        case asking(since: Instant)
    }

    var stage = Stage.settling
    /// When the stage ends, whatever has or has not happened.
    var deadline: Instant

    /// What heartbeats carry, in microseconds.
    func patience(_ settings: ElectionSettings) -> UInt32 {
        guard case .asking = stage else { return 0 }
        let patience = ElectionSettings.restartPatience(takeoverTime: settings.takeoverTime)
        return UInt32(clamping: patience.nanoseconds / 1000)
    }
}

extension PairMachine {
    /// Prepares to be followed by a new process that goes on where this one ends, and orders `.stopped`.
    package mutating func beginRestart(now: Instant, into orders: inout Orders) {
        guard restart == nil, !isStopping else { return }
        restart = Restart(deadline: now + max(.seconds(2), settings.takeoverTime))
        prepareRestart(now: now, &orders)
    }

    mutating func prepareRestart(now: Instant, _ orders: inout Orders) {
        guard let restart, !hasStopped else { return }
        switch restart.stage {
        case .settling:
            let isSettled = groups.allSatisfy { !$0.role.touches || $0.role == .active || $0.role == .returning }
            if isSettled || now >= restart.deadline { topUp(now: now, &orders) }
        case .toppingUp(let groups):
            if groups.isEmpty || now >= restart.deadline { askForPatience(now: now, &orders) }
        case .asking(let since):
            let isEchoed = heard.echo >= since.nanoseconds
            guard isEchoed || lifeline.state != .heard || now >= restart.deadline else { return }
            hasStopped = true
            orders.add(.stopped)
        }
    }

    private mutating func topUp(now: Instant, _ orders: inout Orders) {
        let held = groups.indices.filter { groups[$0].role.holds }
        for index in held {
            let order = HandOrder(task: .topUp, group: index, ticket: groups[index].ticket)
            orders.add(.hand(order))
        }
        restart = Restart(stage: .toppingUp(Set(held)), deadline: now + .seconds(2))
        prepareRestart(now: now, &orders)
    }

    mutating func toppedUp(_ group: Int, now: Instant, _ orders: inout Orders) {
        guard case .toppingUp(var groups) = restart?.stage else { return }
        groups.remove(group)
        restart?.stage = .toppingUp(groups)
        prepareRestart(now: now, &orders)
    }

    private mutating func askForPatience(now: Instant, _ orders: inout Orders) {
        restart = Restart(stage: .asking(since: now), deadline: now + settings.takeoverTime)
        orders.add(.sendHeartbeat)
        prepareRestart(now: now, &orders)
    }
}
