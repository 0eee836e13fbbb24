import Agreement
import Checks
import Dialogues
import Settings
import Testing

struct MySQLScriptTests {
    static func dialogue(_ user: String? = nil) -> FrameDialogue<MySQLScript> {
        FrameDialogue(MySQLScript(MySQLCheck(user: user), password: nil, digests: .openSSL))
    }

    static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(body.count & 0xFF), UInt8(body.count >> 8), 0, number] + body
    }

    /// In MariaDB's manner: protocol 10, version, thread 30, a challenge, capabilities, UTF-8, autocommit, more
    /// capabilities, the length of the challenge, MariaDB's own capabilities, its rest and the method.
    static let greeting = packet(
        0,
        [10] + Array("5.5.5-10.11.6-MariaDB-0+deb12u1".utf8) + [0, 30, 0, 0, 0] + Array("k3(&Lt!a".utf8)
            + [0, 0xFE, 0xF7, 0x2D, 2, 0, 0xFF, 0x81, 21, 0, 0, 0, 0, 0, 0, 0x1D, 0, 0, 0]
            + Array("9;aNt*.S[s0q".utf8) + [0] + Array("mysql_native_password".utf8) + [0])
    static let ok = packet(2, [0, 0, 0, 2, 0, 0, 0])

    static func error(_ code: Int, _ text: String, number: UInt8 = 2) -> [UInt8] {
        packet(number, [0xFF, UInt8(code & 0xFF), UInt8(code >> 8)] + Array(text.utf8))
    }

    static let denied = error(1045, "#28000Access denied for user ''@'10.1.0.2' (using password: NO)")

    static func login(_ user: String) -> Recorded {
        .client(
            packet(
                1,
                [0x01, 0x82, 0x08, 0, 0, 0, 1, 0, 33] + [UInt8](repeating: 0, count: 23) + Array(user.utf8) + [0, 0]
                    + Array("mysql_native_password".utf8) + [0]))
    }

    static let quit = Recorded.client([1, 0, 0, 0, 1])

    @Test func `logs in and says goodbye`() {
        let recording: [Recorded] = [.server(Self.greeting), Self.login("haproxy"), .server(Self.ok), Self.quit]
        #expect(Self.dialogue("haproxy").play(recording) == .pass)
    }

    @Test func `is content to be turned away as nobody`() {
        let recording: [Recorded] = [.server(Self.greeting), Self.login(""), .server(Self.denied)]
        #expect(Self.dialogue().play(recording) == .pass)
    }

    @Test func `answers another method without a password`() {
        let sha2 = Self.packet(2, [0xFE] + Array("caching_sha2_password".utf8) + [0] + Array("12345678".utf8) + [0])
        let native = Self.packet(2, [0xFE] + Array("mysql_native_password".utf8) + [0] + Array("12345678".utf8) + [0])
        let ok = Self.packet(4, [0, 0, 0, 2, 0, 0, 0])
        for (method, answer) in [(sha2, [1, 0, 0, 3, 0]), (native, [0, 0, 0, 3])] as [([UInt8], [UInt8])] {
            let recording: [Recorded] = [
                .server(Self.greeting), Self.login("a"), .server(method), .client(answer), .server(ok), Self.quit,
            ]
            #expect(Self.dialogue("a").play(recording) == .pass)
        }
    }

    static let answers: [(String?, [UInt8], Outcome)] = [
        ("a", greeting + ok, .pass),
        (nil, greeting + ok, .pass),
        (nil, greeting + denied, .pass),
        (nil, greeting + error(1698, "#28000Access denied for user ''@'localhost'"), .pass),
        ("a", greeting + denied, .fail(.mysql(.error(1045)))),
        (nil, error(1040, "Too many connections", number: 0), .fail(.mysql(.error(1040)))),
        (
            nil, error(1129, "Host '10.1.0.2' is blocked because of many connection errors", number: 0),
            .fail(.mysql(.error(1129)))
        ),
        (nil, error(1130, "Host '10.1.0.2' is not allowed to connect", number: 0), .fail(.mysql(.error(1130)))),
        (nil, greeting + error(1053, "#08S01Server shutdown in progress"), .fail(.mysql(.error(1053)))),
        // To be turned away before the greeting is no refusal of a login.
        (nil, error(1045, "", number: 0), .fail(.mysql(.error(1045)))),
        ("a", greeting + packet(2, [1, 4]), .fail(.mysql(.malformed))),
        (nil, packet(0, [9] + Array("3.20\0".utf8) + [1, 0, 0, 0]), .fail(.mysql(.malformed))),
        (nil, packet(0, [10] + Array("8.0.36".utf8)), .fail(.mysql(.malformed))),
        (nil, packet(0, [10] + Array("8.0.36\0".utf8) + [1, 0, 0, 0]), .fail(.mysql(.malformed))),
        (nil, packet(0, [0xFF, 0x10]), .fail(.mysql(.malformed))),
        (nil, packet(0, []), .fail(.mysql(.malformed))),
        (nil, [0, 0, 0, 1] + greeting, .fail(.mysql(.malformed))),
        (nil, error(1040, "Too many connections", number: 1), .fail(.mysql(.error(1040)))),
        (nil, Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), .fail(.mysql(.malformed))),
        (nil, Array("* OK [CAPABILITY IMAP4rev1] ready\r\n".utf8), .fail(.mysql(.malformed))),
        (nil, [0xFF, 0xFF, 0xFF, 0, 10], .fail(.overlong(16_384))),
        (nil, greeting, .fail(.closed)),
        (nil, Array(greeting.prefix(20)), .fail(.closed)),
        (nil, [], .fail(.closed)),
    ]

    @Test(arguments: answers) func `judges a server`(user: String?, answer: [UInt8], expected: Outcome) {
        #expect(Self.dialogue(user).outcome(of: [answer]) == expected)
        #expect(Self.dialogue(user).outcome(of: answer.map { [$0] }) == expected)
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSameOutcomeOfPieces(Self.dialogue("a"), Self.answers.map(\.1))
        MutationTests.expectSameOutcomeOfPieces(Self.dialogue(), Self.answers.map(\.1))
    }
}
