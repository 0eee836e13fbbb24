import Agreement
import Checks
import Settings
import Testing

@Suite(.serialized) struct RedisCheckTests {
    @Test(arguments: [
        (TestServer.Behaviour.keeps("+PONG\r\n"), Verdict.up),
        (.trickles("+PONG\r\n"), .up),
        (.says("-LOADING Redis is loading the dataset in memory\r\n"), .down(.redis(.loading))),
        (.greets("-DENIED Redis is running in protected mode\r\n"), .down(.redis(.protected))),
        (.floods(String(repeating: "x", count: 3000)), .down(.overlong(4096))),
        (.silent, .down(.answerTimeout)),
    ])
    func `judges what answers to PING`(behaviour: TestServer.Behaviour, verdict: Verdict) async throws {
        let watch = Watch()
        let live = try await TestServer(behaviour)
        let timeout = verdict == .down(.answerTimeout) ? 3000 : 20_000
        watch.checker.adopt([
            ProbeSettings(live.endpoint, .redis(RedisCheck()), interval: 30_000, timeout: timeout)
        ])
        #expect(await watch.next().map(\.verdict) == [verdict])
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `a missing secret is no verdict about the server`() async throws {
        let watch = Watch()
        let live = try await TestServer(.keeps("+PONG\r\n"))
        let check = RedisCheck(password: SecretFile("/nowhere/secret"))
        let probe = ProbeSettings(live.endpoint, .redis(check), interval: 30_000, timeout: 20_000)
        watch.checker.adopt([probe])
        var view: CheckView?
        for _ in 0..<1500 where view?.newest == nil {
            try await Task.sleep(for: .milliseconds(20))
            view = try await watch.checker.snapshot()[probe.server]
        }
        #expect(view?.newest == .fail(.credentials(.secret)) && view?.view == nil)
        #expect(live.connections == 0)
        watch.checker.stop()
        try await live.stop()
    }
}
