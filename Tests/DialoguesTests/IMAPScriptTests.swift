import Agreement
import Dialogues
import Settings
import Testing

struct IMAPScriptTests {
    static func dialogue(tls: TLSCheck? = nil) -> LineDialogue<IMAPScript> {
        LineDialogue(IMAPScript(SessionCheck(.imap, tls: tls)))
    }

    /// In Dovecot's manner.
    static let greeting =
        "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED] Dovecot "
        + "(Debian) ready.\r\n"
    static let bye = "* BYE Logging out\r\n"
    static let farewell = bye + "b OK Logout completed (0.001 + 0.000 secs).\r\n"

    @Test func `speaks with a server in the clear`() {
        let recording: [Recorded] = [
            .server(Self.greeting), .client("b LOGOUT\r\n"), .server(Self.bye),
            .server("b OK Logout completed (0.001 + 0.000 secs).\r\n"),
        ]
        #expect(Self.dialogue().play(recording) == .pass)
    }

    @Test func `asks for TLS and takes its leave within it`() {
        let recording: [Recorded] = [
            .server(Self.greeting), .client("a STARTTLS\r\n"), .server("a OK Begin TLS negotiation now.\r\n"),
            .secured, .client("b LOGOUT\r\n"), .server(Self.farewell),
        ]
        #expect(Self.dialogue(tls: TLSCheck()).play(recording) == .pass)
    }

    static let answers: [(String, Outcome)] = [
        (greeting + farewell, .pass),
        ("* ok ready\nb ok\n", .pass),
        ("* PREAUTH welcome\r\n" + farewell, .pass),
        (greeting + "* 3 EXISTS\r\n" + farewell, .pass),
        ("* BYE too many connections\r\n", .fail(.reply(.refused(.greeting)))),
        ("* BAD [ALERT] no\r\n", .fail(.reply(.malformed(.greeting)))),
        (greeting + "b BAD Error in IMAP command\r\n", .fail(.reply(.refused(.farewell)))),
        (greeting + "b NO\r\n", .fail(.reply(.refused(.farewell)))),
        (greeting + "a OK\r\n", .fail(.reply(.malformed(.farewell)))),
        ("220 mail.example ESMTP\r\n", .fail(.reply(.malformed(.greeting)))),
        ("+OK ready\r\n", .fail(.reply(.malformed(.greeting)))),
        ("*\r\n", .fail(.reply(.malformed(.greeting)))),
        ("\r\n", .fail(.reply(.malformed(.greeting)))),
        (greeting + bye, .fail(.closed)),
        ("* OK", .fail(.closed)),
        (greeting + String(repeating: "* 1 EXISTS\r\n", count: 6000), .fail(.unexpectedWithin(65_536))),
    ]

    @Test(arguments: answers) func `judges a server in the clear`(answer: String, expected: Outcome) {
        #expect(Self.dialogue().outcome(of: answer) == expected)
    }

    static let before: [(String, Outcome)] = [
        ("* PREAUTH welcome\r\n", .fail(.reply(.withoutTLS))),
        (greeting + "a BAD TLS support isn't enabled.\r\n", .fail(.reply(.withoutTLS))),
        (greeting + "a NO not now\r\n", .fail(.reply(.withoutTLS))),
        (greeting + "* BYE\r\n", .fail(.reply(.refused(.security)))),
        (greeting + "b OK\r\n", .fail(.reply(.malformed(.security)))),
        (greeting + "a OK Begin TLS negotiation now.\r\n" + bye, .fail(.reply(.injected))),
    ]

    @Test(arguments: before) func `judges a server that is to speak TLS`(answer: String, expected: Outcome) {
        #expect(Self.dialogue(tls: TLSCheck()).outcome(of: answer) == expected)
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSoundSession(
            Self.dialogue(), Self.answers.map(\.0), secured: Self.dialogue(tls: TLSCheck()), Self.before.map(\.0))
    }
}
