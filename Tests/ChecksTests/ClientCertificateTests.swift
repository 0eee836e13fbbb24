import Agreement
import COpenSSL
import Checks
import Settings
import Testing

/// Checks of TLS that neither say nor expect anything, against a server that wants a certificate: in TLS 1.3 it says what
/// it thinks of it only after the handshake is over for the check.
@Suite(.serialized) struct ClientCertificateTests {
    static let authority = TLSCheckTests.authority
    static let server = TestCertificate("DNS:a", days: -1...5, serial: 20, by: authority)
    static let known = TestCertificate("DNS:director.example", serial: 21, by: authority)
    static let unknown = TestCertificate("DNS:director.example", serial: 22, by: TLSCheckTests.stranger)

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var certificate: TestCertificate?
        var verdict: Verdict
        /// Whether the verdict comes with the timeout.
        var isLate = false
        var wantsCertificate = true
        var change: @Sendable (inout TLSTestServer.Character) -> Void = { _ in }
    }

    static let cases = [
        Case(testDescription: "accepted", certificate: known, verdict: .up),
        Case(testDescription: "of an unknown authority", certificate: unknown, verdict: .down(.tls(.alert(48)))),
        Case(testDescription: "none", verdict: .down(.tls(.alert(116)))),
        Case(testDescription: "accepted without a word", certificate: known, verdict: .up, isLate: true) {
            $0.tickets = 0
        },
        Case(testDescription: "refused without tickets", certificate: unknown, verdict: .down(.tls(.alert(48)))) {
            $0.tickets = 0
        },
        Case(testDescription: "refused without a word", certificate: unknown, verdict: .down(.tls(.turnedAway))) {
            $0.isPolite = false
        },
        Case(testDescription: "accepted, and greeted", certificate: known, verdict: .up) {
            ($0.tickets, $0.speaksFirst) = (0, true)
        },
        Case(testDescription: "accepted, and left", certificate: known, verdict: .down(.tls(.turnedAway))) {
            ($0.tickets, $0.speaksFirst, $0.says) = (0, true, "")
        },
        Case(testDescription: "accepted, and left with a ticket", certificate: known, verdict: .up) {
            ($0.speaksFirst, $0.says) = (true, "")
        },
        Case(testDescription: "not asked for", certificate: known, verdict: .up, wantsCertificate: false) {
            $0.tickets = 0
        },
        Case(testDescription: "accepted in TLS 1.2", certificate: known, verdict: .up) {
            ($0.tickets, $0.version) = (0, TLS1_2_VERSION)
        },
        Case(testDescription: "unknown in TLS 1.2", certificate: unknown, verdict: .down(.tls(.alert(48)))) {
            $0.version = TLS1_2_VERSION
        },
    ]

    @Test(arguments: cases) func `hears what a server thinks of its certificate`(row: Case) async throws {
        let folder = PEMFolder()
        let both = row.certificate.map { folder.write("both.pem", certificate: $0, key: $0) }
        var character = TLSTestServer.Character(
            certificate: Self.server, clients: row.wantsCertificate ? Self.authority : nil)
        row.change(&character)
        let live = try await TLSTestServer(character)
        let watch = Watch()
        let timeout = row.isLate ? 3000 : 20_000
        let check = TLSCheck(authorities: .none, certificate: both)
        let probe = ProbeSettings(live.endpoint, .tls(check, Exchange()), interval: 30_000, timeout: timeout)
        watch.checker.adopt([probe])
        #expect(await watch.next().map(\.verdict) == [row.verdict])
        let result = try #require(try await watch.checker.histories(of: [probe.server]).first?.results.first)
        #expect((result.took >= .milliseconds(timeout)) == row.isLate, "\(result.took)")
        // A pass tells of the server's certificate as ever.
        if row.verdict == .up { #expect(result.outcome == .warn(.certificateExpires(days: 5))) }
        watch.checker.stop()
        try await live.stop()
        withExtendedLifetime(folder) {}
    }
}
