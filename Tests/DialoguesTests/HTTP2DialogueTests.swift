import Agreement
import Dialogues
import Settings
import Testing

/// HTTP/2 as nginx 1.22 and grpcio 1.76 speak it, and as they should not.
struct HTTP2DialogueTests {
    typealias Web = FrameDialogue<HTTP2Script<WebAnswer>>
    typealias Health = FrameDialogue<HTTP2Script<HealthAnswer>>

    static func frame(_ kind: UInt8, _ flags: UInt8 = 0, _ stream: UInt8 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let length = payload.count
        return [UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), kind, flags, 0, 0, 0, stream]
            + payload
    }

    static func header(_ fields: KeyValuePairs<String, String>, flags: UInt8 = 4) -> [UInt8] {
        frame(1, flags, 1, fields.map { HeaderField($0.key, $0.value) }.block)
    }

    static func data(_ text: String, last: Bool = true) -> [UInt8] { frame(0, last ? 1 : 0, 1, Array(text.utf8)) }

    static func web(_ check: HTTPCheck = HTTPCheck(path: "/h", version: .two, host: "shop")) -> Web {
        Web(http2: check, host: "10.1.0.21", digests: .lacking)
    }

    static func health(_ service: String? = nil) -> Health {
        Health(health: GRPCCheck(service: service), host: "10.1.0.21:50051")
    }

    /// Preface, SETTINGS (no push, window of 131,072, header of 16,384), WINDOW_UPDATE by 65,537.
    static let greeting =
        Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        + [0, 0, 18, 4, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0, 2, 0, 0, 0, 6, 0, 0, 0x40, 0]
        + [0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 1, 0, 1]
    /// SETTINGS: 128 streams, window of 65,536, frames of 16,777,215; and WINDOW_UPDATE: what nginx begins with.
    static let nginx =
        frame(4, 0, 0, [0, 3, 0, 0, 0, 128, 0, 4, 0, 1, 0, 0, 0, 5, 0, 0xFF, 0xFF, 0xFF])
        + frame(8, 0, 0, [0x7F, 0xFF, 0, 0])
    static let settings = frame(4)
    static let acknowledged = frame(4, 1)
    static let ok = header([":status": "200", "server": "nginx"])

    @Test func `asks, acknowledges, answers a ping, and has its answer`() {
        let request: [HeaderField] = [
            HeaderField(":method", "GET"), HeaderField(":scheme", "http"), HeaderField(":authority", "shop"),
            HeaderField(":path", "/h"), HeaderField("user-agent", "tandem"), HeaderField("accept", "*/*"),
            HeaderField("accept-encoding", "identity"),
        ]
        let check = HTTPCheck(
            path: "/h", version: .two, host: "shop", body: BodyCheck(text: Pattern(Array("alive".utf8))))
        let recording: [Recorded] = [
            .client(Self.greeting + Self.frame(1, 5, 1, request.block)), .server(Self.settings),
            .client(Self.acknowledged), .server(Self.acknowledged),
            .server(Self.frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])),
            .client(Self.frame(6, 1, 0, [1, 2, 3, 4, 5, 6, 7, 8])),
            .server(Self.ok + Self.data("still ", last: false) + Self.data("alive")),
        ]
        #expect(Self.web(check).play(recording) == .pass)
    }

    @Test func `asks gRPC's health service for a service`() {
        let request: [HeaderField] = [
            HeaderField(":method", "POST"), HeaderField(":scheme", "http"),
            HeaderField(":authority", "10.1.0.21:50051"),
            HeaderField(":path", "/grpc.health.v1.Health/Check"), HeaderField("te", "trailers"),
            HeaderField("content-type", "application/grpc"), HeaderField("user-agent", "tandem"),
        ]
        // Not compressed, 6 bytes: field 1, a text of 4 bytes.
        let question: [UInt8] = [0, 0, 0, 0, 6, 0x0A, 4] + Array("shop".utf8)
        let recording: [Recorded] = [
            .client(Self.greeting + Self.frame(1, 4, 1, request.block) + Self.frame(0, 1, 1, question)),
            .server(Self.settings), .client(Self.acknowledged), .server(Self.answer(1)),
        ]
        #expect(Self.health("shop").play(recording) == .pass)
    }

    /// Header, message with that status of the service, trailers with that of the call.
    static func answer(_ serving: UInt8, call: String = "0") -> [UInt8] {
        header([":status": "200", "content-type": "application/grpc"])
            + frame(0, 0, 1, serving == 0 ? [0, 0, 0, 0, 0] : [0, 0, 0, 0, 2, 8, serving])
            + header(["grpc-status": call], flags: 5)
    }

    /// No body, and the trailers in the header.
    static func refusal(_ call: String) -> [UInt8] {
        header([":status": "200", "content-type": "application/grpc", "grpc-status": call], flags: 5)
    }

    static let healthAnswers: [(String, [UInt8], Outcome)] = [
        ("serving", answer(1), .pass), ("not serving", answer(2), .fail(.grpc(.notServing))),
        ("a service that it does not know", answer(3), .fail(.grpc(.unknownService))),
        ("no word of its health", answer(0), .fail(.grpc(.unknownHealth))),
        ("NOT_FOUND", refusal("5"), .fail(.grpc(.unknownService))),
        ("UNIMPLEMENTED", refusal("12"), .fail(.grpc(.status(12)))),
        ("a status behind the message", answer(1, call: "14"), .fail(.grpc(.status(14)))),
        (
            "no status", header([":status": "200", "content-type": "application/grpc"], flags: 5),
            .fail(.grpc(.malformed))
        ),
        ("no number", refusal("ok"), .fail(.grpc(.malformed))),
        ("no message", refusal("0"), .fail(.grpc(.malformed))),
        ("not gRPC", header([":status": "200", "content-type": "text/html"]), .fail(.grpc(.notGRPC))),
        ("not found", header([":status": "404"]), .fail(.status(404))),
        (
            "fields that are not known",
            header([":status": "200", "content-type": "application/grpc+proto"])
                + frame(0, 8, 1, [2, 0, 0, 0, 0, 8, 0x12, 2, 1, 2, 8, 1, 0x18, 5, 0, 0])
                + header(["grpc-status": "0"], flags: 5), .pass
        ),
        (
            "a message that breaks off",
            header([":status": "200", "content-type": "application/grpc"])
                + frame(0, 0, 1, [0, 0, 0, 0, 1, 8]) + header(["grpc-status": "0"], flags: 5), .fail(.grpc(.malformed))
        ),
        (
            "a message that is compressed",
            header([":status": "200", "content-type": "application/grpc"])
                + frame(0, 0, 1, [1, 0, 0, 0, 2, 8, 1]) + header(["grpc-status": "0"], flags: 5),
            .fail(.grpc(.malformed))
        ),
        (
            "a long message",
            header([":status": "200", "content-type": "application/grpc"])
                + frame(0, 0, 1, [UInt8](repeating: 0, count: 2000)), .fail(.grpc(.malformed))
        ),
    ]

    @Test(arguments: healthAnswers)
    func `says what the health service answers`(what: String, answer: [UInt8], outcome: Outcome) {
        #expect(Self.health().outcome(of: [Self.settings + answer]) == outcome)
    }

    static let webAnswers: [(String, [UInt8], Outcome)] = [
        ("nginx", nginx + acknowledged + ok, .pass),
        ("a status", settings + header([":status": "503"]), .fail(.status(503))),
        ("an announcement first", settings + header([":status": "103"]) + ok, .pass),
        ("a header in pieces", settings + frame(1, 0, 1, [0x88]) + frame(9, 0, 1) + frame(9, 4, 1), .pass),
        ("padding and a priority", settings + frame(1, 0x2C, 1, [2, 0, 0, 0, 0, 9, 0x88, 0, 0]), .pass),
        ("a frame that nobody knows", settings + frame(0x2A, 7, 3, [1]) + ok, .pass),
        ("HTTP/1.1", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), .fail(.http2(.notHTTP2))),
        ("another frame first", ok, .fail(.http2(.notHTTP2))),
        ("an acknowledgement first", acknowledged, .fail(.http2(.notHTTP2))),
        ("an end", settings, .fail(.closed)),
        ("a farewell", settings + frame(7, 0, 0, [0, 0, 0, 0, 0, 0, 0, 11]), .fail(.http2(.goneAway(11)))),
        ("a farewell after this request", settings + frame(7, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0]) + ok, .pass),
        ("a reset", settings + frame(3, 0, 1, [0, 0, 0, 7]), .fail(.http2(.reset(7)))),
        ("a push", settings + frame(5, 4, 1, [0, 0, 0, 2, 0x82]), .fail(.http2(.malformed))),
        ("another stream", settings + frame(1, 4, 3, [0x88]), .fail(.http2(.malformed))),
        ("a body before its header", settings + data("x"), .fail(.http2(.malformed))),
        (
            "a header that is interrupted",
            settings + frame(1, 0, 1, [0x88]) + frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
            .fail(.http2(.malformed))
        ),
        ("no status", settings + header(["server": "x"]), .fail(.http2(.malformed))),
        ("two statuses", settings + header([":status": "200", ":status": "200"]), .fail(.http2(.malformed))),
        ("large letters", settings + header([":status": "200", "Server": "x"]), .fail(.http2(.malformed))),
        ("a header that cannot be unpacked", settings + frame(1, 4, 1, [0xFF]), .fail(.http2(.compression))),
        ("more padding than frame", settings + frame(1, 0x0C, 1, [9, 0x88]), .fail(.http2(.malformed))),
        ("settings of half an entry", frame(4, 0, 0, [0, 1, 0]), .fail(.http2(.malformed))),
        ("a frame of 16 MB", settings + [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1], .fail(.http2(.malformed))),
        (
            "a header without end",
            settings + frame(1, 0, 1, [0x88])
                + Array((0..<20).map { _ in frame(9, 0, 1, [UInt8](repeating: 0x88, count: 1000)) }.joined()),
            .fail(.oversized(16_384))
        ),
    ]

    @Test(arguments: webAnswers)
    func `says what the server answers`(what: String, answer: [UInt8], outcome: Outcome) {
        #expect(Self.web().outcome(of: [answer]) == outcome)
        #expect(Self.web().outcome(of: answer.map { [$0] }) == outcome)
    }

    @Test func `a body is looked at as over HTTP 1, and no longer`() {
        let check = HTTPCheck(version: .two, body: BodyCheck(text: Pattern(Array("alive".utf8))))
        func outcome(_ answer: [UInt8]) -> Outcome { Self.web(check).outcome(of: [Self.settings + answer]) }
        #expect(outcome(Self.ok + Self.data("dead")) == .fail(.body(.withoutText)))
        #expect(outcome(Self.header([":status": "200"], flags: 5)) == .fail(.body(.withoutText)))
        #expect(
            outcome(Self.header([":status": "200", "content-encoding": "gzip"]) + Self.data("alive"))
                == .fail(.body(.encoded)))
        let page = Self.frame(0, 0, 1, [UInt8](repeating: 0x20, count: 16_384))
        #expect(outcome(Self.ok + page + page + page + page + page) == .fail(.body(.tooLong(65_536))))
        // Of padding alone: 255 bytes of it in each frame, until the window is used up.
        let padding = Self.frame(0, 8, 1, [255] + [UInt8](repeating: 0, count: 255))
        #expect(outcome(Self.ok + Array((0..<600).map { _ in padding }.joined())) == .fail(.http2(.malformed)))
    }

    @Test func `whoever only ever says pings is not listened to for ever`() {
        let pings = (0..<20_000).map { _ in Self.frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]) }
        #expect(Self.web().outcome(of: [Self.settings] + pings) == .fail(.unexpectedWithin(262_144)))
    }

    @Test func `nobody on the way may remember a secret`() throws {
        let check = HTTPCheck(version: .two, headers: [.init("X-A", SecretFile("/a")), .init("X-B", "c")])
        let secrets = try HeaderSecrets(of: check) { _ in Secret(Array("s3".utf8)) }
        var dialogue = Web(http2: check, host: "b", secrets: secrets, digests: .lacking)
        guard case .say(let said) = dialogue.begin() else {
            Issue.record("it says nothing")
            return
        }
        // Literals never indexed, and without indexing.
        let fields: [UInt8] = [0x10, 3] + Array("x-a".utf8) + [2] + Array("s3".utf8)
        let others: [UInt8] = [0, 3] + Array("x-b".utf8) + [1] + Array("c".utf8)
        #expect(said.contains(fields + others))
    }

    @Test func `a long request is cut into frames`() {
        let headers = (0..<32).map { HTTPCheck.Header("x-\($0)", String(repeating: "v", count: 1024)) }
        var dialogue = Self.web(HTTPCheck(version: .two, headers: headers))
        guard case .say(let said) = dialogue.begin() else {
            Issue.record("it says nothing")
            return
        }
        var (rest, kinds) = (said.dropFirst(Self.greeting.count), [UInt8]())
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            kinds += [head[3], head[4]]
            rest = rest.dropFirst(9 + Int(head[0]) << 16 + Int(head[1]) << 8 + Int(head[2]))
        }
        #expect(rest.isEmpty && kinds == [1, 1, 9, 0, 9, 4])
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSameOutcomeOfPieces(Self.web(), Self.webAnswers.filter { $0.1.count < 1000 }.map(\.1))
        MutationTests.expectSameOutcomeOfPieces(
            Self.health(), Self.healthAnswers.filter { $0.1.count < 1000 }.map { Self.settings + $0.1 })
    }
}
