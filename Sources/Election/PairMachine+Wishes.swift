package import Addresses
package import Heartbeat

extension PairMachine {
    /// What an operator asks for at this director. The stamp is a proposal: a wish is always newer than what is known.
    package mutating func wish(_ wish: Wish, now: Instant, into orders: inout Orders) {
        let made = wishes.make(wish, now: now)
        orders.add(.note(.wish(made, at: now)))
        orders.add(.sendHeartbeat)
        heed(now: now, &orders)
    }

    /// What the peer repeats of an operator's wishes.
    mutating func hearWish(_ wish: Wish, now: Instant, _ orders: inout Orders) {
        guard wishes.hear(wish, now: now) else { return }
        orders.add(.note(.wish(wishes[wish.subject], at: now)))
        orders.add(.sendHeartbeat)
        heed(now: now, &orders)
    }

    /// Lets the groups know; a holder that nobody can relieve says so once.
    private mutating func heed(now: Instant, _ orders: inout Orders) {
        let isNewStandby = wishes.standby.isOn && groups.contains { !$0.isStandby }
        apply()
        guard isNewStandby else { return }
        for index in groups.indices where groups[index].role == .active && !groups[index].canBeTaken(lifeline.state) {
            orders.add(.note(.notHandedOver(group: index, whyNotTaken)))
        }
    }

    mutating func apply() {
        for index in groups.indices {
            groups[index].isStandby = wishes.standby.isOn
            groups[index].isPaused = wishes.isPaused
        }
    }

    mutating func endPause(now: Instant, _ orders: inout Orders) {
        guard wishes.expire(now: now) else { return }
        orders.add(.note(.pauseOver))
        apply()
    }

    /// Why the peer cannot take a group.
    var whyNotTaken: Reason {
        guard lifeline.state == .heard else { return lifeline.state == .left ? .peerLeft : .peerLost }
        return wishes.peerStandby.isOn ? .peerStandby : .peerUnfit
    }
}
