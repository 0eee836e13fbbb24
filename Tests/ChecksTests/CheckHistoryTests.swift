import Addresses
import Agreement
import Checks
import Dialogues
import Settings
import Testing

/// What is remembered of checks, and those that somebody runs by hand.
struct CheckHistoryTests {
    private static let http = CheckSettings.Kind.http(HTTPCheck(path: "/healthz"))

    @Test func `remembers the last twelve results and when the next one is due`() async throws {
        let watch = Watch()
        let live = try await TestServer(.says("HTTP/1.1 200 OK\r\n\r\n"))
        let probe = ProbeSettings(live.endpoint, Self.http, interval: 100, timeout: 90)
        watch.checker.adopt([probe])
        var history: CheckHistory?
        for _ in 0..<300 where history?.results.count ?? 0 < 12 {
            try await Task.sleep(for: .milliseconds(100))
            history = try await watch.checker.histories(of: [probe.server]).first
        }
        let found = try #require(history)
        #expect(found.results.count == 12 && found.view != nil && found.target == live.endpoint)
        #expect(zip(found.results, found.results.dropFirst()).allSatisfy { $0.start < $1.start })
        #expect(found.due >= found.results[11].start)
        let unknown = ServerKey(service: "other", server: live.endpoint)
        let others = try await watch.checker.histories(of: [unknown])
        #expect(others.isEmpty)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `a check by hand shows what is said, and counts for nothing`() async throws {
        let watch = Watch()
        let live = try await TestServer(.says("HTTP/1.1 503 Busy\r\n\r\n"))
        let hour = 3_600_000
        let probe = ProbeSettings(live.endpoint, Self.http, interval: hour, timeout: 10_000)
        watch.checker.adopt([probe])
        #expect(await watch.next().map(\.verdict) == [.down(.status(503))])
        let trial = try #require(try await watch.checker.tryOnce(probe.server))
        #expect(trial.result.outcome == .fail(.status(503)))
        try #require(trial.lines.map(\.speaker) == [.director, .server])
        let said = trial.lines.compactMap(\.bytes).map { String(decoding: $0, as: UTF8.self) }
        #expect(said[0].hasPrefix("GET /healthz HTTP/1.1\r\n") && said[1] == "HTTP/1.1 503 Busy\r\n\r\n")
        let results = try await watch.checker.histories(of: [probe.server]).first?.results
        #expect(results?.count == 1)
        watch.checker.adopt([ProbeSettings(live.endpoint, .none)])
        let none = try await watch.checker.tryOnce(probe.server)
        #expect(none?.result == nil)
        watch.checker.stop()
        try await live.stop()
    }
}
