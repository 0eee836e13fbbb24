import Addresses
import Agreement
import Settings
import Testing

struct NextLookTests {
    static let own = Outcome.fail(.local(1))
    static let bad = Outcome.fail(.refused)

    /// Results, and after how many seconds the next one is looked for.
    @Test(
        arguments: [
            ([], 5), ([.pass], 5), ([.pass, bad], 1), ([.pass, bad, bad], 1), ([.pass, bad, .pass], 5),
            ([.pass, bad, bad, bad], 30), ([.pass, bad, bad, bad, bad], 30), ([bad], 30), ([bad, .pass], 1),
            ([bad, .pass, bad], 30), ([bad, .pass, .pass], 5), ([.pass, own], 5), ([bad, own], 30),
            ([.pass, bad, own], 1),
        ] as [([Outcome], Int)])
    func `the next look comes sooner while results contradict the verdict, and later while a server is down`(
        results: [Outcome], seconds: Int
    ) {
        var tally = Tally(rise: 2, fall: 3)
        for result in results { _ = tally.observe(result, now: Instant(nanoseconds: 1)) }
        var check = CheckSettings(
            interval: .seconds(5), fastInterval: .seconds(1), downInterval: .seconds(30), rise: 2, fall: 3)
        #expect(check.interval(after: tally) == .seconds(seconds))
        check.fastInterval = nil
        check.downInterval = nil
        #expect(check.interval(after: tally) == .seconds(5))
    }
}
