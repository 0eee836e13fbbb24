import Commands
import Testing

struct PauseTests {
    @Test(arguments: [("1s", 1), ("90m", 5400), ("2h", 7200), ("1d", 86_400), ("7d", 604_800), ("168h", 604_800)])
    func `takes a length of 1 s to 7 days`(text: String, seconds: Int64) {
        #expect(PauseCommand.seconds(text) == seconds)
    }

    @Test(arguments: ["", "d", "0s", "8d", "169h", "1", "-1h", "1.5h", "999ms", "1h30m", "99999999999d"])
    func `refuses any other`(text: String) {
        #expect(PauseCommand.seconds(text) == nil)
    }
}
