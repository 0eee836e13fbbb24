import Addresses
import Agreement
import Testing

struct TrackerTests {
    /// Looks, `+` or `-`, and when the tracker turns: `^` to passing, `v` to failing.
    static let rows: [(rise: Int, fall: Int, looks: String, turns: String)] = [
        (2, 2, "+", "^"), (2, 2, "-", "v"), (2, 2, "+-", "^."), (2, 2, "+--", "^.v"), (2, 2, "+-+-", "^..."),
        (2, 2, "--++", "v..^"), (2, 3, "+---+-", "^..v.."), (1, 1, "+-+-", "^v^v"), (3, 1, "-++-+++", "v.....^"),
    ]

    @Test(arguments: rows)
    func `the first look decides, then rise and fall do`(row: (rise: Int, fall: Int, looks: String, turns: String)) {
        var tracker = Tracker(rise: row.rise, fall: row.fall)
        var turns = ""
        for (index, look) in row.looks.enumerated() {
            let now = Instant(nanoseconds: UInt64(index))
            let hasTurned = tracker.observe(look == "+" ? .fine : .fault(50, "no"), now: now)
            turns += hasTurned ? (tracker.points == 0 ? "^" : "v") : "."
            if hasTurned { #expect(tracker.since == now) }
        }
        #expect(turns == row.turns)
    }

    @Test func `what fails fails for the newest reason, as badly as it says`() {
        var tracker = Tracker(rise: 2, fall: 2)
        #expect(tracker.points == 0 && tracker.state == nil)
        _ = tracker.observe(.fault(30, "file says 30"), now: Instant(nanoseconds: 1))
        let hasTurned = tracker.observe(.fault(80, "file says 80"), now: Instant(nanoseconds: 2))
        #expect(!hasTurned)
        #expect(tracker.points == 80 && tracker.state == .fault(80, "file says 80"))
        #expect(tracker.since == Instant(nanoseconds: 1))
    }

    @Test(arguments: [
        ([], 100), ([50], 50), ([50, 30], 20), ([50, 50], 1), ([100, 100, 100], 1), ([99], 1), ([1], 99),
    ])
    func `a score is 100 less what fails, and never 0`(points: [Int], score: Int) {
        #expect(Fitness.score(without: points) == UInt8(score))
    }
}
