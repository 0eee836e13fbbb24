import Agreement
import Checks
import Dialogues
import Settings
import Testing

struct PostgreSQLScriptTests {
    static func dialogue(_ user: String? = nil, _ database: String? = nil) -> FrameDialogue<PostgreSQLScript> {
        let check = PostgreSQLCheck(user: user, database: database)
        return FrameDialogue(PostgreSQLScript(check, password: nil, nonce: [], digests: .openSSL))
    }

    static func message(_ kind: Unicode.Scalar, _ body: [UInt8]) -> [UInt8] {
        let length = body.count + 4
        return [UInt8(ascii: kind), 0, 0, UInt8(length >> 8), UInt8(length & 0xFF)] + body
    }

    static func error(_ state: String, _ text: String) -> [UInt8] {
        message("E", Array("SFATAL\0VFATAL\0C\(state)\0M\(text)\0Fpostmaster.c\0L2394\0RProcessStartupPacket\0\0".utf8))
    }

    static let welcome = message("R", [0, 0, 0, 0])
    static let scram = message("R", [0, 0, 0, 10] + Array("SCRAM-SHA-256\0\0".utf8))
    static let ready = message("Z", [UInt8(ascii: "I")])
    static let settings =
        message("S", Array("server_version\u{0}15.6 (Debian 15.6-0+deb12u1)\0".utf8))
        + message("K", [0, 0, 0x12, 0x34, 1, 2, 3, 4])

    static func startup(_ text: String) -> Recorded {
        .client([0, 0, 0, UInt8(text.utf8.count + 8), 0, 3, 0, 0] + Array(text.utf8))
    }

    /// PostgreSQL 15 of Debian 12.
    @Test func `begins a session and ends it`() {
        let recording: [Recorded] = [
            Self.startup("user\0probe\0database\0shop\0\0"), .server(Self.welcome), .server(Self.settings),
            .server(Self.ready), .client([0x58, 0, 0, 0, 4]),
        ]
        #expect(Self.dialogue("probe", "shop").play(recording) == .pass)
    }

    @Test func `is content to be asked for a password`() {
        #expect(Self.dialogue().play([Self.startup("user\0tandem\0\0"), .server(Self.scram)]) == .pass)
    }

    static func state(_ code: String) -> Outcome {
        ShortCode(Array(code.utf8)).map { .fail(.postgresql(.state($0))) } ?? .pass
    }

    static let answers: [(String?, [UInt8], Outcome)] = [
        ("a", welcome + settings + ready, .pass),
        (
            "a", message("N", Array("SNOTICE\0\0".utf8)) + message("v", [0, 3, 0, 0, 0, 0, 0, 0]) + welcome + ready,
            .pass
        ),
        ("a", message("R", [0, 0, 0, 3]), .pass),
        ("a", message("R", [0, 0, 0, 5, 1, 2, 3, 4]), .pass),
        ("a", error("57P03", "the database system is starting up"), state("57P03")),
        (nil, error("57P03", "the database system is shutting down"), state("57P03")),
        (nil, error("53300", "sorry, too many clients already"), state("53300")),
        ("a", error("28000", "no pg_hba.conf entry for host \"10.1.0.2\", user \"a\""), state("28000")),
        (nil, error("28000", "no pg_hba.conf entry for host \"10.1.0.2\", user \"tandem\""), .pass),
        ("a", welcome + error("3D000", "database \"a\" does not exist"), state("3D000")),
        (nil, welcome + error("3D000", "database \"tandem\" does not exist"), .pass),
        (nil, message("E", Array("SFATAL\0\0".utf8)), .fail(.postgresql(.malformed))),
        (nil, message("E", Array("C57p03\0\0".utf8)), .fail(.postgresql(.malformed))),
        (nil, message("E", []), .fail(.postgresql(.malformed))),
        (nil, message("R", [0, 0]), .fail(.postgresql(.malformed))),
        (nil, ready, .fail(.postgresql(.malformed))),
        (nil, welcome + welcome, .fail(.postgresql(.malformed))),
        (nil, [UInt8(ascii: "R"), 0, 0, 0, 3], .fail(.postgresql(.malformed))),
        (nil, [UInt8(ascii: "R"), 0xFF, 0xFF, 0xFF, 0xFF], .fail(.overlong(16_384))),
        // Servers before 7.4 speak so, and MySQL's speak like this.
        (nil, Array("EFATAL: unsupported frontend protocol\0".utf8), .fail(.overlong(16_384))),
        (nil, [0x4A, 0, 0, 0, 10], .fail(.postgresql(.malformed))),
        (nil, Array("HTTP/1.1 400 Bad Request\r\n".utf8), .fail(.postgresql(.malformed))),
        ("a", welcome + settings, .fail(.closed)),
        ("a", Array(welcome.dropLast()), .fail(.closed)),
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
