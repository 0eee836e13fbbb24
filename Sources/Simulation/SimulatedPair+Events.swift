import Addresses
import Election
import Heartbeat

extension SimulatedPair {
    mutating func handle(_ event: Event) {
        switch event {
        case .arrival(let seat, let datagram):
            guard directors[seat.rawValue].isRunning else { return }
            directors[seat.rawValue].inbox.add(datagram)
            wake(seat)
        case .handDone(let seat, let order, let life, let suspended):
            handDone(seat, order, life, suspended)
        case .renewal(let seat, let life, let suspended):
            renew(seat, life, suspended)
        case .talk(let seat, let life):
            if directors[seat.rawValue].life == life { say(seat) }
        case .rotate: rotate()
        case .probe(let seat, let rhythm): probe(seat, rhythm)
        case .answer(let seat, let life, let gateway): hearAnswer(seat, life: life, gateway: gateway)
        case .asking(let seat, let life): ask(seat, life: life)
        case .petition(let seat, let body, let life): judge(body, from: seat, life: life)
        case .granted(let seat, let answer, let life): hearWitness(seat, answer, life: life)
        case .thaw(let seat): thaw(seat)
        case .resume(let seat): resume(seat)
        }
    }

    /// One round of the heart, in the order that `PairMachine` asks for.
    mutating func wake(_ seat: Seat) {
        let index = seat.rawValue
        directors[index].wakesAt = directors[index].suspendedUntil ?? .never
        guard directors[index].isAwake else { return }
        let clock = directors[index].clock.reading(at: now)
        orders.clear()
        directors[index].stamp = now
        let due = options.without == .lateDirector ? clock : directors[index].sleepsUntil
        directors[index].machine?.wake(due: due, now: clock, into: &orders)
        if options.without == .queueDrain { directors[index].machine?.tick(now: clock, into: &orders) }
        for place in directors[index].inbox.waiting.indices {
            receive(directors[index].inbox.waiting[place], at: seat, clock)
        }
        directors[index].inbox.empty()
        for place in directors[index].reports.indices {
            let report = directors[index].reports[place]
            directors[index].machine?.handReported(report, now: clock, into: &orders)
        }
        directors[index].reports.removeAll(keepingCapacity: true)
        hearSurroundings(seat, clock)
        obey(seat, clock)
        directors[index].machine?.tick(now: clock, into: &orders)
        carryOut(seat, clock)
        pump(seat, clock)
        watchTerms(of: seat)
        sleep(seat, clock)
    }

    /// What people said since the heart beat last.
    private mutating func obey(_ seat: Seat, _ clock: Instant) {
        isSaying = !directors[seat.rawValue].commands.isEmpty
        guard isSaying else { return }
        oracle.disturb(now: now)
        let commands = directors[seat.rawValue].commands
        directors[seat.rawValue].commands = []
        for command in commands {
            guard var machine = directors[seat.rawValue].machine else { return }
            command(&machine, clock, &orders)
            directors[seat.rawValue].machine = machine
        }
    }

    mutating func carryOut(_ seat: Seat, _ clock: Instant) {
        var hasStopped = false
        for place in orders.list.indices {
            switch orders.list[place] {
            case .sendHeartbeat: sendHeartbeats(from: seat, clock)
            case .sendHello: sendHellos(from: seat)
            case .hand(let order): tellHand(order, of: seat)
            case .note(let note): take(note, from: seat)
            case .meet(let boot): meet(boot, at: seat)
            case .filterSessions, .holdNeighbour: break
            case .lookOut(let isUrgent): lookOut(seat, isUrgent: isUrgent)
            case .petition(let petition): self.petition(petition, from: seat, clock)
            case .stopped: hasStopped = true
            }
        }
        guard hasStopped else { return }
        trace.add(now, seat, "exits")
        directors[seat.rawValue].begin(nil)
        hasChanged = true
    }

    /// The heart sleeps until its deadline; one that lies behind it is a spin, and found here.
    private mutating func sleep(_ seat: Seat, _ clock: Instant) {
        guard let deadline = directors[seat.rawValue].machine?.deadline else { return }
        var waitFor = min(deadline.at, directors[seat.rawValue].talk?.stream.deadline ?? .never) - clock
        if waitFor <= .zero {
            oracle.complain(now, "\(seat.name) spins on \(deadline.reason.rawValue)")
            waitFor = options.interval
        }
        directors[seat.rawValue].sleepsUntil = clock + waitFor
        let late = random.duration(in: options.jitter)
        directors[seat.rawValue].wakesAt = now + directors[seat.rawValue].clock.worldTime(of: waitFor) + late
    }

    private mutating func take(_ note: Note, from seat: Seat) {
        trace.add(now, seat, note, options.groups)
        switch note {
        case .role(let change):
            hasChanged = true
            oracle.roleChanged(change, now: now, by: seat)
            judgeClaim(change, by: seat)
        case .foreignClaim(let group, _, let at): oracle.foreignClaim(group, at: at, now: now, by: seat)
        case .wish(let wish, _): directors[seat.rawValue].disk.keep(wish, now: now)
        case .term(let term, let group): directors[seat.rawValue].disk.keep(term: term, group: group)
        default: break
        }
    }

    mutating func lapse(_ seat: Seat) {
        hasChanged = true
        for group in directors[seat.rawValue].kernel.lapse(now: now) {
            trace.add(now, seat, "the lease of \(options.groups[group].name) lapses")
        }
    }

    private mutating func thaw(_ seat: Seat) {
        guard let until = directors[seat.rawValue].stalledUntil else { return }
        guard until <= now else {
            queue.plan(.thaw(seat), at: until)
            return
        }
        directors[seat.rawValue].stalledUntil = nil
        directors[seat.rawValue].isHandStalled = false
        disturb(seat, "wakes from its stall")
        expectSilence(of: seat)
        wake(seat)
    }

    private mutating func resume(_ seat: Seat) {
        guard let until = directors[seat.rawValue].suspendedUntil, until <= now else { return }
        directors[seat.rawValue].suspendedUntil = nil
        disturb(seat, "runs again")
        if !directors[seat.rawValue].inbox.waiting.isEmpty { wake(seat) }
    }
}
