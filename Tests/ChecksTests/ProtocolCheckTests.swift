import Agreement
import Checks
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
}
