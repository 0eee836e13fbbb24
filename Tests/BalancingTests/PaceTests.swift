import Addresses
import Balancing
import Testing

/// A pace, by reference: the macros of a test change nothing.
private final class Gate {
    private var pace: Pace

    init(perSecond: Int, burst: Int) { pace = Pace(perSecond: perSecond, burst: burst) }

    func pass(_ count: Int, now: Instant) -> Instant? { pace.pass(count, now: now) }
}

@Suite struct PaceTests {
    @Test func `after a rest a burst passes, and then the rate`() {
        let pace = Gate(perSecond: 20_000, burst: 200)
        let start = Instant(nanoseconds: 5_000_000_000)
        #expect(pace.pass(200, now: start) == nil)
        #expect(pace.pass(40, now: start) == start + .milliseconds(2))
        #expect(pace.pass(40, now: start + .milliseconds(2)) == nil)
        #expect(pace.pass(1, now: start + .milliseconds(2)) != nil)
    }

    @Test func `whatever is asked when, no time has more than its rate and a burst, and waiting helps`() {
        for seed in 0..<50 {
            var random = SystemRandomNumberGenerator()
            let pace = Gate(perSecond: 20_000, burst: 200)
            var now = Instant(nanoseconds: UInt64(seed) * 1_000_000_000)
            var passed: [(at: Instant, count: Int)] = []
            for _ in 0..<300 {
                let count = Int.random(in: 0...40, using: &random)
                if let again = pace.pass(count, now: now) {
                    #expect(again > now && again - now <= .milliseconds(10))
                    now = Bool.random(using: &random) ? again : now + .microseconds(Int64.random(in: 0...9000))
                } else {
                    passed.append((now, count))
                }
            }
            var excess = Int64.min
            for first in passed.indices {
                var sum = 0
                for last in first..<passed.count {
                    sum += passed[last].count
                    let time = (passed[last].at - passed[first].at).nanoseconds
                    excess = max(excess, Int64(sum) - time / 50_000)
                }
            }
            #expect(excess <= 200 + 1)
        }
    }

    @Test func `more than a burst passes alone, and is paid for`() {
        let pace = Gate(perSecond: 1000, burst: 10)
        let start = Instant(nanoseconds: 1_000_000_000)
        #expect(pace.pass(100, now: start) == nil)
        #expect(pace.pass(1, now: start + .milliseconds(50)) != nil)
        #expect(pace.pass(1, now: start + .milliseconds(91)) == nil)
    }
}
