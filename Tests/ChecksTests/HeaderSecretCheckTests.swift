import Addresses
import Agreement
import Checks
import Dialogues
import Settings
import Testing

/// Headers whose values stand in files, against a server that wants one and repeats it.
@Suite(.serialized) struct HeaderSecretCheckTests {
    private static let wanted = Array("Authorization: Bearer hunter2-of-the-shop\r\n".utf8)

    private static func server() async throws -> TestServer {
        try await TestServer(
            .answers { asked in
                let isLetIn = asked.contains(wanted)
                let head = isLetIn ? "HTTP/1.1 200 OK" : "HTTP/1.1 401 Unauthorized"
                let body = "I was told " + String(decoding: asked, as: UTF8.self)
                return Array("\(head)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
            })
    }

    private static func probe(_ server: TestServer, _ path: String) -> ProbeSettings {
        let check = HTTPCheck(headers: [.init("X-A", "b"), .init("Authorization", SecretFile(path))])
        return ProbeSettings(server.endpoint, .http(check), interval: 30_000, timeout: 20_000)
    }

    @Test(arguments: [
        ("Bearer hunter2-of-the-shop\n", Verdict.up), ("Bearer hunter2-of-the-shop", .up),
        ("Bearer hunter3", .down(.status(401))),
    ])
    func `a server is told what stands in the file`(content: String, verdict: Verdict) async throws {
        let file = SecretReadingTests.File(Array(content.utf8))
        let live = try await Self.server()
        let watch = Watch()
        watch.checker.adopt([Self.probe(live, file.path)])
        #expect(await watch.next().map(\.verdict) == [verdict])
        watch.checker.stop()
        try await live.stop()
    }

    @Test(arguments: [
        ("", CheckFailure.credentials(.secret)), (String(repeating: "a", count: 4097), .credentials(.secret)),
        ("a\r\nX-B: c\r\n", .headerSecret), ("a\n\n", .headerSecret), ("a\0", .headerSecret),
    ])
    func `what can be no header is no verdict about the server`(content: String, failure: CheckFailure) async throws {
        let file = SecretReadingTests.File(Array(content.utf8))
        let live = try await Self.server()
        let watch = Watch()
        let view = try await watch.look(at: Self.probe(live, file.path))
        #expect(view?.newest == .fail(failure) && view?.view == nil)
        #expect(live.connections == 0)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `nothing that is shown holds it`() async throws {
        let file = SecretReadingTests.File(Array("Bearer hunter2-of-the-shop".utf8))
        let live = try await Self.server()
        let watch = Watch()
        let probe = Self.probe(live, file.path)
        watch.checker.adopt([probe])
        #expect(await watch.next().map(\.verdict) == [.up])
        let trial = try #require(try await watch.checker.tryOnce(probe.server))
        #expect(trial.result.outcome == .pass)
        #expect(trial.lines.map(\.speaker) == [.director, .server])
        #expect(trial.lines[0].bytes == nil && trial.lines[0].count > 0)
        let heard = String(decoding: trial.lines[1].bytes ?? [], as: UTF8.self)
        let stars = String(repeating: "*", count: 26)
        #expect(heard.contains("X-A: b\r\nAuthorization: \(stars)\r\n") && !heard.contains("hunter2"))
        #expect(probe.check.words.contains("headers.Authorization: file \(file.path)"))
        let shown = "\(trial) \(probe) \(try await watch.checker.histories(of: [probe.server]))"
        #expect(!shown.contains("hunter2"))
        watch.checker.stop()
        try await live.stop()
    }
}
