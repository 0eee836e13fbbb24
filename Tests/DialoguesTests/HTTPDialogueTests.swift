import Agreement
import Dialogues
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

    @Test(arguments: answers)
    func `judges an answer`(answer: String, expected: Outcome) {
        var dialogue = HTTPDialogue(accepted: [200...299])
        _ = dialogue.receive(Array(answer.utf8))
        #expect(dialogue.end() == expected)
    }

    @Test(arguments: answers)
    func `judges an answer that comes byte by byte`(answer: String, expected: Outcome) {
        var dialogue = HTTPDialogue(accepted: [200...299])
        for byte in answer.utf8 { _ = dialogue.receive(CollectionOfOne(byte)) }
        #expect(dialogue.end() == expected)
    }

    @Test func `passes every status that is expected`() {
        for (status, expected) in [(200, true), (204, true), (205, false), (401, true), (404, false)] {
            var dialogue = HTTPDialogue(accepted: [200...204, 401...401])
            let outcome = dialogue.receive(Array("HTTP/1.1 \(status) X\r\nA: b\r\n\r\n".utf8))
            #expect(outcome == (expected ? .pass : .fail(.status(status))))
        }
    }

    @Test func `stops reading an endless header`() {
        let failure = CheckFailure.oversized(HTTPDialogue.headerLimit)
        for start in ["HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: "] {
            var dialogue = HTTPDialogue(accepted: [200...299])
            let endless = Array(start.utf8) + Array(repeating: UInt8(ascii: "x"), count: HTTPDialogue.headerLimit)
            #expect(dialogue.receive(endless) == .fail(failure))
        }
        var dialogue = HTTPDialogue(accepted: [200...299])
        let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        for _ in 0...HTTPDialogue.headerLimit / interim.count { _ = dialogue.receive(interim) }
        #expect(dialogue.outcome == .fail(failure))
    }

    @Test func `takes a header of exactly the limit`() {
        let frame = "HTTP/1.1 200 OK\r\nA: \r\n\r\n"
        let padding = String(repeating: "x", count: HTTPDialogue.headerLimit - frame.utf8.count)
        var dialogue = HTTPDialogue(accepted: [200...299])
        #expect(dialogue.receive(Array("HTTP/1.1 200 OK\r\nA: \(padding)\r\n\r\n".utf8)) == .pass)
    }

    @Test func `keeps its outcome whatever follows`() {
        var dialogue = HTTPDialogue(accepted: [200...299])
        #expect(dialogue.receive(Array("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 503 Busy\r\n\r\n".utf8)) == .pass)
        #expect(dialogue.receive(Array("\0\0\0".utf8)) == .pass)
        #expect(dialogue.end() == .pass)
    }

    @Test func `asks for the path and the host and for an end`() {
        let request = String(decoding: HTTPDialogue.request(path: "/healthz?a=b", host: "shop.example"), as: UTF8.self)
        #expect(
            request == """
                GET /healthz?a=b HTTP/1.1\r
                Host: shop.example\r
                User-Agent: tandem\r
                Accept: */*\r
                Connection: close\r
                \r

                """)
    }

    @Test func `cannot be talked into a second request`() {
        let request = HTTPDialogue.request(path: "/ HTTP/1.1\r\nX: y\r\n\r\nGET /", host: "a\r\nX: y")
        #expect(request.count { $0 == UInt8(ascii: "\n") } == 6)
    }
}
