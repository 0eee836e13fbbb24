import Addresses
import Election
import Heartbeat

// What a test, or fate, does to the pair.
extension SimulatedPair {
    /// Starts the daemon, with a boot id of its own.
    package mutating func start(_ seat: Seat) {
        guard !self[seat].isRunning else { return }
        oracle.disturb(now: now)
        trace.add(now, seat, "starts")
        let clock = self[seat].clock(now)
        let identity = Peering<SimulatedSealer>.Identity(
            pair: "edge", local: seat.name, peer: seat.other.name, boot: BootID(random: &random))
        let ring = self[seat].keys
        let peering = Peering(
            identity: identity, sealer: SimulatedSealer(), keys: ring.accepted, sending: ring.sending)
        var machine = PairMachine(
            settings: electionSettings(of: seat), peering: peering,
            found: Set(options.groups.indices.filter { self[seat].kernel.place(of: $0) == .wire }),
            remembered: self[seat].disk.remembered(now: now), now: clock)
        machine.renewal = options.renewal
        directors[seat.rawValue].begin(machine)
        startTalk(seat)
        directors[seat.rawValue].sleepsUntil = clock
        queue.plan(.renewal(seat, life: self[seat].life), at: now + options.lease / 4)
        wake(seat)
    }

    package mutating func startBoth() {
        start(.lb1)
        start(.lb2)
    }

    /// The daemon dies without a word; its kernel keeps the addresses until their leases lapse.
    package mutating func crash(_ seat: Seat) {
        guard self[seat].isRunning else { return }
        oracle.disturb(now: now)
        trace.add(now, seat, "crashes")
        directors[seat.rawValue].begin(nil)
    }

    /// SIGTERM.
    package mutating func terminate(_ seat: Seat) {
        command(seat, "is told to stop") { $0.stop(now: $1, into: &$2) }
    }

    /// SIGUSR2: the daemon ends as soon as it may, and another `start` goes on where it ended.
    package mutating func restart(_ seat: Seat) {
        command(seat, "prepares to restart") { $0.beginRestart(now: $1, into: &$2) }
    }

    /// `tandem handover`, at this director.
    package mutating func handOver(group: Int = 0, at seat: Seat) {
        command(seat, "is asked for a handover of \(options.groups[group].name)") {
            $0.handOver(group: group, now: $1, into: &$2)
        }
    }

    package mutating func setFitness(_ fitness: UInt8, of seat: Seat, group: Int = 0) {
        command(seat, "has fitness \(fitness) for \(options.groups[group].name)") {
            $0.setFitness(fitness, group: group, now: $1, into: &$2)
        }
    }

    mutating func command(
        _ seat: Seat, _ words: String,
        _ body: (inout PairMachine<SimulatedSealer>, Instant, inout Orders) -> Void
    ) {
        guard var machine = self[seat].machine, self[seat].stalledUntil == nil else { return }
        oracle.disturb(now: now)
        trace.add(now, seat, words)
        var orders = Orders()
        let clock = self[seat].clock(now)
        body(&machine, clock, &orders)
        directors[seat.rawValue].machine = machine
        carryOut(orders, of: seat, clock)
        wake(seat)
    }

    /// Heart and hand stand still, the clock and the kernel go on.
    package mutating func stall(_ seat: Seat, for duration: Duration) {
        guard self[seat].isRunning, self[seat].stalledUntil == nil else { return }
        oracle.disturb(now: now)
        trace.add(now, seat, "stalls for \(duration)")
        directors[seat.rawValue].stalledUntil = now + duration
        queue.plan(.thaw(seat), at: now + duration)
    }

    package mutating func setFortune(_ seat: Seat, _ change: (inout HandFortune) -> Void) {
        oracle.disturb(now: now)
        change(&directors[seat.rawValue].hand.fortune)
    }

    /// Changes the weather from one director to the other; on one path, or on all.
    package mutating func setWeather(from seat: Seat, path: Int? = nil, _ change: (inout Weather) -> Void) {
        oracle.disturb(now: now)
        for index in 0..<options.paths where path == nil || path == index {
            change(&wires[seat, index])
            trace.add(now, seat, "path \(index) out: \(wires[seat, index].words)")
        }
    }

    package mutating func cut(path: Int? = nil) {
        for seat in Seat.allCases { setWeather(from: seat, path: path) { $0.isCut = true } }
    }

    package mutating func heal() {
        for seat in Seat.allCases { setWeather(from: seat) { $0 = .fair } }
    }

    /// Puts a datagram of anybody's making into a director's socket.
    package mutating func inject(_ datagram: Datagram, to seat: Seat) {
        queue.plan(.arrival(seat, datagram), at: now)
    }

    private func electionSettings(of seat: Seat) -> ElectionSettings {
        ElectionSettings(
            local: seat.name, peer: seat.other.name, interval: options.interval, misses: options.misses,
            paths: options.paths,
            groups: options.groups.map { group in
                ElectionGroup(
                    name: group.name,
                    preference: group.prefers.map { $0 == seat ? .local : .peer } ?? .none,
                    preempt: group.preempt)
            })
    }
}

extension SimulatedPair {
    /// Forgets the longest vacancy, the longest double and the changes of roles so far.
    package mutating func startWatch() { oracle.startWatch() }
}
