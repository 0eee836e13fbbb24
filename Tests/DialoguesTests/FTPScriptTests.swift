import Agreement
import Dialogues
import Settings
import Testing

struct FTPScriptTests {
    static func dialogue(tls: TLSCheck? = nil) -> LineDialogue<FTPScript> {
        LineDialogue(FTPScript(SessionCheck(.ftp, tls: tls)))
    }

    /// In vsftpd's manner.
    static let greeting = "220 (vsFTPd 3.0.3)\r\n"
    static let farewell = "221 Goodbye.\r\n"

    @Test func `speaks with a server in the clear`() {
        let recording: [Recorded] = [.server(Self.greeting), .client("QUIT\r\n"), .server(Self.farewell)]
        #expect(Self.dialogue().play(recording) == .pass)
        #expect(Self.dialogue().play(recording.dropLast()) == .pass)
    }

    @Test func `asks for TLS and takes its leave within it`() {
        let recording: [Recorded] = [
            .server(Self.greeting), .client("AUTH TLS\r\n"), .server("234 Proceed with negotiation.\r\n"), .secured,
            .client("QUIT\r\n"), .server(Self.farewell),
        ]
        #expect(Self.dialogue(tls: TLSCheck()).play(recording) == .pass)
    }

    static let answers: [(String, Outcome)] = [
        (greeting + farewell, .pass),
        // Lines between need no code, and may have another (RFC 959 4.2).
        ("220-Welcome\r\n to our files\r\n221 of them\r\n220-more\r\n220 ready\r\n" + farewell, .pass),
        ("120 Ready in 5 minutes\r\n", .fail(.reply(.code(.greeting, 120)))),
        ("421 There are too many connected users, please try later.\r\n", .fail(.reply(.code(.greeting, 421)))),
        ("500 OOPS: vsftpd: cannot read config file\r\n", .fail(.reply(.code(.greeting, 500)))),
        (greeting + "500 Unknown command.\r\n", .fail(.reply(.code(.farewell, 500)))),
        ("Welcome\r\n", .fail(.reply(.malformed(.greeting)))),
        ("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", .fail(.reply(.malformed(.greeting)))),
        ("220-Welcome\r\n", .fail(.closed)),
        ("", .fail(.closed)),
    ]

    @Test(arguments: answers) func `judges a server in the clear`(answer: String, expected: Outcome) {
        #expect(Self.dialogue().outcome(of: answer) == expected)
    }

    static let before: [(String, Outcome)] = [
        (greeting + "530 Please login with USER and PASS.\r\n", .fail(.reply(.withoutTLS))),
        (greeting + "500 AUTH not understood\r\n", .fail(.reply(.withoutTLS))),
        (greeting + "504 Unknown AUTH type.\r\n", .fail(.reply(.withoutTLS))),
        (greeting + "431 Need some unavailable resource\r\n", .fail(.reply(.code(.security, 431)))),
        (greeting + "234 Proceed with negotiation.\r\n" + farewell, .fail(.reply(.injected))),
    ]

    @Test(arguments: before) func `judges a server that is to speak TLS`(answer: String, expected: Outcome) {
        #expect(Self.dialogue(tls: TLSCheck()).outcome(of: answer) == expected)
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSoundSession(
            Self.dialogue(), Self.answers.map(\.0), secured: Self.dialogue(tls: TLSCheck()), Self.before.map(\.0))
    }
}
