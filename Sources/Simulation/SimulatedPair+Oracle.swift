import Addresses
import Election
import Heartbeat

// What the oracle is shown.
extension SimulatedPair {
    mutating func observe() {
        hasChanged = false
        var view = Oracle.View(now: now, isConnected: isConnected, isUndisturbed: isUndisturbed)
        view.seats.reserveCapacity(2 * options.groups.count)
        for group in options.groups.indices {
            for seat in Seat.allCases { view.seats.append(position(of: seat, group)) }
        }
        oracle.observe(view)
    }

    /// Datagrams come through both ways, and nobody's machine stands still.
    var isConnected: Bool { wires.isConnected && directors.allSatisfy { $0.suspendedUntil == nil } }

    var isUndisturbed: Bool {
        wires.isFair && directors.allSatisfy { $0.isAwake && !$0.isStopping && isHandFair($0) }
    }

    private func isHandFair(_ director: SimulatedDirector) -> Bool {
        director.hand.fortune.isFair && director.hand.fortune.time == options.handTime
            && director.hand.troubledUntil <= now
    }

    private func position(of seat: Seat, _ group: Int) -> Oracle.Position {
        let role = role(seat, group: group)
        let isThere = directors[seat.rawValue].suspendedUntil == nil
        let isOnWire = isThere && directors[seat.rawValue].kernel.place(of: group) == .wire
        let isAwake = directors[seat.rawValue].isAwake
        return Oracle.Position(
            isOnWire: isOnWire,
            isServing: isOnWire && isAwake && (role == .active || role == .giving),
            isActive: isAwake && role == .active,
            isOwned: directors[seat.rawValue].isRunning && role?.touches == true,
            isAble: isAwake && !directors[seat.rawValue].isStopping && !directors[seat.rawValue].unfit.contains(group)
                && isHandFair(directors[seat.rawValue])
                && directors[seat.rawValue].machine?.groups[group].isStandby != true)
    }

    /// Terms only grow while a daemon lives.
    mutating func watchTerms(of seat: Seat) {
        let index = seat.rawValue
        guard let count = directors[index].machine?.groups.count else { return }
        for group in 0..<count {
            let highest = directors[index].machine?.groups[group].highest ?? 0
            let before = directors[index].highestTerms[group]
            if highest < before {
                oracle.complain(now, "the term of \(seat.name) goes back from \(before) to \(highest)")
            }
            directors[index].highestTerms[group] = highest
        }
    }

    /// A director that woke later than a takeover time, and whose peer lived before, may have been replaced.
    mutating func expectSilence(of seat: Seat) {
        guard directors[seat.rawValue].isRunning, directors[seat.rawValue].suspendedUntil == nil else { return }
        let late = directors[seat.rawValue].clock.reading(at: now) - directors[seat.rawValue].sleepsUntil
        let fellAsleepAt = now - late
        guard late > options.takeoverTime, fellAsleepAt - directors[seat.rawValue].tookAt < options.takeoverTime else {
            return
        }
        for group in options.groups.indices where role(seat, group: group)?.holds == true {
            directors[seat.rawValue].mustRelease.insert(group)
        }
    }

    mutating func judgeSilence(of seat: Seat) {
        for group in directors[seat.rawValue].mustRelease
        where directors[seat.rawValue].kernel.place(of: group) == .wire {
            oracle.complain(
                now, "\(seat.name) speaks after a long stall with \(options.groups[group].name) still on the wire")
        }
        directors[seat.rawValue].mustRelease = []
    }
}
