import Agreement
import Checks
import Settings
import Testing

/// HTTP/2 and gRPC's health service on 127.0.0.1, in the clear and over TLS.
@Suite(.serialized) struct HTTP2CheckTests {
    /// A frame of less than 128 bytes, all of them ASCII.
    private static func frame(_ kind: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: String) -> String {
        String(decoding: [0, 0, UInt8(payload.utf8.count), kind, flags, 0, 0, 0, stream], as: UTF8.self) + payload
    }

    /// Literal fields that nobody is to remember.
    private static func header(_ fields: KeyValuePairs<String, String>, flags: UInt8) -> String {
        func text(_ text: String) -> String { String(decoding: [UInt8(text.utf8.count)], as: UTF8.self) + text }
        return frame(1, flags, 1, fields.map { "\0" + text($0.key) + text($0.value) }.joined())
    }

    private static let settings = frame(4, 0, 0, "")
    static let page = settings + header([":status": "200"], flags: 4) + frame(0, 1, 1, "alive")

    static func health(_ status: String) -> String {
        settings + header([":status": "200", "content-type": "application/grpc"], flags: 4)
            + frame(0, 0, 1, "\0\0\0\0\u{2}\u{8}" + status) + header(["grpc-status": "0"], flags: 5)
    }

    static let web = CheckSettings.Kind.http(
        HTTPCheck(version: .two, body: BodyCheck(text: Pattern(Array("alive".utf8)))))

    @Test(arguments: [
        (web, page, Verdict.up), (.grpc(GRPCCheck()), health("\u{1}"), .up),
        (.grpc(GRPCCheck(service: "shop")), health("\u{2}"), .down(.grpc(.notServing))),
        (.grpc(GRPCCheck(service: "shop")), health("\u{3}"), .down(.grpc(.unknownService))),
        (.grpc(GRPCCheck()), page, .down(.grpc(.notGRPC))),
        (web, "HTTP/1.1 400 Bad Request\r\n\r\n", .down(.http2(.notHTTP2))),
    ])
    func `judges what answers in the clear`(kind: CheckSettings.Kind, answer: String, verdict: Verdict) async throws {
        let live = try await TestServer(.keeps(answer))
        let watch = Watch()
        watch.checker.adopt([ProbeSettings(live.endpoint, kind, interval: 30_000, timeout: 20_000)])
        #expect(await watch.next().map(\.verdict) == [verdict])
        watch.checker.stop()
        try await live.stop()
    }

    @Test(arguments: [
        (true, "shop.example", Verdict.up), (true, "shop.example.com", .down(.tls(.wrongName))),
        (false, "shop.example", .down(.tls(.withoutHTTP2))),
    ])
    func `wants the server to agree to HTTP 2 over TLS`(agrees: Bool, name: String, verdict: Verdict) async throws {
        let folder = PEMFolder()
        let authority = TLSCheckTests.authority
        let tls = TLSCheck(name: name, authorities: .file(folder.write("ca.pem", certificate: authority)))
        let certificate = TestCertificate("DNS:shop.example", days: -1...365, serial: 3, by: authority)
        for (kind, says) in [
            (CheckSettings.Kind.grpc(GRPCCheck(tls: tls)), Self.health("\u{1}")),
            (.http(HTTPCheck(version: .two, tls: tls)), Self.page),
        ] {
            let live = try await TLSTestServer(.init(certificate: certificate, says: says, agrees: agrees))
            let watch = Watch()
            watch.checker.adopt([ProbeSettings(live.endpoint, kind, interval: 30_000, timeout: 20_000)])
            #expect(await watch.next().map(\.verdict) == [verdict])
            watch.checker.stop()
            try await live.stop()
        }
    }
}
