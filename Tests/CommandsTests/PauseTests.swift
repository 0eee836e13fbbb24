import Commands
import Control
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

struct StandbyTests {
    private func why(_ change: (inout Status) -> Void) -> String {
        var status = Situations.healthy
        change(&status)
        return status.whyNobodyTakes(from: "lb1")
    }

    @Test func `says why nobody takes what a director in standby has`() {
        #expect(why { $0.peer.state = .lost } == "lb2 is not heard")
        #expect(why { _ in } == "lb2 cannot take it")
        let cold = WarmthStatus(isWarm: false, holdsTable: true, known: 1, held: 9)
        #expect(why { $0.peer.warmth = cold }.hasPrefix("lb2 is not warm"))
        #expect(why { $0.warmth = cold } == "lb2 cannot take it")
        let author = Author(at: "lb1", uid: 0)
        #expect(
            why { $0.standby = [StandbyStatus(director: "lb2", author: author, since: 1, shared: true)] }
                == "lb2 is in standby as well")
    }
}
