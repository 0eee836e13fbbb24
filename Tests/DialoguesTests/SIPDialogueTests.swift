import Agreement
import DamagedAnswers
import Dialogues
import Settings
import Testing

struct SIPDialogueTests {
    static func question(_ check: SIPCheck = SIPCheck()) -> SIPQuestion {
        SIPQuestion(check, host: "192.0.2.30:5060", random: (0xA1, 0xB2, 0xC3))
    }

    // MARK: Golden bytes

    @Test(arguments: [(SIPCheck.Transport.udp, "UDP"), (.tcp, "TCP")])
    func `asks what a server can do`(transport: SIPCheck.Transport, name: String) {
        let words =
            "OPTIONS sip:192.0.2.30:5060 SIP/2.0\r\n"
            + "Via: SIP/2.0/\(name) tandem.invalid;branch=z9hG4bKa1;rport\r\n"
            + "Max-Forwards: 70\r\n"
            + "From: <sip:tandem@tandem.invalid>;tag=c3\r\n"
            + "To: <sip:192.0.2.30:5060>\r\n"
            + "Call-ID: b2@tandem.invalid\r\n"
            + "CSeq: 1 OPTIONS\r\n"
            + "Accept: application/sdp\r\n"
            + "User-Agent: tandem\r\n"
            + "Content-Length: 0\r\n\r\n"
        let question = Self.question(SIPCheck(transport: transport))
        #expect(SIPDatagrams(question).question == Array(words.utf8))
        let dialogue = SIPDialogue(question)
        #expect(dialogue.begin() == .say(Array(words.utf8)))
    }

    @Test func `asks it of a domain, which ends no line`() {
        let question = Self.question(SIPCheck(host: "voice.example>\r\nX: y"))
        let words = String(decoding: SIPDatagrams(question).question, as: UTF8.self)
        #expect(words.hasPrefix("OPTIONS sip:voice.exampleX:y SIP/2.0\r\nVia: "))
        #expect(words.contains("\r\nTo: <sip:voice.exampleX:y>\r\n"))
    }

    // MARK: Judging

    /// As Kamailio 5.6 of Debian 12 answers from outside any dialogue.
    static func answer(
        _ status: String = "200 OK", via: String = "SIP/2.0/UDP tandem.invalid;branch=z9hG4bKa1",
        tag: String = "c3", callID: String = "b2@tandem.invalid", sequence: String = "1 OPTIONS", body: String = ""
    ) -> String {
        "SIP/2.0 \(status)\r\nVia: \(via);rport=40000;received=192.0.2.2\r\n"
            + "From: <sip:tandem@tandem.invalid>;tag=\(tag)\r\nTo: <sip:192.0.2.30:5060>;tag=7a.1\r\n"
            + "Call-ID: \(callID)\r\nCSeq: \(sequence)\r\nServer: kamailio (5.6.3 (x86_64/linux))\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    }

    /// In compact forms, folded, with blanks and in other cases than ours (RFC 3261 7.3).
    static let curious =
        "SIP/2.0 200 All right\r\nv : SIP/2.0/UDP tandem.invalid ;received=192.0.2.2; BRANCH = z9hG4bKa1\r\n"
        + "f:\"x;tag=z\" <sip:a;tag=y@b>\r\n ;TAG=c3\r\nT: <sip:a>\r\ni:\t b2@tandem.invalid \r\nCSEQ: 1  OPTIONS\r\n"
        + "l: 0\r\n\r\n"

    /// Messages and what of them decides, in a stream; and how it ends in datagrams that decide nothing.
    static let answers: [(text: String, stream: Outcome, datagram: Outcome?, late: CheckFailure)] = [
        (answer(), .pass, .pass, .answerTimeout),
        (curious, .pass, .pass, .answerTimeout),
        (answer().replacing("\r\n", with: "\n"), .pass, .pass, .answerTimeout),
        ("\r\n\r\n" + answer(body: "v=0\r\n"), .pass, .pass, .answerTimeout),
        (
            answer("503 Service Unavailable"), .fail(.sip(.status(503))), .fail(.sip(.status(503))), .answerTimeout
        ),
        (answer("404"), .fail(.sip(.status(404))), .fail(.sip(.status(404))), .answerTimeout),
        (answer("603 Decline"), .fail(.sip(.status(603))), .fail(.sip(.status(603))), .answerTimeout),
        // A provisional answer is followed by another one.
        (answer("100 Trying"), .fail(.closed), nil, .answerTimeout),
        // To another question, of another dialogue, by way of somebody else.
        (
            answer(via: "SIP/2.0/UDP tandem.invalid;branch=z9hG4bKa2"), .fail(.sip(.otherAnswer)), nil,
            .sip(.otherAnswer)
        ),
        (answer(via: "SIP/2.0/UDP tandem.invalid"), .fail(.sip(.otherAnswer)), nil, .sip(.otherAnswer)),
        (
            answer(via: "SIP/2.0/UDP a, SIP/2.0/UDP tandem.invalid;branch=z9hG4bKa1"), .fail(.sip(.otherAnswer)), nil,
            .sip(.otherAnswer)
        ),
        (
            answer(via: "SIP/2.0/UDP t;branch=z9hG4bKa1\r\nVia: SIP/2.0/UDP t;branch=z9hG4bKa1"),
            .fail(.sip(.otherAnswer)), nil, .sip(.otherAnswer)
        ),
        (answer(tag: "c4"), .fail(.sip(.otherAnswer)), nil, .sip(.otherAnswer)),
        (answer(callID: "b2@tandem.invalid2"), .fail(.sip(.otherAnswer)), nil, .sip(.otherAnswer)),
        (answer(sequence: "2 OPTIONS"), .fail(.sip(.otherAnswer)), nil, .sip(.otherAnswer)),
        (answer(sequence: "1 INVITE"), .fail(.sip(.otherAnswer)), nil, .sip(.otherAnswer)),
        (
            "OPTIONS sip:tandem@192.0.2.2 SIP/2.0\r\nContent-Length: 0\r\n\r\n", .fail(.sip(.otherAnswer)), nil,
            .sip(.otherAnswer)
        ),
        // Not SIP, and not all of it.
        ("HTTP/1.1 400 Bad Request\r\n\r\n", .fail(.sip(.malformed)), nil, .sip(.malformed)),
        ("SIP/2.0 OK\r\n\r\n", .fail(.sip(.malformed)), nil, .sip(.malformed)),
        ("SIP/2.0 99 Low\r\n\r\n", .fail(.sip(.malformed)), nil, .sip(.malformed)),
        ("SIP/2.0 700 High\r\n\r\n", .fail(.sip(.malformed)), nil, .sip(.malformed)),
        ("SIP/2.0 2000 Long\r\n\r\n", .fail(.sip(.malformed)), nil, .sip(.malformed)),
        ("SIP/3.0 200 OK\r\n\r\n", .fail(.sip(.malformed)), nil, .sip(.malformed)),
        ("SIP/2.0 200 OK\r\nno colon\r\n\r\n", .fail(.sip(.malformed)), nil, .sip(.malformed)),
        (
            answer("100 Trying").replacing("Length: 0", with: "Length: -1"), .fail(.sip(.malformed)), nil,
            .sip(.malformed)
        ),
        (answer("100 Trying").replacing("Content-Length", with: "X"), .fail(.sip(.malformed)), nil, .answerTimeout),
        (String(answer().dropLast()), .fail(.closed), nil, .sip(.malformed)),
        (
            "SIP/2.0 200 OK\r\n" + String(repeating: "x", count: 20_000), .fail(.oversized(16_384)), nil,
            .sip(.malformed)
        ),
        ("\r\n\r\n", .fail(.closed), nil, .answerTimeout),
        ("", .fail(.closed), nil, .answerTimeout),
    ]

    @Test(arguments: answers) func `judges what comes in a stream`(
        text: String, expected: Outcome, datagram: Outcome?, late: CheckFailure
    ) {
        let dialogue = SIPDialogue(Self.question())
        #expect(dialogue.outcome(of: text) == expected)
        #expect(dialogue.outcome(of: Array(text.utf8).map { [$0] }) == expected)
    }

    @Test(arguments: answers) func `judges what comes in a datagram`(
        text: String, stream: Outcome, expected: Outcome?, late: CheckFailure
    ) {
        var dialogue = SIPDatagrams(Self.question())
        #expect(dialogue.late == .fail(.answerTimeout))
        #expect(dialogue.receive(Array(text.utf8)) == expected)
        if expected == nil { #expect(dialogue.late == .fail(late)) }
    }

    @Test func `takes the statuses that are wanted`() {
        let question = Self.question(SIPCheck(status: [200...299, 404...404, 603...603]))
        for (status, expected) in [
            ("202 Accepted", Outcome.pass), ("404 Not Found", .pass), ("603 Decline", .pass),
            ("405 Method Not Allowed", .fail(.sip(.status(405)))),
        ] {
            #expect(SIPDialogue(question).outcome(of: Self.answer(status)) == expected)
        }
    }

    @Test func `goes on to the next message, whatever is in the body of this one`() {
        let others = Self.answer("100 Trying", body: Self.answer("503 Not this")) + "\r\n" + Self.answer(tag: "z")
        #expect(SIPDialogue(Self.question()).outcome(of: others + Self.answer()) == .pass)
        var datagrams = SIPDatagrams(Self.question())
        for (text, _, expected, _) in Self.answers where expected == nil {
            #expect(datagrams.receive(Array(text.utf8)) == nil)
        }
        #expect(datagrams.receive(Array(Self.answer().utf8)) == .pass)
    }

    @Test func `reads no more than 65,536 bytes`() {
        let flood = Self.answer("100 Trying", body: String(repeating: "x", count: 70_000)) + Self.answer()
        #expect(SIPDialogue(Self.question()).outcome(of: flood) == .fail(.unexpectedWithin(65_536)))
        #expect(
            SIPDialogue(Self.question()).outcome(of: String(repeating: "\r\n", count: 40_000) + Self.answer())
                == .fail(.unexpectedWithin(65_536)))
    }

    @Test func `survives damaged answers`() {
        let answers = Self.answers.map { Array($0.text.utf8.prefix(2000)) }
        MutationTests.expectSameOutcomeOfPieces(SIPDialogue(Self.question()), answers)
    }

    @Test func `takes no damaged datagram for another answer`() {
        DamagedAnswers(Self.answers.map { Array($0.text.utf8.prefix(2000)) }).forEach { seed, datagram, _ in
            var dialogue = SIPDatagrams(Self.question())
            guard dialogue.receive(datagram) == .pass else { return }
            // Who passes says all that only somebody who was asked knows.
            let text = String(decoding: datagram, as: UTF8.self)
            if !["z9hG4bKa1", "b2@tandem.invalid", "c3", "200"].allSatisfy({ text.contains($0) }) {
                Issue.record("seed \(seed): \(text) passed")
            }
        }
    }
}
