import Addresses
import Election
import Heartbeat

extension SimulatedPair {
    mutating func handle(_ event: Event) {
        switch event {
        case .wake(let seat, let sleep):
            if self[seat].sleep == sleep { wake(seat) }
        case .arrival(let seat, let datagram):
            guard self[seat].isRunning else { return }
            directors[seat.rawValue].deliver(datagram)
            wake(seat)
        case .handDone(let seat, let order, let life):
            handDone(seat, order, life)
        case .renewal(let seat, let life):
            renew(seat, life)
        case .talk(let seat, let life):
            if self[seat].life == life { say(seat) }
        case .lapse(let seat):
            for group in directors[seat.rawValue].kernel.lapse(now: now) {
                trace.add(now, seat, "the lease of \(options.groups[group].name) lapses")
            }
        case .thaw(let seat):
            guard let until = self[seat].stalledUntil, until <= now else { return }
            directors[seat.rawValue].stalledUntil = nil
            trace.add(now, seat, "wakes from its stall")
            wake(seat)
        }
    }

    /// One round of the heart, in the order that `PairMachine` asks for.
    mutating func wake(_ seat: Seat) {
        let index = seat.rawValue
        guard directors[index].isRunning, directors[index].stalledUntil == nil else { return }
        let clock = directors[index].clock(now)
        var orders = Orders()
        directors[index].stamp = now
        let due = directors[index].sleepsUntil
        directors[index].machine?.wake(due: due, now: clock, into: &orders)
        for datagram in directors[index].emptyInbox() {
            receive(datagram, at: seat, clock, &orders)
        }
        let reports = directors[index].reports
        for report in reports {
            directors[index].machine?.handReported(report, now: clock, into: &orders)
        }
        directors[index].reports.removeAll()
        directors[index].machine?.tick(now: clock, into: &orders)
        carryOut(orders, of: seat, clock)
        pump(seat, clock)
        sleep(seat, clock)
    }

    private mutating func receive(_ datagram: Datagram, at seat: Seat, _ clock: Instant, _ orders: inout Orders) {
        let index = seat.rawValue
        var buffer = datagram.bytes
        let count = buffer.count
        guard datagram.isForDoor else {
            let place = directors[index].machine?.receive(
                &buffer, count: count, path: datagram.path, now: clock, into: &orders)
            if let place { hear(Array(buffer[place.body]), from: place.boot, at: seat, clock) }
            return
        }
        buffer += [UInt8](repeating: 0, count: max(0, Frame.maximumLength - count))
        let answer = directors[index].machine?.receiveAtDoor(
            &buffer, count: count, path: datagram.path, mac: 0, now: clock, random: &random, into: &orders)
        guard case .welcome(let length) = answer ?? .ready else { return }
        for path in 0..<options.paths {
            send(Datagram(bytes: Array(buffer[..<length]), path: path, isForDoor: true), from: seat)
        }
    }

    mutating func carryOut(_ orders: Orders, of seat: Seat, _ clock: Instant) {
        for order in orders.list {
            switch order {
            case .sendHeartbeat: sendHeartbeats(from: seat, clock)
            case .sendHello: sendHellos(from: seat)
            case .hand(let order): tellHand(order, of: seat)
            case .note(let note): take(note, from: seat)
            case .meet(let boot): meet(boot, at: seat)
            case .filterSessions, .holdNeighbour: break
            case .stopped:
                trace.add(now, seat, "exits")
                directors[seat.rawValue].begin(nil)
                return
            }
        }
    }

    /// The heart sleeps until its deadline; one that lies behind it is a spin, and found here.
    mutating func sleep(_ seat: Seat, _ clock: Instant) {
        guard let deadline = self[seat].machine?.deadline else { return }
        var waitFor = min(deadline.at, self[seat].talk?.stream.deadline ?? .never) - clock
        if waitFor <= .zero {
            oracle.complain(now, "\(seat.name) spins on \(deadline.reason.rawValue)")
            waitFor = options.interval
        }
        directors[seat.rawValue].sleepsUntil = clock + waitFor
        directors[seat.rawValue].sleep += 1
        let late = random.duration(in: options.jitter)
        queue.plan(.wake(seat, sleep: self[seat].sleep), at: now + waitFor + late)
    }

    private mutating func sendHeartbeats(from seat: Seat, _ clock: Instant) {
        for path in 0..<options.paths {
            var buffer = Frame.makeBuffer()
            let length = directors[seat.rawValue].machine?.writeHeartbeat(path: path, now: clock, into: &buffer)
            guard let length else { return }
            send(Datagram(bytes: Array(buffer[..<length]), path: path, isForDoor: false), from: seat)
            let again = directors[seat.rawValue].machine?.writeForSuccessor(path: path, into: &buffer)
            guard let again else { continue }
            send(Datagram(bytes: Array(buffer[..<again]), path: path, isForDoor: false), from: seat)
        }
    }

    private mutating func sendHellos(from seat: Seat) {
        for path in 0..<options.paths {
            var buffer = Frame.makeBuffer()
            let length = directors[seat.rawValue].machine?.writeHello(
                path: path, mac: 0, into: &buffer, random: &random)
            guard let length else { return }
            send(Datagram(bytes: Array(buffer[..<length]), path: path, isForDoor: true), from: seat)
        }
    }

    mutating func send(_ datagram: Datagram, from seat: Seat) {
        if isRecording { recorded.append((seat, datagram)) }
        for delay in wires.delays(from: seat, path: datagram.path, &random) {
            queue.plan(.arrival(seat.other, datagram), at: now + delay)
        }
    }

    private mutating func take(_ note: Note, from seat: Seat) {
        trace.add(now, seat, note, options.groups)
        switch note {
        case .role: oracle.roleChanged(now: now, by: seat)
        case .wish(let wish, _): directors[seat.rawValue].disk.keep(wish, now: now)
        case .term(let term, let group): directors[seat.rawValue].disk.keep(term: term, group: group)
        default: break
        }
    }
}
