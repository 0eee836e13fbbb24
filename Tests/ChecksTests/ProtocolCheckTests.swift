import Agreement
import Checks
import Dialogues
import Settings
import Testing

/// Checks of protocols in frames, against servers on 127.0.0.1 that are made for the test.
@Suite(.serialized) struct ProtocolCheckTests {
    @Test(arguments: [
        // Asked for a password in MD5, and an authentication of which two bytes lack.
        (
            CheckSettings.Kind.postgresql(PostgreSQLCheck()), "R\0\0\0\u{C}\0\0\0\u{5}salt", Verdict.up
        ),
        (.postgresql(PostgreSQLCheck()), "R\0\0\0\u{6}\0\0", .down(.postgresql(.malformed))),
        // A bind that succeeds, and one of which the server is too busy.
        (.ldap(LDAPCheck()), "0\u{C}\u{2}\u{1}\u{1}a\u{7}\n\u{1}\0\u{4}\0\u{4}\0", .up),
        (
            .ldap(LDAPCheck()), "0\u{C}\u{2}\u{1}\u{1}a\u{7}\n\u{1}\u{33}\u{4}\0\u{4}\0", .down(.ldap(.bind(51)))
        ),
    ])
    func `judges what answers`(kind: CheckSettings.Kind, answer: String, verdict: Verdict) async throws {
        let watch = Watch()
        let live = try await TestServer(.keeps(answer))
        watch.checker.adopt([ProbeSettings(live.endpoint, kind, interval: 30_000, timeout: 20_000)])
        #expect(await watch.next().map(\.verdict) == [verdict])
        watch.checker.stop()
        try await live.stop()
    }

    /// What a server says that names another salt each time, and the most rounds, and does not know the password.
    private static func answer(_ asked: [UInt8]) -> [UInt8] {
        func message(_ number: UInt8, _ text: String) -> [UInt8] {
            [UInt8(ascii: "R"), 0, 0, 0, UInt8(8 + text.utf8.count), 0, 0, 0, number] + Array(text.utf8)
        }
        guard asked.first == UInt8(ascii: "p") else { return message(10, "SCRAM-SHA-256\0\0") }
        let words = String(decoding: asked.dropFirst(5), as: UTF8.self)
        guard let nonce = words.split(separator: "r=", maxSplits: 1).last, words.hasPrefix("SCRAM") else {
            return message(12, "v=" + String(repeating: "A", count: 43) + "=")
        }
        let salt = Base64.encoded((0..<16).map { _ in UInt8.random(in: 0...255) })
        return message(11, "r=\(nonce)x,s=\(String(decoding: salt, as: UTF8.self)),i=16384")
    }

    @Test func `salts a password anew for a server that names another salt each time`() async throws {
        let file = SecretReadingTests.File(Array("hunter2".utf8))
        let live = try await TestServer(.answers { Self.answer($0) })
        let watch = Watch()
        let check = PostgreSQLCheck(user: "a", password: SecretFile(file.path))
        let probe = ProbeSettings(live.endpoint, .postgresql(check), interval: 30_000, timeout: 20_000)
        watch.checker.adopt([probe])
        #expect(await watch.next().map(\.verdict) == [.down(.postgresql(.unproven))])
        let trial = try #require(try await watch.checker.tryOnce(probe.server))
        #expect(trial.result.outcome == .fail(.postgresql(.unproven)))
        #expect(trial.lines.map(\.speaker) == [.director, .server, .director, .server, .director, .server])
        watch.checker.stop()
        try await live.stop()
    }
}
