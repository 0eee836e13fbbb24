import Addresses
import Election
import Heartbeat

/// The third machine: grants each group to one director at a time, for a takeover time.
struct SimulatedWitness {
    struct Grant: Hashable, Sendable {
        var seat: Seat
        var term: UInt64
        /// By the world's clock.
        var until: Instant
    }

    private let length: Duration
    /// By group. What stands here survives a restart as what the holders can show: sealed by the witness.
    private(set) var grants: [Grant?]
    /// After a restart: nobody gets what he cannot show to have had.
    private var startsUntil = Instant(nanoseconds: 0)

    init(groups: Int, length: Duration) {
        grants = Array(repeating: nil, count: groups)
        self.length = length
    }

    mutating func restart(now: Instant) {
        startsUntil = now + length
    }

    func isStarting(_ now: Instant) -> Bool { now < startsUntil }

    /// Whether the director gets what it asks for.
    mutating func decide(_ petition: Petition, from seat: Seat, now: Instant) -> Bool {
        let present = grants[petition.group].flatMap { now < $0.until ? $0 : nil }
        guard petition.role != .none else {
            if present?.seat == seat { grants[petition.group] = nil }
            return false
        }
        if let present, present.seat != seat { return false }
        guard present != nil || !isStarting(now) else { return false }
        grants[petition.group] = Grant(seat: seat, term: petition.term, until: now + length)
        return true
    }
}

extension SimulatedPair {
    mutating func sendPetition(_ petition: Petition, from seat: Seat, _ clock: Instant) {
        guard directors[seat.rawValue].surroundings.reachesWitness else { return }
        let event = Event.petition(seat, petition, life: directors[seat.rawValue].life, left: clock)
        queue.plan(event, at: now + witnessDelay(of: seat))
    }

    private mutating func witnessDelay(of seat: Seat) -> Duration {
        random.duration(in: directors[seat.rawValue].surroundings.witnessDelay ?? options.delay)
    }

    mutating func askWitness(_ petition: Petition, from seat: Seat, life: Int, left: Instant) {
        let isGranted = witness.decide(petition, from: seat, now: now)
        guard petition.role != .none, directors[seat.rawValue].surroundings.reachesWitness else { return }
        let grant = WitnessGrant(term: petition.term, until: left + options.takeoverTime)
        let event = Event.granted(seat, petition.group, isGranted ? grant : nil, life: life)
        queue.plan(event, at: now + witnessDelay(of: seat))
    }

    mutating func hearWitness(_ seat: Seat, _ group: Int, _ grant: WitnessGrant?, life: Int) {
        guard directors[seat.rawValue].life == life else { return }
        if let until = directors[seat.rawValue].suspendedUntil {
            queue.plan(.granted(seat, group, grant, life: life), at: until)
            return
        }
        let isNeeded = directors[seat.rawValue].machine?.groups[group].isBlocked == true
        directors[seat.rawValue].surroundings.answers.append((group, grant))
        if isNeeded || role(seat, group: group) == .waiting { wake(seat) }
    }

    package mutating func restartWitness() {
        witness.restart(now: now)
        for seat in Seat.allCases { disturb(seat, "the witness restarts") }
    }
}
