import Addresses
import Election
import Heartbeat

// The third machine, and each director's way to it: the machines of the daemons. The witness's clock is the world's.
extension SimulatedPair {
    /// What the heart tells its envoy.
    mutating func petition(_ petition: Petition, from seat: Seat, _ clock: Instant) {
        var events: [WitnessClient.Event] = []
        directors[seat.rawValue].envoy?.petition(petition, now: clock, into: &events)
        directors[seat.rawValue].surroundings.answers += events
        planAsking(seat)
    }

    private mutating func planAsking(_ seat: Seat) {
        guard let deadline = directors[seat.rawValue].envoy?.deadline else { return }
        let clock = directors[seat.rawValue].clock
        let at = now + clock.worldTime(of: max(.zero, deadline - clock.reading(at: now)))
        guard at < directors[seat.rawValue].asksAt else { return }
        directors[seat.rawValue].asksAt = at
        queue.plan(.asking(seat, life: directors[seat.rawValue].life), at: at)
    }

    mutating func ask(_ seat: Seat, life: Int) {
        guard directors[seat.rawValue].life == life, directors[seat.rawValue].asksAt <= now else { return }
        if let until = stands(seat) {
            directors[seat.rawValue].asksAt = until
            queue.plan(.asking(seat, life: life), at: until)
            return
        }
        directors[seat.rawValue].asksAt = .never
        let clock = clock(of: seat)
        // A clock that drifts may be a little behind the time that was planned.
        if let body = directors[seat.rawValue].envoy?.request(now: clock),
            directors[seat.rawValue].surroundings.reachesWitness
        {
            queue.plan(.petition(seat, body, life: life), at: now + witnessDelay(of: seat))
        }
        planAsking(seat)
    }

    private mutating func witnessDelay(of seat: Seat) -> Duration {
        random.duration(in: directors[seat.rawValue].surroundings.witnessDelay ?? options.delay)
    }

    mutating func judge(_ body: PetitionBody, from seat: Seat, life: Int) {
        var changes: [WitnessMachine.Change] = []
        let answer = witness.judge(body, from: petitioner(seat, life: life), now: now, into: &changes)
        guard let answer, directors[seat.rawValue].surroundings.reachesWitness else { return }
        queue.plan(.granted(seat, answer, life: life), at: now + witnessDelay(of: seat))
    }

    mutating func hearWitness(_ seat: Seat, _ answer: GrantBody, life: Int) {
        guard directors[seat.rawValue].life == life else { return }
        if let until = stands(seat) {
            queue.plan(.granted(seat, answer, life: life), at: until)
            return
        }
        var events: [WitnessClient.Event] = []
        let clock = clock(of: seat)
        directors[seat.rawValue].envoy?.receive(answer, now: clock, into: &events)
        guard !events.isEmpty else { return }
        directors[seat.rawValue].surroundings.answers += events
        let isAwaited = events.contains { event in
            role(seat, group: event.group)?.holds != true
        }
        if isAwaited { wake(seat) }
    }

    /// Until when the envoy stands still with its machine, or with the whole daemon.
    private func stands(_ seat: Seat) -> Instant? {
        let isFrozen = directors[seat.rawValue].isHandStalled
        return directors[seat.rawValue].suspendedUntil ?? (isFrozen ? directors[seat.rawValue].stalledUntil : nil)
    }

    func petitioner(_ seat: Seat, life: Int? = nil) -> WitnessMachine.Petitioner {
        let boot = BootID(high: UInt64(seat.rawValue), low: UInt64(life ?? directors[seat.rawValue].life))
        return WitnessMachine.Petitioner(pair: Self.pairID, director: UInt64(seat.rawValue) + 1, boot: boot)
    }

    /// Who has the witness's grant of a group, if anybody.
    func granted(_ group: Int) -> WitnessMachine.Petitioner? {
        witness.holding(pair: Self.pairID, group: groupIDs[group], now: now)?.holder
    }

    private static let pairID = fingerprint("tandem pair edge")

    package mutating func restartWitness() {
        witness = WitnessMachine(now: now)
        witnessStarted = now
        for seat in Seat.allCases { disturb(seat, "the witness restarts") }
    }

    /// Whether a witness that has just started grants nothing to who cannot show anything.
    var isWitnessStarting: Bool {
        now < witnessStarted + max(options.takeoverTime, .milliseconds(10)) * 65 / 64 + options.interval + options.slack
    }
}
