import Director
import Testing

struct LookPeriodTests {
    @Test(arguments: [
        (true, Duration.milliseconds(3), Duration.seconds(1)),
        (true, .milliseconds(200), .seconds(2)),
        (true, .seconds(2), .seconds(5)),
        (false, .milliseconds(3), .seconds(5)),
        (false, .seconds(20), .seconds(5)),
    ])
    func `looks often at first, less often at a large table, and never less than usual`(
        isNew: Bool, spent: Duration, expected: Duration
    ) {
        #expect(LookPeriod.next(isNew: isNew, spent: spent) == expected)
    }
}
