import Glibc
import Testing

/// `TANDEM_WITNESS_SEEDS=10000` for more.
struct WitnessPropertyTests {
    @Test func `there are never two that have the grant, whatever is lost, late, doubled, restarted or renamed`() {
        let seeds = getenv("TANDEM_WITNESS_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 60
        var (grants, handovers) = (0, 0)
        for seed in 1...seeds {
            var world = WitnessWorld(seed: seed)
            for step in 0..<4000 {
                guard let broken = world.step() else { continue }
                Issue.record("seed \(seed), step \(step): \(broken)")
                return
            }
            grants += world.grants
            handovers += world.handovers
        }
        // The world is no desert.
        #expect(grants > 20 * Int(seeds) && handovers > 10 * Int(seeds))
    }
}
