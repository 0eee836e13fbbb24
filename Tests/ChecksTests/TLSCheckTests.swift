import Agreement
import COpenSSL
import Checks
import Settings
import Testing

/// Checks over TLS against a server that has certificates made for the test.
@Suite(.serialized) struct TLSCheckTests {
    static let authority = TestCertificate(nil)
    static let stranger = TestCertificate(nil, serial: 2)

    enum Check: Sendable {
        case tls, https
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var names = "DNS:shop.example"
        var days = -1...365
        var signer: TestCertificate? = TLSCheckTests.authority
        var sni: String? = "shop.example"
        var warnBefore = Duration.seconds(14 * 86_400)
        var verifies = true
        var version = TLS1_3_VERSION
        var says = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        var verdict: Verdict
        var remark: CheckWarning?

        init(_ description: String, _ verdict: Verdict, _ change: (inout Case) -> Void = { _ in }) {
            testDescription = description
            self.verdict = verdict
            change(&self)
        }
    }

    static let cases = [
        Case("right", .up),
        Case("right in TLS 1.2", .up) { $0.version = TLS1_2_VERSION },
        Case("TLS 1.1", .down(.tls(.alert(70)))) { $0.version = TLS1_1_VERSION },
        Case("a wildcard", .up) { ($0.names, $0.sni) = ("DNS:*.shop.example", "www.shop.example") },
        Case("another name", .down(.tls(.wrongName))) { $0.names = "DNS:shop.example.com" },
        Case("the address, and no name asked for", .up) { ($0.names, $0.sni) = ("IP:127.0.0.1", nil) },
        Case("no address, and no name asked for", .down(.tls(.wrongName))) { $0.sni = nil },
        Case("expired", .down(.tls(.expired))) { $0.days = -9 ... -2 },
        Case("not valid yet", .down(.tls(.notYetValid))) { $0.days = 2...9 },
        Case("signed by itself", .down(.tls(.selfSigned))) { $0.signer = nil },
        Case("of an unknown authority", .down(.tls(.unknownAuthority))) { $0.signer = TLSCheckTests.stranger },
        Case("expired, and nobody looks", .up) { ($0.days, $0.verifies, $0.warnBefore) = (-9 ... -2, false, .zero) },
        Case("expired, and nobody looks but for the warning", .up) {
            ($0.days, $0.verifies, $0.remark) = (-9 ... -2, false, .certificateExpired)
        },
        Case("another name, and nobody looks", .up) { ($0.names, $0.verifies) = ("DNS:a", false) },
        Case("expires soon", .up) { ($0.days, $0.remark) = (-1...5, .certificateExpires(days: 5)) },
        Case("expires soon, and no warning is wanted", .up) { ($0.days, $0.warnBefore) = (-1...5, .zero) },
    ]

    @Test(arguments: cases, [Check.tls, .https])
    func `judges a certificate`(row: Case, kind: Check) async throws {
        let folder = PEMFolder()
        let file = folder.write("ca.pem", certificate: Self.authority)
        let check = TLSCheck(
            name: row.sni, authorities: row.verifies ? .file(file) : .none, warnBefore: row.warnBefore)
        let certificate = TestCertificate(row.names, days: row.days, serial: 3, by: row.signer)
        let live = try await TLSTestServer(.init(certificate: certificate, version: row.version, says: row.says))
        let watch = Watch()
        let probe = ProbeSettings(
            live.endpoint, kind == .tls ? .tls(check, Exchange()) : .http(HTTPCheck(tls: check)), interval: 30_000,
            timeout: 3000)
        watch.checker.adopt([probe])
        #expect(await watch.next().map(\.verdict) == [row.verdict])
        let newest = try await watch.checker.snapshot()[probe.server]?.newest
        if row.verdict == .up { #expect(newest == row.remark.map { .warn($0) } ?? .pass) }
        watch.checker.stop()
        try await live.stop()
        withExtendedLifetime(folder) {}
    }

    private func verdict(
        _ check: TLSCheck, _ kind: CheckSettings.Kind? = nil, of character: TLSTestServer.Character
    ) async throws -> [Verdict] {
        let live = try await TLSTestServer(character)
        let watch = Watch()
        watch.checker.adopt([
            ProbeSettings(live.endpoint, kind ?? .http(HTTPCheck(tls: check)), interval: 30_000, timeout: 20_000)
        ])
        let verdicts = await watch.next().map(\.verdict)
        watch.checker.stop()
        try await live.stop()
        return verdicts
    }

    @Test func `shows its own certificate to a server that wants one`() async throws {
        let folder = PEMFolder()
        let own = TestCertificate("DNS:director.example", serial: 4, by: Self.authority)
        let both = folder.write("both.pem", certificate: own, key: own)
        let server = TLSTestServer.Character(
            certificate: TestCertificate("DNS:a", serial: 5, by: Self.authority), clients: Self.authority)
        let none = TLSCheck(authorities: .none)
        #expect(try await verdict(none, of: server) == [.down(.tls(.alert(116)))])
        #expect(try await verdict(TLSCheck(authorities: .none, certificate: both), of: server) == [.up])
        let certificate = folder.write("certificate.pem", certificate: own)
        let key = folder.write("key.pem", key: own)
        #expect(
            try await verdict(TLSCheck(authorities: .none, certificate: certificate, key: key), of: server) == [.up])
    }

    @Test func `says and expects something over TLS`() async throws {
        let server = TLSTestServer.Character(
            certificate: TestCertificate("DNS:a", serial: 6, by: Self.authority), says: "* OK ready\r\n",
            speaksFirst: true)
        let check = TLSCheck(authorities: .none)
        let good = Exchange(send: [0x41], expect: Pattern(Array("* OK".utf8)))
        #expect(try await verdict(check, .tls(check, good), of: server) == [.up])
        let bad = Exchange(send: [0x41], expect: Pattern(Array("+OK".utf8)))
        #expect(try await verdict(check, .tls(check, bad), of: server) == [.down(.unexpected)])
    }

    @Test func `says nothing about a server when its own files cannot be used`() async throws {
        let live = try await TLSTestServer(.init(certificate: TestCertificate("DNS:a", serial: 7)))
        let checks = [
            (TLSCheck(authorities: .file("/nowhere/ca.pem")), CheckFailure.credentials(.authorities)),
            (TLSCheck(authorities: .none, certificate: "/nowhere/c.pem"), .credentials(.certificate)),
        ]
        for (check, failure) in checks {
            let watch = Watch()
            let probe = ProbeSettings(live.endpoint, .tls(check, Exchange()), interval: 5000, timeout: 3000)
            let view = try await watch.look(at: probe)
            #expect(view?.newest == .fail(failure))
            #expect(view?.view == nil)
            watch.checker.stop()
        }
        try await live.stop()
    }

    @Test(arguments: [
        (TestServer.Behaviour.silent, Verdict.down(.answerTimeout)),
        (.says("220 smtp.example ESMTP\r\n"), .down(.tls(.protocolUnknown))),
        (.says("HTTP/1.1 400 Bad Request\r\n\r\n"), .down(.tls(.protocolUnknown))),
        (.floods(String(repeating: "\u{16}\u{3}\u{3}\u{0}\u{1}\u{2}", count: 1000)), .down(.tls(.malformed))),
        (.trickles("\u{16}\u{3}\u{3}\u{1}"), .down(.answerTimeout)),
        (.closes, .down(.closed)),
        (.resets, .down(.reset)),
    ])
    func `judges a server that speaks no TLS`(behaviour: TestServer.Behaviour, verdict: Verdict) async throws {
        let live = try await TestServer(behaviour)
        let watch = Watch()
        let timeout = verdict == .down(.answerTimeout) ? 3000 : 20_000
        watch.checker.adopt([
            ProbeSettings(live.endpoint, .tls(TLSCheck(), Exchange()), interval: 30_000, timeout: timeout)
        ])
        let found = await watch.next().map(\.verdict)
        #expect(found == [verdict] || verdict == .down(.closed) && found == [.down(.reset)], "\(found)")
        watch.checker.stop()
        try await live.stop()
    }
}
