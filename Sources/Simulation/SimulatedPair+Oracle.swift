import Addresses
import Election
import Heartbeat

// What the oracle is shown.
extension SimulatedPair {
    mutating func observe() {
        hasChanged = false
        var view = Oracle.View(now: now, isConnected: isConnected, isUndisturbed: isUndisturbed)
        view.areBothGranted = areBothGranted
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
            isAble: isAwake && !directors[seat.rawValue].isStopping && isHandFair(directors[seat.rawValue])
                && directors[seat.rawValue].unfit.isDisjoint(with: oracle.mates[group])
                && isPermitted(seat, group)
                && directors[seat.rawValue].machine?.groups[group].isStandby != true)
    }

    /// Whether the policy lets both directors hold a group in a partition.
    private var areBothGranted: Bool {
        guard options.isGuarded else { return true }
        // A director that was left alone with a goodbye asks nobody.
        if peerState(.lb1) == .left || peerState(.lb2) == .left { return true }
        return switch options.partition {
        case .keepActive: true
        case .requireGateway:
            directors[0].surroundings.isAtGateway && directors[1].surroundings.isAtGateway
        case .requireWitness: false
        }
    }

    /// Whether a director gets what its policy asks for.
    private func isPermitted(_ seat: Seat, _ group: Int) -> Bool {
        let index = seat.rawValue
        guard directors[index].surroundings.hasCarrier, directors[index].surroundings.reachesNeighbours else {
            return false
        }
        switch options.partition {
        case .keepActive: return true
        case .requireGateway: return directors[index].surroundings.isAtGateway
        case .requireWitness:
            guard directors[index].surroundings.reachesWitness, directors[index].surroundings.witnessDelay == nil,
                !isWitnessStarting
            else { return false }
            return oracle.mates[group].allSatisfy { mate in
                guard let granted = granted(mate) else { return true }
                return granted == petitioner(seat)
            }
        }
    }

    /// A claim that is made because the peer is silent is not made too early, and not by who is cut off himself.
    mutating func judgeClaim(_ change: RoleChange, by seat: Seat) {
        guard change.to == .claiming, change.reason == .peerLost else { return }
        let took = directors[seat.rawValue].tookAt
        guard took.nanoseconds > 0 else { return }
        let waited = now - took
        if options.isGuarded, waited < options.claiming - options.claiming / 1000 {
            oracle.complain(now, "\(seat.name) claims \(waited) after the peer's last word")
        }
        let around = directors[seat.rawValue].surroundings
        let missed = took + options.interval * 7 / 5
        if let since = around.isolatedSince, since + options.slack < missed, around.outlook.hasNeighbours {
            oracle.complain(now, "\(seat.name) claims a group although it is cut off from everybody")
        }
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
