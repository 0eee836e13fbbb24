import Agreement
import Dialogues
import Settings
import Testing

struct SMTPScriptTests {
    static func dialogue(tls: TLSCheck? = nil, helo: String? = nil) -> LineDialogue<SMTPScript> {
        LineDialogue(SMTPScript(SessionCheck(.smtp, helo: helo, tls: tls)))
    }

    /// In Postfix's manner.
    static let greeting = "220 mail.example ESMTP Postfix (Debian/GNU)\r\n"
    static let offers =
        "250-mail.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-STARTTLS\r\n"
        + "250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n"
    static let secured = "250-mail.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n"
    static let farewell = "221 2.0.0 Bye\r\n"

    @Test func `speaks with a server in the clear`() {
        let recording: [Recorded] = [
            .server(Self.greeting), .client("EHLO lb1.example\r\n"), .server(Self.offers), .client("QUIT\r\n"),
            .server(Self.farewell),
        ]
        #expect(Self.dialogue(helo: "lb1.example").play(recording) == .pass)
        // Some close without a word.
        #expect(Self.dialogue(helo: "lb1.example").play(recording.dropLast()) == .pass)
    }

    @Test func `asks for TLS and introduces itself again within it`() {
        let recording: [Recorded] = [
            .server(Self.greeting), .client("EHLO tandem.invalid\r\n"), .server(Self.offers), .client("STARTTLS\r\n"),
            .server("220 2.0.0 Ready to start TLS\r\n"), .secured, .client("EHLO tandem.invalid\r\n"),
            .server(Self.secured), .client("QUIT\r\n"), .server(Self.farewell),
        ]
        #expect(Self.dialogue(tls: TLSCheck()).play(recording) == .pass)
    }

    static let answers: [(String, Outcome)] = [
        (greeting + offers + farewell, .pass),
        (greeting + "250 mail.example\r\n" + farewell, .pass),
        ("220\r\n250\r\n221\r\n", .pass),
        ("220-mail.example\r\n220 ESMTP\r\n250 mail.example\n221 Bye\n", .pass),
        (greeting + offers, .pass),
        ("554 5.7.1 Service unavailable; Client host blocked\r\n", .fail(.reply(.code(.greeting, 554)))),
        ("421 4.3.2 All server ports are busy\r\n", .fail(.reply(.code(.greeting, 421)))),
        (greeting + "502 5.5.2 Error: command not recognized\r\n", .fail(.reply(.code(.hello, 502)))),
        (greeting + "504 5.5.2 <x>: Helo command rejected\r\n", .fail(.reply(.code(.hello, 504)))),
        (greeting + offers + "451 4.3.0 no\r\n", .fail(.reply(.code(.farewell, 451)))),
        (greeting + "250-mail.example\r\n251 other\r\n", .fail(.reply(.malformed(.hello)))),
        (greeting + "250-mail.example\r\nmore\r\n", .fail(.reply(.malformed(.hello)))),
        (greeting + "250_mail.example\r\n", .fail(.reply(.malformed(.hello)))),
        ("+OK Dovecot ready.\r\n", .fail(.reply(.malformed(.greeting)))),
        ("620 mail.example\r\n", .fail(.reply(.malformed(.greeting)))),
        ("22\r\n", .fail(.reply(.malformed(.greeting)))),
        ("\r\n", .fail(.reply(.malformed(.greeting)))),
        (greeting + "250-mail.example\r\n", .fail(.closed)),
        ("220 mail.exam", .fail(.closed)),
        ("", .fail(.closed)),
        ("220 " + String(repeating: "x", count: 5000), .fail(.overlong(4096))),
        (greeting + String(repeating: "250-again\r\n", count: 6000), .fail(.unexpectedWithin(65_536))),
    ]

    @Test(arguments: answers) func `judges a server in the clear`(answer: String, expected: Outcome) {
        #expect(Self.dialogue().outcome(of: answer) == expected)
        #expect(Self.dialogue().outcome(of: answer.utf8.map { [$0] }) == expected)
    }

    static let before: [(String, Outcome)] = [
        (greeting + secured, .fail(.reply(.withoutTLS))),
        (greeting + "250-X\r\n250 STARTTLSX\r\n", .fail(.reply(.withoutTLS))),
        // An offer in the greeting is none.
        ("220-STARTTLS\r\n220 x\r\n250 x\r\n", .fail(.reply(.withoutTLS))),
        (
            greeting + offers + "454 4.7.0 TLS not available due to local problem\r\n",
            .fail(.reply(.code(.security, 454)))
        ),
        (greeting + offers + "220 ready\r\n250 more\r\n", .fail(.reply(.injected))),
        (greeting + offers + "220 ready\r\n\0", .fail(.reply(.injected))),
    ]

    @Test(arguments: before) func `judges a server that is to speak TLS`(answer: String, expected: Outcome) {
        #expect(Self.dialogue(tls: TLSCheck()).outcome(of: answer) == expected)
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSoundSession(
            Self.dialogue(), Self.answers.map(\.0), secured: Self.dialogue(tls: TLSCheck()), Self.before.map(\.0))
    }
}
