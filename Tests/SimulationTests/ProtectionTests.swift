import Simulation
import Testing

/// A simulator that finds nothing may be blind: with any one protection left out it must see.
struct ProtectionTests {
    /// What is left out, the faults that show it, and the seed that showed it last: it is looked at first, for the
    /// others before it cost a quarter of a minute.
    static let telling: [(Protection, [FaultKind], UInt64)] = [
        (.replayWindow, [.replay], 38), (.lateDirector, [.stall], 1), (.termCheck, [.cut], 1),
        (.queueDrain, [.stall], 27), (.repeatUntilAnswered, [.handover], 3), (.partitionPolicy, [.cut], 1),
        (.earlyRelease, [.isolation], 1), (.lateClaim, [.crash], 1), (.isolation, [.isolation], 2),
    ]

    @Test(arguments: telling)
    func `what is left out is found, and the same seed is clean with it`(
        left: Protection, kinds: [FaultKind], last: UInt64
    ) {
        let found = ([last] + Array(1...200)).first { (seed: UInt64) in
            var fate = Fate(seed: seed, failures: 10, kinds: kinds, without: left)
            return !fate.play().violations.isEmpty
        }
        guard let found else {
            Issue.record("nobody misses \(left.rawValue)")
            return
        }
        var fate = Fate(seed: found, failures: 10, kinds: kinds, isTold: true)
        let outcome = fate.play()
        #expect(outcome.violations.isEmpty, "\(outcome.story)")
    }

    @Test func `every protection is left out once`() {
        #expect(Set(Self.telling.map(\.0)) == Set(Protection.allCases))
    }
}
