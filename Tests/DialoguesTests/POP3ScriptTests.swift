import Agreement
import Dialogues
import Settings
import Testing

struct POP3ScriptTests {
    static func dialogue(tls: TLSCheck? = nil) -> LineDialogue<POP3Script> {
        LineDialogue(POP3Script(SessionCheck(.pop3, tls: tls)))
    }

    /// In Dovecot's manner.
    static let greeting = "+OK Dovecot (Debian) ready.\r\n"
    static let farewell = "+OK Logging out\r\n"

    @Test func `speaks with a server in the clear`() {
        let recording: [Recorded] = [.server(Self.greeting), .client("QUIT\r\n"), .server(Self.farewell)]
        #expect(Self.dialogue().play(recording) == .pass)
        #expect(Self.dialogue().play(recording.dropLast()) == .pass)
    }

    @Test func `asks for TLS and takes its leave within it`() {
        let recording: [Recorded] = [
            .server(Self.greeting), .client("STLS\r\n"), .server("+OK Begin TLS negotiation now.\r\n"), .secured,
            .client("QUIT\r\n"), .server(Self.farewell),
        ]
        #expect(Self.dialogue(tls: TLSCheck()).play(recording) == .pass)
    }

    static let answers: [(String, Outcome)] = [
        (greeting + farewell, .pass),
        ("+OK\n+OK\n", .pass),
        (greeting, .pass),
        ("-ERR [SYS/TEMP] too many connections\r\n", .fail(.reply(.refused(.greeting)))),
        (greeting + "-ERR Unknown command.\r\n", .fail(.reply(.refused(.farewell)))),
        (greeting + "221 Bye\r\n", .fail(.reply(.malformed(.farewell)))),
        ("+OKAY\r\n", .fail(.reply(.malformed(.greeting)))),
        ("* OK ready\r\n", .fail(.reply(.malformed(.greeting)))),
        ("\r\n", .fail(.reply(.malformed(.greeting)))),
        ("+OK", .fail(.closed)),
        ("", .fail(.closed)),
        ("+OK " + String(repeating: "x", count: 5000), .fail(.overlong(4096))),
    ]

    @Test(arguments: answers) func `judges a server in the clear`(answer: String, expected: Outcome) {
        #expect(Self.dialogue().outcome(of: answer) == expected)
    }

    static let before: [(String, Outcome)] = [
        (greeting + "-ERR TLS support isn't enabled.\r\n", .fail(.reply(.withoutTLS))),
        (greeting, .fail(.closed)),
        (greeting + "+OK Begin TLS negotiation now.\r\n" + farewell, .fail(.reply(.injected))),
    ]

    @Test(arguments: before) func `judges a server that is to speak TLS`(answer: String, expected: Outcome) {
        #expect(Self.dialogue(tls: TLSCheck()).outcome(of: answer) == expected)
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSoundSession(
            Self.dialogue(), Self.answers.map(\.0), secured: Self.dialogue(tls: TLSCheck()), Self.before.map(\.0))
    }
}
