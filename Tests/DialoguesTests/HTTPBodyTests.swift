import Agreement
import Checks
import Dialogues
import Settings
import Testing

/// What HTTP checks want of a body.
struct HTTPBodyTests {
    static let ok = "HTTP/1.1 200 OK\r\n"
    static let text = BodyCheck(text: Pattern(Array("ready".utf8)))
    static let chunks = ok + "Transfer-Encoding: chunked\r\n\r\n"
    /// Of `ready`.
    static let digest = "b24d6d33736ecd5604a4b17bc9c6481039fac362bb7df044ef1c10a2bfd21db6"

    static func dialogue(_ body: BodyCheck, _ method: HTTPCheck.Method = .get) -> HTTPDialogue {
        HTTPDialogue(HTTPCheck(method: method, body: body), host: "192.0.2.1", digests: .openSSL)
    }

    static let framed: [(String, Outcome)] = [
        (ok + "Content-Length: 5\r\n\r\nready", .pass),
        (ok + "Content-Length: 5\r\n\r\nreadyforever", .pass),
        (ok + "content-length:\t5 \r\n\r\nready", .pass),
        (ok + "Content-Length: 5, 5\r\nContent-Length: 5\r\n\r\nready", .pass),
        (ok + "\r\nhalf and ready", .pass),
        (ok + "Content-Encoding: identity\r\n\r\nready", .pass),
        (ok + "X-Content-Length: 0\r\nContent-Lengthy: 0\r\nContent-Lengt: 0\r\n\r\nready", .pass),
        (chunks + "5\r\nready\r\n0\r\n\r\n", .pass),
        (chunks + "2\r\nre\r\n3;a=b\r\nady\r\n0\r\n\r\n", .pass),
        (chunks + "00000002 \r\nre\r\n3\nady\n0\n\n", .pass),
        (ok + "Content-Length: 1\r\n" + "Transfer-Encoding: Chunked\r\n\r\n5\r\nready\r\n0\r\n\r\n", .pass),
        (ok + "Content-Length: 4\r\n\r\nready", .fail(.body(.withoutText))),
        (ok + "Content-Length: 0\r\n\r\nready", .fail(.body(.withoutText))),
        (ok + "\r\nread", .fail(.body(.withoutText))),
        (ok + "\r\n", .fail(.body(.withoutText))),
        ("HTTP/1.1 204 No Content\r\n\r\nready", .fail(.body(.withoutText))),
        (chunks + "4\r\nread\r\n0\r\nX: ready\r\n\r\n", .fail(.body(.withoutText))),
        (ok + "Content-Length: 9\r\n\r\nread", .fail(.closed)),
        (chunks + "5\r\nread", .fail(.closed)),
        (chunks + "4\r\nread\r\n0\r\n", .fail(.closed)),
        (chunks, .fail(.closed)),
        (chunks + "\r\n", .fail(.malformed)),
        (chunks + "g\r\n", .fail(.malformed)),
        (chunks + "-1\r\n", .fail(.malformed)),
        (chunks + "0x5\r\nready", .fail(.malformed)),
        (chunks + "ffffffffffffffff\r\nready", .fail(.malformed)),
        (chunks + "2\r\nreXX", .fail(.malformed)),
        (ok + "Content-Length: -1\r\n\r\nready", .fail(.malformed)),
        (ok + "Content-Length: 99999999999999999999\r\n\r\nready", .fail(.malformed)),
        (ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nready", .fail(.malformed)),
        (ok + "Content-Length:\r\n\r\nready", .fail(.malformed)),
        (ok + "Content-Encoding: gzip\r\n\r\nready", .fail(.body(.encoded))),
        (ok + "Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nready\r\n0\r\n\r\n", .fail(.body(.encoded))),
        ("HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\nready", .fail(.status(302))),
        ("HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\n" + ok + "\r\nready", .pass),
    ]

    @Test(arguments: framed) func `finds where a body begins and ends`(answer: String, expected: Outcome) {
        #expect(Self.dialogue(Self.text).outcome(of: answer) == expected)
        #expect(Self.dialogue(Self.text).outcome(of: answer.utf8.map { [$0] }) == expected)
    }

    @Test(
        arguments: [
            ("status == ok", "{\"status\": \"ok\"}", nil),
            ("status == ok", " { \"a\" : [ ] , \"status\":\"o\\u006b\" } ", nil),
            ("status == ok", "{\"status\": \"down\"}", .otherValue),
            ("status == ok", "{\"state\": \"ok\"}", .withoutValue),
            ("status == ok", "{\"status\": {\"status\": \"ok\"}}", .otherValue), ("status == ok", "ok", .notJSON),
            ("status == ok", "{\"status\": \"ok\"} x", .notJSON), ("status == ok", "{\"status\": \"ok\"", .notJSON),
            ("status == ok", "{\"status\": \"ok\",}", .notJSON), ("status == ok", "", .notJSON),
            ("a.b[1].c == 12", "{\"a\": {\"b\": [0, {\"c\": 1.2e1}]}}", nil),
            ("a.b[1].c == 12", "{\"a\": {\"b\": [{\"c\": 12}]}}", .withoutValue),
            ("[0] == true", "[true, false]", nil), ("[1] == true", "[true, false]", .otherValue),
            ("a == null", "{\"a\": null}", nil), ("a == null", "{}", .withoutValue),
            ("a == \"1\"", "{\"a\": 1}", .otherValue), ("a == \"1\"", "{\"a\": \"1\"}", nil),
            ("a == \"\"", "{\"a\": \"\"}", nil),
            ("a == 😀", "{\"a\": \"\\ud83d\\ude00\"}", nil), ("a == x", "{\"a\": \"\\ud83d\"}", .notJSON),
            ("a == x", "{\"a\": \"\\ud83d\\u0041\"}", .notJSON), ("a == x", "{\"a\": \"\\x\"}", .notJSON),
            ("a == 1", "{\"a\": 01}", .notJSON), ("a == 1", "{\"a\": 1.}", .notJSON), ("a == -1", "{\"a\": -1}", nil),
            ("a == 1", "{\"a\": 2, \"a\": 1}", nil),
            ("a == 1", String(repeating: "[", count: 60_000), .notJSON),
            ("a == 1", String(repeating: "{\"a\":", count: 10_000), .notJSON),
        ] as [(String, String, BodyFailure?)])
    func `looks into JSON`(condition: String, body: String, failure: BodyFailure?) throws {
        let dialogue = Self.dialogue(BodyCheck(json: try JSONCondition(condition)))
        #expect(dialogue.outcome(of: Self.ok + "\r\n" + body) == failure.map { .fail(.body($0)) } ?? .pass)
    }

    @Test(arguments: [
        ("status", JSONCondition.Fault.noComparison), ("== ok", .noPath), ("a. == 1", .badKey), ("a..b == 1", .badKey),
        ("a[x] == 1", .badIndex), ("a[1 == 1", .badIndex), ("a[70000] == 1", .badIndex), ("a[+1] == 1", .badIndex),
        ("a ==", .noValue), ("a == \"x", .badText),
    ]) func `says why a text is no condition`(text: String, fault: JSONCondition.Fault) {
        #expect(throws: fault) { try JSONCondition(text) }
    }

    @Test func `compares digests`() throws {
        let digest = try ByteText.parse("hex:" + Self.digest)
        let dialogue = Self.dialogue(BodyCheck(sha256: digest))
        #expect(dialogue.outcome(of: Self.ok + "Content-Length: 5\r\n\r\nready") == .pass)
        #expect(dialogue.outcome(of: Self.ok + "\r\nready") == .pass)
        #expect(dialogue.outcome(of: Self.ok + "\r\nready\n") == .fail(.body(.otherDigest)))
    }

    @Test func `asks for all that is wanted of a body`() throws {
        let both = BodyCheck(text: Pattern(Array("a".utf8)), regex: try Pattern(regex: "b$"))
        #expect(Self.dialogue(both).outcome(of: Self.ok + "\r\na b") == .pass)
        #expect(Self.dialogue(both).outcome(of: Self.ok + "\r\nb") == .fail(.body(.withoutText)))
        #expect(Self.dialogue(both).outcome(of: Self.ok + "\r\na b c") == .fail(.body(.withoutMatch)))
    }

    @Test func `stops reading an endless body`() {
        let endless = Array(repeating: UInt8(ascii: "x"), count: 70_000)
        for start in [Self.ok + "\r\n", Self.chunks + "ffffff\r\n", Self.ok + "Content-Length: 99999999\r\n\r\n"] {
            let outcome = Self.dialogue(Self.text).outcome(of: [Array(start.utf8), endless])
            #expect(outcome == .fail(.body(.tooLong(65_536))))
        }
        let extensions = Array((Self.chunks + "1;").utf8) + Array(repeating: UInt8(ascii: "x"), count: 600_000)
        #expect(Self.dialogue(Self.text).outcome(of: [extensions]) == .fail(.body(.tooLong(65_536))))
        let crumbs = Array((Self.chunks + String(repeating: "1\r\nx\r\n", count: 70_000)).utf8)
        #expect(Self.dialogue(Self.text).outcome(of: [crumbs]) == .fail(.body(.tooLong(65_536))))
    }

    @Test func `expects no body of an answer to HEAD`() {
        #expect(Self.dialogue(BodyCheck(), .head).outcome(of: Self.ok + "Content-Length: 5\r\n\r\n") == .pass)
        let outcome = Self.dialogue(Self.text, .head).outcome(of: Self.ok + "Content-Length: 5\r\n\r\n")
        #expect(outcome == .fail(.body(.withoutText)))
    }

    @Test func `survives damaged bodies`() throws {
        let json = BodyCheck(json: try JSONCondition("a.b[1].c == 12"))
        let answers = Self.framed.map { Array($0.0.utf8) }
        MutationTests.expectSameOutcomeOfPieces(Self.dialogue(Self.text), answers)
        let texts = ["{\"a\": {\"b\": [0, {\"c\": 1.2e1}]}}", "[\"\\ud83d\\ude00\", -1.5E-3, null, true]"]
        let bodies = texts.map { Array((Self.ok + "\r\n" + $0).utf8) }
        MutationTests.expectSameOutcomeOfPieces(Self.dialogue(json), bodies)
    }
}
