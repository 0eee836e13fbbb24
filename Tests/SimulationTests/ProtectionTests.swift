import Simulation
import Testing

/// A simulator that finds nothing may be blind: with any one protection left out it must see.
struct ProtectionTests {
    static let telling: [(Protection, [FaultKind])] = [
        (.replayWindow, [.replay]), (.lateDirector, [.stall]), (.termCheck, [.cut]), (.queueDrain, [.stall]),
        (.repeatUntilAnswered, [.handover]), (.partitionPolicy, [.cut]), (.earlyRelease, [.isolation]),
        (.lateClaim, [.crash]), (.isolation, [.isolation]),
    ]

    @Test(arguments: telling)
    func `what is left out is found, and the same seed is clean with it`(left: Protection, kinds: [FaultKind]) {
        let found = (1...200).first { (seed: UInt64) in
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
