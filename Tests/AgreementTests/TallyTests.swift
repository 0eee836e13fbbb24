import Addresses
import Agreement
import Testing

struct TallyTests {
    /// Results as a word: `+` passes, `-` fails; the verdicts that follow: `u`, `d`, or `.` for no change.
    @Test(arguments: [
        ("+", "u"),
        ("-", "d"),
        ("+--", "u.."),
        ("+---", "u..d"),
        ("+--+---", "u.....d"),
        ("-+", "d."),
        ("-++", "d.u"),
        ("-+-++", "d...u"),
        ("+----++--", "u..d..u.."),
    ])
    func `counts two good and three bad results in a row`(results: String, expected: String) {
        var tally = Tally(rise: 2, fall: 3)
        let verdicts = results.enumerated().map { index, result in
            let outcome: Outcome = result == "+" ? .pass : .fail(.refused)
            switch tally.observe(outcome, now: Instant(nanoseconds: UInt64(index))) {
            case .up: return "u"
            case .down: return "d"
            case nil: return "."
            }
        }
        #expect(verdicts.joined() == expected)
    }

    @Test(
        arguments: [
            (Outcome.fail(.reset), CheckFailure.reset),
            (.pass, .refused),
            (.warn(.certificateExpired), .refused),
            (.fail(.credentials(.secret)), .refused),
            (nil, .refused),
        ] as [(Outcome?, CheckFailure)])
    func `a server is down for the newest reason that is its own`(newest: Outcome?, expected: CheckFailure) {
        #expect(Verdict.down(.refused).failure(newest: newest) == expected)
        #expect(Verdict.up.failure(newest: newest) == nil)
    }

    @Test func `keeps the moment and the failure that decided`() {
        var tally = Tally(rise: 1, fall: 2)
        #expect(tally.view == nil)
        _ = tally.observe(.pass, now: Instant(nanoseconds: 1))
        _ = tally.observe(.fail(.refused), now: Instant(nanoseconds: 2))
        #expect(tally.observe(.fail(.status(503)), now: Instant(nanoseconds: 3)) == .down(.status(503)))
        #expect(tally.observe(.fail(.reset), now: Instant(nanoseconds: 4)) == nil)
        #expect(tally.view == View(verdict: .down(.status(503)), since: Instant(nanoseconds: 3)))
        #expect(tally.newest == .fail(.reset))
    }

    @Test func `does not hold the director's own failures against a server`() {
        var tally = Tally(rise: 1, fall: 1)
        #expect(tally.observe(.fail(.local(24)), now: Instant(nanoseconds: 1)) == nil)
        #expect(tally.observe(.fail(.credentials(.key)), now: Instant(nanoseconds: 1)) == nil)
        #expect(tally.view == nil)
        _ = tally.observe(.pass, now: Instant(nanoseconds: 2))
        #expect(tally.observe(.fail(.local(24)), now: Instant(nanoseconds: 3)) == nil)
        #expect(tally.view?.verdict == .up)
    }

    @Test func `inherits a verdict and then counts against it`() {
        var tally = Tally(rise: 1, fall: 2)
        let view = View(verdict: .up, since: Instant(nanoseconds: 7))
        tally.inherit(view)
        #expect(tally.observe(.fail(.refused), now: Instant(nanoseconds: 8)) == nil)
        #expect(tally.view == view)
        #expect(tally.observe(.fail(.refused), now: Instant(nanoseconds: 9)) == .down(.refused))
    }

    @Test func `refuses to decide on nothing`() async {
        await #expect(processExitsWith: .failure) { _ = Tally(rise: 0, fall: 1) }
    }
}
