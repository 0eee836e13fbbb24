import Addresses
import Election

/// How a director's hand fares.
package struct HandFortune: Hashable, Sendable {
    /// How long a task takes, drawn for each.
    package var time: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(20))
    /// The share of claims, moves and releases that fail, 0 to 1.
    package var claimFailure = 0.0
    package var moveFailure = 0.0
    package var releaseFailure = 0.0
    /// The share of orders that vanish: nothing is done and nothing reported.
    package var vanishing = 0.0

    package init() {}
}

/// The second thread of a director: one order after the other, each taking its time.
struct SimulatedHand {
    var fortune: HandFortune
    /// Until when something that went wrong earlier may still show.
    var troubledUntil = Instant(nanoseconds: 0)
    private var waiting: [HandOrder] = []
    private var isBusy = false

    init(fortune: HandFortune) {
        self.fortune = fortune
    }

    /// Takes an order; says which one to begin now, if any.
    mutating func take(_ order: HandOrder) -> HandOrder? {
        waiting.append(order)
        return begin()
    }

    /// The order at work is done; says which one to begin now, if any.
    mutating func finish() -> HandOrder? {
        isBusy = false
        return begin()
    }

    private mutating func begin() -> HandOrder? {
        guard !isBusy, !waiting.isEmpty else { return nil }
        isBusy = true
        return waiting.removeFirst()
    }

    /// Does the order to the kernel and says whether it succeeded.
    ///
    /// `someoneAnswers` is what an ARP probe of the group's addresses would hear.
    func carryOut(
        _ order: HandOrder, on kernel: inout SimulatedKernel, leaseEnds: Instant, someoneAnswers: Bool,
        _ random: inout SplitMix64
    ) throws(SimulatedKernel.Nonsense) -> Bool {
        switch order.task {
        case .claim:
            guard !random.chance(fortune.claimFailure) else { return false }
            try claim(order.group, &kernel, leaseEnds)
        case .move:
            guard !random.chance(fortune.moveFailure), kernel.place(of: order.group) == .wire else { return false }
            try kernel.delete(order.group)
            try kernel.add(order.group, to: .loopback, leaseEnds: leaseEnds)
        case .release:
            guard !random.chance(fortune.releaseFailure) else { return false }
            if kernel.place(of: order.group) != .absent { try kernel.delete(order.group) }
        case .announce: kernel.announcements += 1
        case .topUp:
            guard kernel.place(of: order.group) == .wire else { return false }
            try kernel.renew(order.group, leaseEnds: leaseEnds)
        case .probe: return !someoneAnswers
        }
        return true
    }

    private func claim(
        _ group: Int, _ kernel: inout SimulatedKernel, _ leaseEnds: Instant
    ) throws(SimulatedKernel.Nonsense) {
        if kernel.place(of: group) == .wire {
            try kernel.renew(group, leaseEnds: leaseEnds)
            return
        }
        if kernel.place(of: group) == .loopback { try kernel.delete(group) }
        try kernel.add(group, to: .wire, leaseEnds: leaseEnds)
    }
}
