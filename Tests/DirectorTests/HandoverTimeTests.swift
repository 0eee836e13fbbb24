import Agreement
import Election
import Settings
import Testing

struct HandoverTimeTests {
    @Test(arguments: [Timing.default, .fast, .extreme, .virtualMachine])
    func `a lasting dispute has moved the group before it withdraws an address`(timing: Timing) {
        // The arbiter looks at disputes once a second, and the trackers are told then.
        let telling = Duration.seconds(2)
        #expect(telling + GroupElection.fitterFor + timing.takeoverTime < SharedVerdicts.handoverTime)
    }
}
