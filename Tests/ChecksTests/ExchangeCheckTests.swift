import Agreement
import Checks
import Settings
import Testing

@Suite(.serialized) struct ExchangeCheckTests {
    static let ping = Exchange(send: Array("PING\r\n".utf8), expect: Pattern(Array("+PONG".utf8)))
    static let banner = Exchange(expect: (try? Pattern(regex: "^220[ -]")) ?? Pattern([0]))

    @Test(arguments: [
        (ping, TestServer.Behaviour.keeps("+PONG\r\n"), Verdict.up),
        (ping, .trickles("+PONG\r\n"), .up),
        (ping, .says("-ERR unknown command\r\n"), .down(.unexpected)),
        (ping, .keeps("-LOADING\r\n"), .down(.unexpected)),
        (ping, .silent, .down(.answerTimeout)),
        (ping, .resets, .down(.reset)),
        (ping, .floods(String(repeating: "x", count: 9000)), .down(.unexpectedWithin(65_536))),
        (banner, .greets("220 mail.example ESMTP\r\n"), .up),
        (banner, .greets("554 not today\r\n"), .down(.unexpected)),
        (banner, .silent, .down(.answerTimeout)),
    ])
    func `judges what a server says over TCP`(
        exchange: Exchange, behaviour: TestServer.Behaviour, verdict: Verdict
    ) async throws {
        let watch = Watch()
        let live = try await TestServer(behaviour)
        let waits = [.down(.unexpected), .down(.answerTimeout)].contains(verdict)
        watch.checker.adopt([
            ProbeSettings(live.endpoint, .exchange(exchange), interval: 30_000, timeout: waits ? 3000 : 20_000)
        ])
        let found = await watch.next().map(\.verdict)
        #expect(found == [verdict])
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `leaves a server at once that has said what is expected`() async throws {
        let watch = Watch()
        let live = try await TestServer(.keeps("+PONG\r\n"))
        watch.checker.adopt([ProbeSettings(live.endpoint, .exchange(Self.ping), interval: 30_000, timeout: 20_000)])
        #expect(await watch.next().map(\.verdict) == [.up])
        #expect(try await live.isLeft())
        watch.checker.stop()
        try await live.stop()
    }
}
