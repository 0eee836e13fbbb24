package import Addresses
import Election
import Heartbeat

/// What a director's service link reaches, and what its lookout has seen of it.
struct SimulatedSurroundings {
    var hasCarrier = true
    var reachesNeighbours = true
    var reachesGateway = true
    /// Since when no neighbour can be reached.
    var isolatedSince: Instant?
    /// What the lookout says.
    var outlook = Outlook()
    /// Whether the machine has not heard it yet.
    var isNews = false
    /// The lookout probes once an interval.
    var isUrgent = false
    /// Questions in a row that no gateway has answered.
    var unanswered = 0
    /// Counts the lookout's changes of rhythm: what belongs to an earlier one is over.
    var rhythm = 0
    /// How the witness is reached.
    var reachesWitness = true
    var witnessDelay: ClosedRange<Duration>?
    /// What the witness said, for groups that the machine has not heard of yet.
    var answers: [WitnessClient.Event] = []
    /// Soft faults.
    var score: UInt8 = 100

    /// Whether a gateway's answer comes.
    var isAtGateway: Bool { hasCarrier && reachesNeighbours && reachesGateway }

    /// A daemon begins: its lookout knows nothing.
    mutating func begin() {
        outlook = Outlook(hasCarrier: hasCarrier)
        isNews = true
        isUrgent = false
        unanswered = 0
        rhythm += 1
        answers = []
    }
}

extension SimulatedPair {
    // MARK: The lookout

    mutating func lookOut(_ seat: Seat, isUrgent: Bool) {
        directors[seat.rawValue].surroundings.isUrgent = isUrgent
        directors[seat.rawValue].surroundings.rhythm += 1
        if isUrgent { probe(seat, directors[seat.rawValue].surroundings.rhythm) } else { planProbe(seat) }
    }

    mutating func probe(_ seat: Seat, _ rhythm: Int) {
        guard directors[seat.rawValue].isRunning, directors[seat.rawValue].surroundings.rhythm == rhythm else { return }
        planProbe(seat)
        if options.noticesSilentGateways { doubtGateways(of: seat) }
        let around = directors[seat.rawValue].surroundings
        guard
            options.hasNeighbours, directors[seat.rawValue].suspendedUntil == nil, around.hasCarrier,
            around.reachesNeighbours
        else { return }
        let event = Event.answer(seat, life: directors[seat.rawValue].life, gateway: around.reachesGateway)
        queue.plan(event, at: now + random.duration(in: options.delay) + random.duration(in: options.delay))
    }

    private mutating func planProbe(_ seat: Seat) {
        let around = directors[seat.rawValue].surroundings
        let pause = around.isUrgent ? options.interval : max(.seconds(1), options.takeoverTime)
        queue.plan(.probe(seat, rhythm: around.rhythm), at: now + pause)
    }

    /// A gateway that left three questions unanswered is silent (`Vigil`).
    private mutating func doubtGateways(of seat: Seat) {
        guard directors[seat.rawValue].suspendedUntil == nil else { return }
        let before = directors[seat.rawValue].surroundings.unanswered
        directors[seat.rawValue].surroundings.unanswered += 1
        guard before >= 3, !directors[seat.rawValue].surroundings.outlook.lacksGateways else { return }
        directors[seat.rawValue].surroundings.outlook.lacksGateways = true
        directors[seat.rawValue].surroundings.isNews = true
        wake(seat)
    }

    mutating func hearAnswer(_ seat: Seat, life: Int, gateway: Bool) {
        guard directors[seat.rawValue].life == life else { return }
        if let until = directors[seat.rawValue].suspendedUntil {
            queue.plan(.answer(seat, life: life, gateway: gateway), at: until)
            return
        }
        let clock = clock(of: seat)
        directors[seat.rawValue].surroundings.outlook.neighbourAnswered = clock
        directors[seat.rawValue].surroundings.outlook.hasNeighbours = true
        if gateway {
            directors[seat.rawValue].surroundings.outlook.gatewayAnswered = clock
            directors[seat.rawValue].surroundings.outlook.lacksGateways = false
            directors[seat.rawValue].surroundings.unanswered = 0
        }
        directors[seat.rawValue].surroundings.isNews = true
        if directors[seat.rawValue].surroundings.isUrgent { wake(seat) }
    }

    /// What the other organs have for the heart.
    mutating func hearSurroundings(_ seat: Seat, _ clock: Instant) {
        let index = seat.rawValue
        if directors[index].surroundings.isNews {
            directors[index].surroundings.isNews = false
            var outlook = directors[index].surroundings.outlook
            if options.without == .isolation { outlook.hasNeighbours = false }
            for group in options.groups.indices {
                directors[index].machine?.setOutlook(outlook, group: group, now: clock, into: &orders)
            }
        }
        for answer in directors[index].surroundings.answers {
            directors[index].machine?.setGrant(answer.grant, group: answer.group, now: clock, into: &orders)
        }
        directors[index].surroundings.answers.removeAll(keepingCapacity: true)
        if options.without == .earlyRelease { indulge(seat, clock) }
    }

    /// A holder that somebody always vouches for never releases.
    private mutating func indulge(_ seat: Seat, _ clock: Instant) {
        for group in options.groups.indices where role(seat, group: group)?.holds == true {
            let grant = WitnessGrant(term: term(seat, group: group) ?? 0, until: .never)
            directors[seat.rawValue].machine?.setGrant(grant, group: group, now: clock, into: &orders)
            var outlook = directors[seat.rawValue].surroundings.outlook
            outlook.gatewayAnswered = clock
            directors[seat.rawValue].machine?.setOutlook(outlook, group: group, now: clock, into: &orders)
        }
    }

    // MARK: What happens to the surroundings

    /// Changes what a director's service link reaches.
    package mutating func setSurroundings(
        of seat: Seat, carrier: Bool = true, neighbours: Bool = true, gateway: Bool = true
    ) {
        let before = directors[seat.rawValue].surroundings
        guard
            before.hasCarrier != carrier || before.reachesNeighbours != neighbours
                || before.reachesGateway != gateway
        else { return }
        directors[seat.rawValue].surroundings.hasCarrier = carrier
        directors[seat.rawValue].surroundings.reachesNeighbours = neighbours
        directors[seat.rawValue].surroundings.reachesGateway = gateway
        let isIsolated = !carrier || !neighbours
        directors[seat.rawValue].surroundings.isolatedSince = isIsolated ? before.isolatedSince ?? now : nil
        let reached = [carrier ? "a carrier" : nil, neighbours ? "neighbours" : nil, gateway ? "a gateway" : nil]
        disturb(seat, "reaches \(reached.compactMap(\.self))")
        guard before.hasCarrier != carrier else { return }
        directors[seat.rawValue].surroundings.outlook.hasCarrier = carrier
        directors[seat.rawValue].surroundings.isNews = true
        wake(seat)
    }

    /// Changes how a director reaches the witness.
    package mutating func setWitness(
        of seat: Seat, isReached: Bool = true, delay: ClosedRange<Duration>? = nil
    ) {
        let before = directors[seat.rawValue].surroundings
        guard before.reachesWitness != isReached || before.witnessDelay != delay else { return }
        directors[seat.rawValue].surroundings.reachesWitness = isReached
        directors[seat.rawValue].surroundings.witnessDelay = delay
        let slow = delay.map { ", up to \($0.upperBound) away" } ?? ""
        disturb(seat, isReached ? "reaches the witness\(slow)" : "does not reach the witness")
    }

    /// What soft faults leave, for all groups.
    package mutating func setScore(_ score: UInt8, of seat: Seat) {
        directors[seat.rawValue].surroundings.score = score
        let groups = options.groups.indices
        command(seat, "has score \(score)") { machine, now, orders in
            for group in groups { machine.setScore(score, group: group, now: now, into: &orders) }
        }
    }

    /// Somebody's ARP with an address of a group reaches a director.
    package mutating func claimForeign(group: Int = 0, by mac: MACAddress, seenBy seat: Seat) {
        command(seat, "sees \(mac) claim \(options.groups[group].name)") {
            $0.foreignClaim(of: group, by: mac, now: $1, into: &$2)
        }
    }
}

extension Seat {
    /// Of its service link.
    package var mac: MACAddress { MACAddress(number: 0x02_00_00_00_00_01 + UInt64(rawValue)) }
}
