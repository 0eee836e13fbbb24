import Heartbeat
import Simulation
import Testing

struct RefusalCountsTests {
    @Test func `each refusal has a counter of its own`() {
        var counts = RefusalCounts()
        for (index, refusal) in Refusal.allCases.enumerated() {
            for _ in 0...index { counts.count(refusal) }
        }
        for (index, refusal) in Refusal.allCases.enumerated() { #expect(counts[refusal] == UInt64(index + 1)) }
        #expect(counts.total == UInt64((1...Refusal.allCases.count).reduce(0, +)))
    }

    @Test func `a copy counts on by itself`() {
        var counts = RefusalCounts()
        counts.count(.badSeal)
        var copy = RefusalCounts()
        copy.count(.tooOld)
        copy.copy(counts)
        #expect(copy == counts)
        copy.count(.badSeal)
        #expect(copy[.badSeal] == 2 && counts[.badSeal] == 1)
    }

    @Test func `no two lives of a daemon have one boot id`() {
        var random = SplitMix64(seed: 3)
        let boots = Set((0..<1000).map { _ in BootID(random: &random) })
        #expect(boots.count == 1000)
    }
}
