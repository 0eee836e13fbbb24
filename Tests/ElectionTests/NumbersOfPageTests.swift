import Addresses
import Election
import Pages
import Testing

/// The numbers of Docs/Election.md are the code's.
struct NumbersOfPageTests {
    private static let page = Page("Docs/Election.md")

    @Test func `the numbers of fitness and foreign claims`() {
        let rows = Page.rows(of: Self.page.section("## Fitness")).filter { $0.count == 2 }.dropFirst(2)
        let seconds = { (duration: Duration) in "\(duration.components.seconds) s" }
        #expect(
            rows.map { $0[1] } == [
                "\(GroupElection.fitterBy)", "\(seconds(GroupElection.fitterFor)) and a takeover time",
                seconds(GroupElection.stay), seconds(Restraint.first), seconds(Restraint.longest),
                seconds(Restraint.calm), seconds(GroupElection.defenceEvery),
            ])
    }

    @Test func `the times of a partition`() {
        let rows = Page.rows(of: Self.page.section("## Partition")).filter {
            $0.count == 3 && $0[2].contains("interval")
        }
        let times = PartitionTimes(interval: .seconds(1), misses: 5)
        #expect(
            rows.map { $0[2] }
                == [times.holding, times.claiming, times.margin].map { time in
                    let intervals = time.components.seconds
                    return intervals == 1 ? "1 interval" : "\(intervals) intervals"
                })
    }

    @Test(arguments: 2...100)
    func `a holder releases two intervals before a backup claims, and never in health`(misses: Int) {
        let interval = Duration.milliseconds(100)
        let times = PartitionTimes(interval: interval, misses: misses)
        #expect(times.claiming - times.holding == interval * 2 && times.holding >= interval * 3)
        if misses >= 4 { #expect(times.holding == interval * (misses - 1)) }
        // A grant lasts a takeover time and is renewed once an interval.
        #expect(interval * misses - times.margin > interval)
    }
}
