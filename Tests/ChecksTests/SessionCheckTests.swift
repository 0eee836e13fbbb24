import Agreement
import Checks
import Settings
import Testing

/// Checks that go on within TLS, against a server that has a certificate made for the test.
@Suite(.serialized) struct SessionCheckTests {
    private static let authority = TestCertificate(nil)

    private static func verdict(
        _ language: SessionCheck.Language, preface: [String], names: String = "DNS:mail.example", says: String
    ) async throws -> [Verdict] {
        try await verdict(
            { .session(SessionCheck(language, tls: $0)) }, preface: preface, names: names, says: says)
    }

    private static func verdict(
        _ kind: (TLSCheck) -> CheckSettings.Kind, preface: [String], names: String, says: String
    ) async throws -> [Verdict] {
        let folder = PEMFolder()
        let tls = TLSCheck(
            name: "mail.example", authorities: .file(folder.write("ca.pem", certificate: authority)))
        let certificate = TestCertificate(names, serial: 3, by: authority)
        let live = try await TLSTestServer(.init(certificate: certificate, says: says, preface: preface))
        let watch = Watch()
        watch.checker.adopt([
            ProbeSettings(live.endpoint, kind(tls), interval: 30_000, timeout: 20_000)
        ])
        let verdicts = await watch.next().map(\.verdict)
        watch.checker.stop()
        try await live.stop()
        withExtendedLifetime(folder) {}
        return verdicts
    }

    static let smtp = ["220 mail.example ESMTP\r\n", "250-mail.example\r\n250 STARTTLS\r\n", "220 go ahead\r\n"]

    @Test(arguments: [
        (SessionCheck.Language.smtp, smtp, "250 mail.example\r\n221 Bye\r\n"),
        (.imap, ["* OK ready\r\n", "a OK begin\r\n"], "* BYE\r\nb OK\r\n"),
        (.pop3, ["+OK ready\r\n", "+OK begin\r\n"], "+OK Bye\r\n"),
        (.ftp, ["220 ready\r\n", "234 begin\r\n"], "221 Bye\r\n"),
    ])
    func `goes on within TLS`(language: SessionCheck.Language, preface: [String], says: String) async throws {
        #expect(try await Self.verdict(language, preface: preface, says: says) == [.up])
        let other = try await Self.verdict(language, preface: preface, names: "DNS:other.example", says: says)
        #expect(other == [.down(.tls(.wrongName))])
        let injected = preface.dropLast() + [preface[preface.count - 1] + "250 x\r\n"]
        #expect(
            try await Self.verdict(language, preface: Array(injected), says: says) == [.down(.reply(.injected))])
        #expect(
            try await Self.verdict(language, preface: preface, says: "rubbish\r\n")
                == [.down(.reply(.malformed(language == .smtp ? .hello : .farewell)))])
    }

    /// SSLRequest is answered with a letter, and the session begins within TLS with an invitation.
    @Test func `begins a session of PostgreSQL within TLS`() async throws {
        let welcome = "R\0\0\0\u{8}\0\0\0\0Z\0\0\0\u{5}I"
        func verdict(_ answer: String, names: String = "DNS:mail.example") async throws -> [Verdict] {
            try await Self.verdict(
                { .postgresql(PostgreSQLCheck(user: "a", tls: $0)) }, preface: ["", answer], names: names,
                says: welcome)
        }
        #expect(try await verdict("S") == [.up])
        #expect(try await verdict("N") == [.down(.postgresql(.withoutTLS))])
        #expect(try await verdict("S" + welcome) == [.down(.reply(.injected))])
        #expect(try await verdict("S", names: "DNS:other.example") == [.down(.tls(.wrongName))])
    }
}
