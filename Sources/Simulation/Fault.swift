/// What goes wrong, or is asked for.
package enum FaultKind: Int, Hashable, Sendable, CaseIterable {
    case crash, reboot, stall, suspension, cut, oneWayCut, pathCut, loss, disorder, hand, overflow, replay, forgery
    case handover, stop, restart, unfitness
    case isolation, carrier, gateway, witness, ailment, foreignClaim

    package var words: String {
        switch self {
        case .crash: "daemon killed"
        case .reboot: "machine rebooted"
        case .stall: "late heart"
        case .suspension: "machine suspended"
        case .cut: "network cut"
        case .oneWayCut: "cut one way"
        case .pathCut: "some paths cut"
        case .loss: "datagrams lost"
        case .disorder: "doubled, delayed, reordered"
        case .hand: "hand fails, is slow, forgets"
        case .overflow: "queues overflow"
        case .replay: "recordings played again"
        case .forgery: "forged or altered"
        case .handover: "handover asked for"
        case .stop: "daemon stopped"
        case .restart: "daemon restarted"
        case .unfitness: "director unfit"
        case .isolation: "cut off from everybody"
        case .carrier: "carrier lost"
        case .gateway: "gateway gone"
        case .witness: "witness gone, new, slow"
        case .ailment: "director less fit"
        case .foreignClaim: "foreign claim"
        }
    }
}

/// One thing that goes wrong for a while.
struct Fault: Sendable {
    var kind: FaultKind
    /// Whose fault it is; of a wire, the sender's.
    var seat: Seat
    var group: Int
    /// After the episode's begin.
    var begin: Duration
    var length: Duration
    /// Shorter than what any director may take for a death.
    var isBrief = false
    /// 0 to 1.
    var strength: Double
    /// Picks among the ways in which a kind can happen.
    var variant: Int
    /// The paths concerned.
    var paths: Set<Int>

    /// The moment of silence in which a handover began is over.
    var hasBlinked = false

    var end: Duration { begin + length }
    var allPaths: Bool { paths.isEmpty }
}

extension Fault {
    /// Draws one of a kind.
    init(_ kind: FaultKind, _ options: SimulatedPair.Options, begin: Duration, _ random: inout SplitMix64) {
        self.kind = kind
        self.begin = begin
        seat = random.chance(0.5) ? .lb1 : .lb2
        group = random.index(below: options.groups.count)
        strength = random.fraction()
        variant = random.index(below: 4)
        paths = []
        length = random.times(1.05, 1.8, Self.needed(kind, options))
        if let harmless = Self.longestBrief(kind, options), harmless > options.interval, random.chance(0.4) {
            isBrief = true
            length = options.interval + random.times(0.02, 0.95, harmless - options.interval)
        } else if Self.canBeLong.contains(kind), random.chance(options.interval < .milliseconds(20) ? 0.02 : 0.08) {
            length = options.lease + random.times(0.5, 1.5, options.takeover)
        }
        // Fitness alone moves a group only after a while; most ailments are over before.
        if kind == .ailment, random.chance(options.interval < .milliseconds(20) ? 0.01 : 0.1) {
            length = .seconds(34) + options.takeover + random.times(0, 1, options.takeover)
        }
        if kind == .pathCut || (kind == .loss && options.paths > 1 && variant > 1) {
            let spared = random.index(below: options.paths)
            paths = Set((0..<options.paths).filter { $0 != spared && (variant % 2 == 0 || random.chance(0.5)) })
            if paths.isEmpty { paths = [(spared + 1) % options.paths] }
        }
    }

    /// A heart that stood still beats at once; a wire that was cut is silent until the next heartbeat.
    private static func longestBrief(_ kind: FaultKind, _ options: SimulatedPair.Options) -> Duration? {
        switch kind {
        case .stall, .suspension, .overflow: options.harmless
        case .cut, .oneWayCut, .isolation:
            options.misses > 3 ? options.harmless.map { $0 - options.interval } : nil
        default: nil
        }
    }

    private static let canBeLong: Set<FaultKind> = [
        .crash, .reboot, .stall, .suspension, .cut, .overflow, .isolation, .gateway, .witness,
    ]

    /// Whether it lasts long enough to require a change of roles or to forbid one: what counts as a failure.
    func isFailure(_ options: SimulatedPair.Options) -> Bool {
        length >= (isBrief ? options.interval : Self.needed(kind, options))
    }

    /// What a fault must outlast to require anything.
    private static func needed(_ kind: FaultKind, _ options: SimulatedPair.Options) -> Duration {
        // A hand that forgets loses an order every so often: the longer, the worse.
        kind == .hand ? options.plainTakeover : options.takeover
    }

    func overlaps(_ other: Fault) -> Bool { begin < other.end && other.begin < end }
}
