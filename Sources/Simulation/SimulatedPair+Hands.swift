import Addresses
import Election
import Heartbeat

extension SimulatedPair {
    mutating func tellHand(_ order: HandOrder, of seat: Seat) {
        guard !random.chance(directors[seat.rawValue].hand.fortune.vanishing) else {
            trouble(seat, for: max(.seconds(5), options.takeoverTime * 2) + options.handPatience)
            return
        }
        if order.task != .claim, order.task != .announce, order.task != .probe {
            directors[seat.rawValue].renewed.remove(order.group)
        }
        if let first = directors[seat.rawValue].hand.take(order) { beginTask(first, of: seat) }
    }

    private mutating func trouble(_ seat: Seat, for duration: Duration) {
        let until = now + duration + options.handWork + options.slack
        directors[seat.rawValue].hand.troubledUntil = max(directors[seat.rawValue].hand.troubledUntil, until)
    }

    private mutating func beginTask(_ order: HandOrder, of seat: Seat) {
        let time = random.duration(in: directors[seat.rawValue].hand.fortune.time)
        if time > options.handTime.upperBound { trouble(seat, for: time) }
        queue.plan(
            .handDone(
                seat, order, life: directors[seat.rawValue].life, suspended: directors[seat.rawValue].clock.suspended),
            at: now + time)
    }

    mutating func handDone(_ seat: Seat, _ order: HandOrder, _ life: Int, _ suspended: Duration) {
        guard directors[seat.rawValue].life == life else { return }
        let event = Event.handDone(seat, order, life: life, suspended: directors[seat.rawValue].clock.suspended)
        guard suspended == directors[seat.rawValue].clock.suspended else {
            queue.plan(event, at: now + (directors[seat.rawValue].clock.suspended - suspended))
            return
        }
        if let until = directors[seat.rawValue].stalledUntil, directors[seat.rawValue].isHandStalled {
            queue.plan(event, at: until)
            return
        }
        hasChanged = true
        let succeeded = carryOut(order, of: seat)
        if order.task != .probe, order.task != .announce {
            trace.add(
                now, seat,
                "\(options.groups[order.group].name): the hand's \(order.task) \(succeeded ? "is done" : "fails")")
        }
        if !succeeded { trouble(seat, for: options.handPatience) }
        if let next = directors[seat.rawValue].hand.finish() { beginTask(next, of: seat) }
        directors[seat.rawValue].reports.append(HandReport(order: order, succeeded: succeeded))
        wake(seat)
    }

    private mutating func carryOut(_ order: HandOrder, of seat: Seat) -> Bool {
        let index = seat.rawValue
        let lease = directors[index].clock.worldTime(of: lease(of: order.task))
        do throws(SimulatedKernel.Nonsense) {
            let isAnswered = order.task == .probe && isAnswered(order.group, askedBy: seat)
            let hand = directors[index].hand
            let succeeded = try hand.carryOut(
                order, on: &directors[index].kernel, leaseEnds: now + lease,
                someoneAnswers: isAnswered, &random)
            if order.task == .claim, succeeded { directors[index].renewed.insert(order.group) }
            return succeeded
        } catch {
            oracle.complain(now, "the kernel of \(seat.name) refuses \(order.task): \(error)")
            return false
        }
    }

    private func lease(of task: HandOrder.Task) -> Duration {
        switch task {
        case .move: .seconds(2)
        case .topUp: options.restartPatience
        default: options.lease
        }
    }

    private func isAnswered(_ group: Int, askedBy seat: Seat) -> Bool {
        hasForeignHolder
            || wires.isConnected && directors[seat.other.rawValue].suspendedUntil == nil
                && directors[seat.other.rawValue].kernel.place(of: group) == .wire
    }

    /// Leases are renewed while the heart's stamp is younger than a takeover time.
    mutating func renew(_ seat: Seat, _ life: Int, _ suspended: Duration) {
        guard directors[seat.rawValue].life == life, directors[seat.rawValue].isRunning else { return }
        let event = Event.renewal(seat, life: life, suspended: directors[seat.rawValue].clock.suspended)
        guard suspended == directors[seat.rawValue].clock.suspended else {
            queue.plan(event, at: now + (directors[seat.rawValue].clock.suspended - suspended))
            return
        }
        queue.plan(event, at: now + options.lease / 4)
        let isFrozen = directors[seat.rawValue].stalledUntil != nil && directors[seat.rawValue].isHandStalled
        guard !isFrozen, now - directors[seat.rawValue].stamp < options.takeoverTime else { return }
        for group in directors[seat.rawValue].renewed.sorted() {
            do throws(SimulatedKernel.Nonsense) {
                try renewOrAdd(group, of: seat)
            } catch {
                oracle.complain(now, "the kernel of \(seat.name) refuses a renewal: \(error)")
            }
        }
    }

    /// An address that is gone although its director is active is claimed again (DESIGN rule 12).
    private mutating func renewOrAdd(_ group: Int, of seat: Seat) throws(SimulatedKernel.Nonsense) {
        let ends = now + directors[seat.rawValue].clock.worldTime(of: options.lease)
        switch directors[seat.rawValue].kernel.place(of: group) {
        case .wire:
            try directors[seat.rawValue].kernel.renew(group, leaseEnds: ends)
            let local = directors[seat.rawValue].clock.reading(at: now) + options.lease
            directors[seat.rawValue].machine?.leaseRenewed(group: group, until: local)
        case .absent where role(seat, group: group) == .active:
            trace.add(now, seat, "\(options.groups[group].name): the hand adds what had lapsed")
            hasChanged = true
            try directors[seat.rawValue].kernel.add(group, to: .wire, leaseEnds: ends)
        case .absent, .loopback: break
        }
    }
}
