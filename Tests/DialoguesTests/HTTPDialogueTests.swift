import Agreement
import Checks
import Dialogues
import Settings
import Testing

struct HTTPDialogueTests {
    static let answers: [(String, Outcome)] = [
        ("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", .pass),
        ("HTTP/1.0 204\r\n\r\n", .pass),
        ("HTTP/1.1 200 \r\nA:\r\n folded\r\n\r\nbody that is never read", .pass),
        ("HTTP/1.1 200 OK\nA: b\n\n", .pass),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", .pass),
        ("HTTP/1.1 103\r\nLink: x\r\n\r\nHTTP/1.1 503 Busy\r\n", .fail(.status(503))),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n", .fail(.status(101))),
        ("HTTP/1.1 503 Service Unavailable\r\n", .fail(.status(503))),
        ("HTTP/1.1 301\n", .fail(.status(301))),
        ("HTTP/1.1 999 Denied\r\n", .fail(.status(999))),
        ("HTTP/1.1 099 X\r\n", .fail(.malformed)),
        ("HTTP/1.1 2000 X\r\n", .fail(.malformed)),
        ("HTTP/1.1 20\r\n", .fail(.malformed)),
        ("HTTP/2.0 200 OK\r\n", .fail(.malformed)),
        ("HTTP/1.1  200 OK\r\n", .fail(.malformed)),
        ("SSH-2.0-OpenSSH_9.2p1\r\n", .fail(.malformed)),
        ("\u{15}\u{3}\u{1}", .fail(.malformed)),
        ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", .fail(.malformed)),
        ("HTTP/1.1 200 OK\r\n: no name\r\n\r\n", .fail(.malformed)),
        ("HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", .fail(.malformed)),
        ("HTTP/1.1 200 OK\r\nA: b\r\n\rX", .fail(.malformed)),
        ("HTTP/1.1 200 OK\r\nA: b\r\n", .fail(.closed)),
        ("HTTP/1.1 200", .fail(.closed)),
        ("", .fail(.closed)),
    ]

    static func dialogue(_ status: ClosedRange<Int>...) -> HTTPDialogue {
        HTTPDialogue(HTTPCheck(status: status.isEmpty ? [200...299] : status), host: "192.0.2.1", digests: .openSSL)
    }

    @Test(arguments: answers)
    func `judges an answer`(answer: String, expected: Outcome) {
        #expect(Self.dialogue().outcome(of: answer) == expected)
    }

    @Test(arguments: answers)
    func `judges an answer that comes byte by byte`(answer: String, expected: Outcome) {
        #expect(Self.dialogue().outcome(of: answer.utf8.map { [$0] }) == expected)
    }

    @Test func `passes every status that is expected`() {
        for (status, expected) in [(200, true), (204, true), (205, false), (401, true), (404, false)] {
            var dialogue = Self.dialogue(200...204, 401...401)
            let turn = dialogue.receive(Array("HTTP/1.1 \(status) X\r\nA: b\r\n\r\n".utf8)[...])
            #expect(turn == .end(expected ? .pass : .fail(.status(status))))
        }
    }

    @Test func `stops reading an endless header`() {
        let failure = CheckFailure.oversized(HTTPDialogue.headerLimit)
        for start in ["HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: "] {
            var dialogue = Self.dialogue()
            let endless = Array(start.utf8) + Array(repeating: UInt8(ascii: "x"), count: HTTPDialogue.headerLimit)
            #expect(dialogue.receive(endless[...]) == .end(.fail(failure)))
        }
        let interim = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: HTTPDialogue.headerLimit / 25 + 1)
        #expect(Self.dialogue().outcome(of: interim) == .fail(failure))
    }

    @Test func `takes a header of exactly the limit`() {
        let frame = "HTTP/1.1 200 OK\r\nA: \r\n\r\n"
        let padding = String(repeating: "x", count: HTTPDialogue.headerLimit - frame.utf8.count)
        var dialogue = Self.dialogue()
        let whole = Array("HTTP/1.1 200 OK\r\nA: \(padding)\r\n\r\n".utf8)
        #expect(dialogue.receive(whole.dropLast()) == .listen)
        #expect(dialogue.receive(whole.suffix(1)) == .end(.pass))
    }

    @Test func `keeps its outcome whatever follows`() {
        var dialogue = Self.dialogue()
        let two = "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 503 Busy\r\n\r\n"
        #expect(dialogue.receive(Array(two.utf8)[...]) == .end(.pass))
        #expect(dialogue.receive([0, 0, 0]) == .end(.pass))
        #expect(dialogue.end() == .pass)
    }

    private static func request(_ check: HTTPCheck, host: String) -> String? {
        guard case .say(let bytes) = HTTPDialogue(check, host: host, digests: .openSSL).begin() else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `asks for the path and the host and for an end`() {
        let request = Self.request(HTTPCheck(path: "/healthz?a=b"), host: "shop.example")
        #expect(
            request == """
                GET /healthz?a=b HTTP/1.1\r
                Host: shop.example\r
                User-Agent: tandem\r
                Accept: */*\r
                Accept-Encoding: identity\r
                Connection: close\r
                \r

                """)
    }

    @Test func `cannot be talked into a second request`() {
        let check = HTTPCheck(path: "/ HTTP/1.1\r\nX: y\r\n\r\nGET /", host: "a\r\nX: y")
        #expect(Self.request(check, host: "b")?.utf8.count { $0 == UInt8(ascii: "\n") } == 7)
        let headers = HTTPCheck(headers: [.init("X-A\r\nB", "c\r\nD: e")])
        #expect(Self.request(headers, host: "b")?.utf8.count { $0 == UInt8(ascii: "\n") } == 8)
    }

    @Test func `says what stands in files, and nothing in its place`() throws {
        let check = HTTPCheck(headers: [
            .init("X-A", SecretFile("/a")), .init("Authorization", SecretFile("/b")), .init("X-C", SecretFile("/a")),
        ])
        let secrets = try HeaderSecrets(of: check) { file in Secret(Array("Bearer \u{E4} of \(file.path)".utf8)) }
        guard case .say(let said) = HTTPDialogue(check, host: "b", secrets: secrets, digests: .openSSL).begin() else {
            Issue.record("it says nothing")
            return
        }
        #expect(
            String(decoding: said, as: UTF8.self) == """
                GET / HTTP/1.1\r
                Host: b\r
                User-Agent: tandem\r
                Accept: */*\r
                X-A: Bearer \u{E4} of /a\r
                Authorization: Bearer \u{E4} of /b\r
                X-C: Bearer \u{E4} of /a\r
                Accept-Encoding: identity\r
                Connection: close\r
                \r

                """)
        #expect(Self.request(check, host: "b")?.contains("X-A") == false)
    }

    @Test func `asks with another method and more headers`() {
        let check = HTTPCheck(method: .post, headers: [.init("X-Check", "a b"), .init("user-agent", "c")])
        #expect(
            Self.request(check, host: "b") == """
                POST / HTTP/1.1\r
                Host: b\r
                Accept: */*\r
                X-Check: a b\r
                user-agent: c\r
                Content-Length: 0\r
                Accept-Encoding: identity\r
                Connection: close\r
                \r

                """)
    }
}
