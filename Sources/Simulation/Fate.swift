import Addresses
import Election
import Heartbeat

/// What one seed does to a pair: options drawn for it, and episodes of faults, each until the pair is at rest again.
package struct Fate {
    /// What came of a seed.
    package struct Outcome: Sendable {
        package var tally: Tally
        package var violations: [String]
        package var story: String
    }

    var pair: SimulatedPair
    var random: SplitMix64
    /// What may happen under this seed.
    let kinds: [FaultKind]
    let failures: Int
    var tally = Tally()
    /// The faults of the episode, and which of them last now.
    var faults: [Fault] = []
    var lasting: Set<Int> = []
    /// What an episode of one fault must lead to.
    var expectation = Expectation.nothing
    var episodeBegan = Instant(nanoseconds: 0)
    /// When somebody last asked for a change of roles.
    var askedAt: Instant?
    /// Until when a holder may rest from a handover that its own unfitness began and that did not happen.
    var restsUntil = Instant(nanoseconds: 0)
    /// Who served each group when the episode began.
    var before: [Seat?] = []

    /// `kinds`: what may happen; absent: what the seed says.
    package init(
        seed: UInt64, failures: Int = 100, kinds: [FaultKind]? = nil, without: Protection? = nil, isTold: Bool = false
    ) {
        var random = SplitMix64(seed: seed ^ 0xFA7E_0000_0000)
        var options = SimulatedPair.Options(drawnFrom: &random)
        options.seed = seed
        options.without = without
        options.isTold = isTold
        let drawn = kinds ?? Self.drawKinds(options, &random)
        options.restarts = drawn.contains(.restart)
        self.kinds = drawn
        self.random = random
        self.failures = failures
        pair = SimulatedPair(options)
        let isRecorded = drawn.contains(.replay) || drawn.contains(.forgery)
        for seat in Seat.allCases { pair.tapes[seat.rawValue].isRunning = isRecorded }
    }

    /// Plays until enough has failed or something that must never be has been.
    package mutating func play() -> Outcome {
        begin()
        var isBroken = !settle()
        while !isBroken, tally.failures < failures {
            runEpisode()
            isBroken = !settle() || !pair.oracle.violations.isEmpty
        }
        tally.seeds = 1
        tally.simulated = pair.now - Instant(nanoseconds: 1_000_000_000_000)
        return Outcome(tally: tally, violations: pair.oracle.violations, story: story)
    }

    /// Both directors, one of them, or one after the other.
    private mutating func begin() {
        pair.trace.add(pair.now, nil, pair.options.words)
        episodeBegan = pair.now
        if random.chance(0.8) { pair.start(.lb1) }
        if random.chance(0.5) { pair.run(for: random.times(0, 4, pair.options.takeoverTime)) }
        pair.start(.lb2)
    }

    private var story: String {
        pair.options.isTold ? pair.story : ""
    }

    /// A subset of the kinds, and of those some more often than others.
    private static func drawKinds(_ options: SimulatedPair.Options, _ random: inout SplitMix64) -> [FaultKind] {
        let possible = FaultKind.allCases.filter { $0 != .pathCut || options.paths > 1 }
        var drawn: [FaultKind] = []
        let share = 0.3 + 0.7 * random.fraction()
        while drawn.count < 3 {
            for kind in possible where random.chance(share) {
                drawn += Array(repeating: kind, count: 1 + random.index(below: 3))
            }
            // Not every seed has two paths; those that do make up for it.
            if options.paths > 1, random.chance(share) { drawn.append(.pathCut) }
        }
        return drawn
    }
}

extension SimulatedPair.Options {
    /// Anything that a configuration allows, from extreme to slow.
    init(drawnFrom random: inout SplitMix64) {
        self.init()
        interval = .milliseconds(random.pick([3, 5, 10, 20, 50, 50, 100, 100, 200, 200, 500, 500]))
        misses = random.pick([2, 3, 3, 4, 5, 6])
        paths = random.pick([1, 2, 2, 3])
        jitter = .zero...min(interval / 20, .microseconds(random.pick([20, 200, 2000])))
        delay = .microseconds(20)...min(interval / 20, .microseconds(random.pick([60, 300, 3000])))
        handTime = random.pick([
            .microseconds(50)...(.milliseconds(1)), .milliseconds(1)...(.milliseconds(20)),
            .milliseconds(5)...(.milliseconds(60)),
        ])
        drift = (0..<2).map { _ in random.pick([-300, -100, 0, 0, 20, 100, 300]) }
        if random.chance(0.3) { renewal.age = .seconds(1 + random.index(below: 20)) }
        if random.chance(0.2) { renewal.datagrams = UInt64(100 + random.index(below: 5000)) }
        if random.chance(0.05) { talk = interval...(interval * 20) }
        if random.chance(0.2) { rotation = interval...(takeoverTime * 4) }
        inboxRoom = random.pick([8, 64, 256])
        groups = (0..<random.pick([1, 1, 1, 2, 2, 3, 4])).map { index in
            let preferred = random.pick([nil, Seat.lb1, .lb2])
            let isPreempted = preferred != nil && random.chance(0.25)
            return SimulatedPair.Group(
                name: "g\(index)", prefers: preferred, preempt: isPreempted ? takeoverTime * 2 : nil)
        }
        partition = random.pick([.keepActive, .requireGateway, .requireWitness])
        if groups.count > 1, random.chance(0.3) { bindTogether(&random) }
        if partition == .keepActive { hasNeighbours = random.chance(0.75) }
    }

    /// The first groups have one holder.
    private mutating func bindTogether(_ random: inout SplitMix64) {
        for index in 0..<(2 + random.index(below: groups.count - 1)) {
            groups[index].together = 0
            groups[index].prefers = groups[0].prefers
            groups[index].preempt = groups[0].preempt
        }
    }

    var words: String {
        let groups = groups.map { group in
            let preempt = group.preempt.map { ", preempt after \($0)" } ?? ""
            let together = group.together == nil ? "" : ", together"
            return
                "\(group.name) (\(group.prefers.map { "prefers \($0.name)" } ?? "no preference")\(preempt)\(together))"
        }
        let company = hasNeighbours ? "" : ", nobody else on the link"
        let renewals = (rotation == nil ? "" : ", keys rotate") + (talk == nil ? "" : ", messages travel")
        return
            "\(partition), \(interval) × \(misses), paths \(paths), jitter \(jitter.upperBound), "
            + "delay \(delay.upperBound), "
            + "hand \(handTime.upperBound), drift \(drift), room \(inboxRoom)\(company)\(renewals): "
            + groups.joined(separator: ", ")
    }
}
