import Addresses
import Election
import Heartbeat

// What a test, or fate, does to the pair.
extension SimulatedPair {
    /// Starts the daemon, with a boot id of its own.
    package mutating func start(_ seat: Seat) {
        guard !directors[seat.rawValue].isRunning, directors[seat.rawValue].suspendedUntil == nil else { return }
        disturb(seat, "starts")
        let clock = directors[seat.rawValue].clock.reading(at: now)
        let identity = Peering<SimulatedSealer>.Identity(
            pair: "edge", local: seat.name, peer: seat.other.name, boot: BootID(random: &random))
        let ring = directors[seat.rawValue].keys
        let peering = Peering(
            identity: identity, sealer: SimulatedSealer(without: options.without), keys: ring.accepted,
            sending: ring.sending)
        let found = options.groups.indices.filter { directors[seat.rawValue].kernel.place(of: $0) == .wire }
        var machine = PairMachine(
            settings: electionSettings(of: seat), peering: peering, found: Set(found),
            remembered: directors[seat.rawValue].disk.remembered(now: now), now: clock)
        machine.renewal = options.renewal
        let envoy = WitnessClient(
            groups: groupIDs, interval: options.interval, takeoverTime: options.takeoverTime, now: clock)
        for group in options.groups.indices { machine.setMAC(seat.mac, group: group) }
        directors[seat.rawValue].begin(machine)
        if options.partition == .requireWitness { directors[seat.rawValue].envoy = envoy }
        startTalk(seat)
        directors[seat.rawValue].sleepsUntil = clock
        directors[seat.rawValue].unfit = []
        directors[seat.rawValue].surroundings.score = 100
        directors[seat.rawValue].isStopping = false
        oracle.begins(seat)
        queue.plan(
            .renewal(seat, life: directors[seat.rawValue].life, suspended: directors[seat.rawValue].clock.suspended),
            at: now + options.lease / 4)
        wake(seat)
    }

    package mutating func startBoth() {
        start(.lb1)
        start(.lb2)
    }

    /// The daemon dies without a word; its kernel keeps the addresses until their leases lapse.
    package mutating func crash(_ seat: Seat) {
        guard directors[seat.rawValue].isRunning, directors[seat.rawValue].suspendedUntil == nil else { return }
        disturb(seat, "crashes")
        directors[seat.rawValue].begin(nil)
    }

    /// The machine starts anew: its kernel forgets everything.
    package mutating func reboot(_ seat: Seat) {
        guard directors[seat.rawValue].suspendedUntil == nil else { return }
        disturb(seat, "reboots")
        directors[seat.rawValue].begin(nil)
        directors[seat.rawValue].kernel = SimulatedKernel(groups: options.groups.count)
        directors[seat.rawValue].disk.reboot()
        oracle.reboots(seat)
    }

    /// SIGTERM.
    package mutating func terminate(_ seat: Seat) {
        if directors[seat.rawValue].isRunning { directors[seat.rawValue].isStopping = true }
        command(seat, "is told to stop") { $0.stop(now: $1, into: &$2) }
    }

    /// SIGUSR2: the daemon ends as soon as it may, and another `start` goes on where it ended.
    package mutating func restart(_ seat: Seat) {
        if directors[seat.rawValue].isRunning { directors[seat.rawValue].isStopping = true }
        command(seat, "prepares to restart") { $0.beginRestart(now: $1, into: &$2) }
    }

    /// `tandem handover`, at this director.
    package mutating func handOver(group: Int = 0, at seat: Seat) {
        command(seat, "is asked for a handover of \(options.groups[group].name)") {
            $0.handOver(group: group, now: $1, into: &$2)
        }
    }

    package mutating func setFitness(_ fitness: UInt8, of seat: Seat, group: Int = 0) {
        if fitness == 0 {
            directors[seat.rawValue].unfit.insert(group)
        } else {
            directors[seat.rawValue].unfit.remove(group)
        }
        command(seat, "has fitness \(fitness) for \(options.groups[group].name)") {
            $0.setFitness(fitness, group: group, now: $1, into: &$2)
        }
    }

    /// What people say waits in the inbox of a heart that does not beat.
    mutating func command(
        _ seat: Seat, _ words: String,
        _ body: @escaping @Sendable (inout PairMachine<SimulatedSealer>, Instant, inout Orders) -> Void
    ) {
        guard directors[seat.rawValue].isRunning else { return }
        disturb(seat, words)
        directors[seat.rawValue].commands.append(body)
        wake(seat)
    }

    /// The heart stands still, and the hand with it unless it is spared; the clock and the kernel go on.
    package mutating func stall(_ seat: Seat, for duration: Duration, sparesHand: Bool = false) {
        guard directors[seat.rawValue].isAwake else { return }
        disturb(seat, "\(sparesHand ? "its heart stalls" : "stalls") for \(duration)")
        directors[seat.rawValue].stalledUntil = now + duration
        directors[seat.rawValue].isHandStalled = !sparesHand
        queue.plan(.thaw(seat), at: now + duration)
    }

    /// The machine stands still: heart, hand, clock and leases alike.
    package mutating func suspend(_ seat: Seat, for duration: Duration) {
        guard directors[seat.rawValue].suspendedUntil == nil else { return }
        disturb(seat, "is suspended for \(duration)")
        directors[seat.rawValue].suspendedUntil = now + duration
        directors[seat.rawValue].clock.suspend(for: duration)
        directors[seat.rawValue].kernel.postpone(by: duration)
        oracle.postponePauses(of: seat, by: duration, now: now)
        directors[seat.rawValue].wakesAt = directors[seat.rawValue].wakesAt + duration
        if let until = directors[seat.rawValue].stalledUntil {
            directors[seat.rawValue].stalledUntil = until + duration
        }
        directors[seat.rawValue].stamp = directors[seat.rawValue].stamp + duration
        directors[seat.rawValue].hand.troubledUntil = directors[seat.rawValue].hand.troubledUntil + duration
        queue.plan(.resume(seat), at: now + duration)
    }

    package mutating func setFortune(_ seat: Seat, _ change: (inout HandFortune) -> Void) {
        change(&directors[seat.rawValue].hand.fortune)
        disturb(seat, "its hand fares otherwise")
    }

    /// Changes the weather from one director to the other; on one path, or on all.
    package mutating func setWeather(from seat: Seat, path: Int? = nil, _ change: (inout Weather) -> Void) {
        for index in 0..<options.paths where path == nil || path == index {
            let before = wires[seat, index]
            change(&wires[seat, index])
            guard wires[seat, index] != before else { continue }
            let words = options.isTold ? wires[seat, index].words : ""
            disturb(seat, "path \(index) out: \(words)")
        }
    }

    package mutating func cut(path: Int? = nil) {
        for seat in Seat.allCases { setWeather(from: seat, path: path) { $0.isCut = true } }
    }

    package mutating func heal() {
        let fair = wires.fair
        for seat in Seat.allCases { setWeather(from: seat) { $0 = fair } }
    }

    mutating func disturb(_ seat: Seat, _ words: String) {
        hasChanged = true
        oracle.disturb(now: now)
        trace.add(now, seat, words)
    }

    private func electionSettings(of seat: Seat) -> ElectionSettings {
        ElectionSettings(
            local: seat.name, peer: seat.other.name, interval: options.interval, misses: options.misses,
            paths: options.paths,
            partition: options.without == .partitionPolicy ? .keepActive : options.partition,
            groups: options.groups.map { group in
                ElectionGroup(
                    name: group.name,
                    preference: group.prefers.map { $0 == seat ? .local : .peer } ?? .none,
                    preempt: group.preempt, together: group.together)
            })
    }
}
