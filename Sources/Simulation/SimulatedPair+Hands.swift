import Addresses
import Election
import Heartbeat

extension SimulatedPair {
    mutating func tellHand(_ order: HandOrder, of seat: Seat) {
        let index = seat.rawValue
        guard !random.chance(self[seat].hand.fortune.vanishing) else { return }
        if [.move, .release, .topUp].contains(order.task) { directors[index].renewed.remove(order.group) }
        if let first = directors[index].hand.take(order) { beginTask(first, of: seat) }
    }

    private mutating func beginTask(_ order: HandOrder, of seat: Seat) {
        let time = random.duration(in: self[seat].hand.fortune.time)
        queue.plan(.handDone(seat, order, life: self[seat].life), at: now + time)
    }

    mutating func handDone(_ seat: Seat, _ order: HandOrder, _ life: Int) {
        let index = seat.rawValue
        guard self[seat].life == life else { return }
        if let until = self[seat].stalledUntil {
            queue.plan(.handDone(seat, order, life: life), at: until)
            return
        }
        let succeeded = carryOut(order, of: seat)
        if order.task != .probe, order.task != .announce {
            let name = options.groups[order.group].name
            trace.add(now, seat, "\(name): the hand's \(order.task) \(succeeded ? "is done" : "fails")")
        }
        if let next = directors[index].hand.finish() { beginTask(next, of: seat) }
        directors[index].reports.append(HandReport(order: order, succeeded: succeeded))
        wake(seat)
    }

    private mutating func carryOut(_ order: HandOrder, of seat: Seat) -> Bool {
        let index = seat.rawValue
        let lease =
            switch order.task {
            case .move: Duration.seconds(2)
            case .topUp: ElectionSettings.restartPatience(takeoverTime: options.takeoverTime)
            default: options.lease
            }
        do throws(SimulatedKernel.Nonsense) {
            let isAnswered = isAnswered(order.group, askedBy: seat)
            let hand = directors[index].hand
            let succeeded = try hand.carryOut(
                order, on: &directors[index].kernel, leaseEnds: now + lease,
                someoneAnswers: isAnswered, &random)
            if order.task == .claim, succeeded { directors[index].renewed.insert(order.group) }
            queue.plan(.lapse(seat), at: now + lease)
            return succeeded
        } catch {
            oracle.complain(now, "the kernel of \(seat.name) refuses \(order.task): \(error)")
            return false
        }
    }

    private func isAnswered(_ group: Int, askedBy seat: Seat) -> Bool {
        hasForeignHolder || wires.isConnected && self[seat.other].kernel.place(of: group) == .wire
    }

    /// Leases are renewed while the heart's stamp is younger than a takeover time.
    mutating func renew(_ seat: Seat, _ life: Int) {
        guard self[seat].life == life, self[seat].isRunning else { return }
        queue.plan(.renewal(seat, life: life), at: now + options.lease / 4)
        guard self[seat].stalledUntil == nil, now - self[seat].stamp < options.takeoverTime else { return }
        for group in self[seat].renewed {
            do throws(SimulatedKernel.Nonsense) {
                try renewOrAdd(group, of: seat)
                queue.plan(.lapse(seat), at: now + options.lease)
            } catch {
                oracle.complain(now, "the kernel of \(seat.name) refuses a renewal: \(error)")
            }
        }
    }

    /// An address that is gone although its director is active is claimed again (DESIGN rule 12).
    private mutating func renewOrAdd(_ group: Int, of seat: Seat) throws(SimulatedKernel.Nonsense) {
        let ends = now + options.lease
        switch self[seat].kernel.place(of: group) {
        case .wire: try directors[seat.rawValue].kernel.renew(group, leaseEnds: ends)
        case .absent where role(seat, group: group) == .active:
            trace.add(now, seat, "\(options.groups[group].name): the hand adds what had lapsed")
            try directors[seat.rawValue].kernel.add(group, to: .wire, leaseEnds: ends)
        case .absent, .loopback: break
        }
    }
}
