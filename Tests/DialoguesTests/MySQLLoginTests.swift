import Agreement
import Checks
import Dialogues
import Settings
import Testing

/// Logins with a password; the proofs were computed with another library.
struct MySQLLoginTests {
    typealias Words = MySQLScriptTests

    static func dialogue(
        tls: Bool = false, password: String = "secret", digests: Digests = .openSSL
    ) -> FrameDialogue<MySQLScript> {
        let check = MySQLCheck(user: "probe", password: SecretFile("/s"), tls: tls ? TLSCheck() : nil)
        return FrameDialogue(MySQLScript(check, password: Secret(Array(password.utf8)), digests: digests))
    }

    /// A greeting with the challenge of `MySQLScriptTests.greeting`, as MySQL 8 arranges it.
    static func greeting(_ method: String, tls: Bool = false) -> [UInt8] {
        Words.packet(
            0,
            [10] + Array("8.0.36".utf8) + [0, 30, 0, 0, 0] + Array("k3(&Lt!a".utf8)
                + [0, 0xFF, tls ? 0xFF : 0xF7, 0xFF, 2, 0, 0xFF, 0xDF, 21] + [UInt8](repeating: 0, count: 10)
                + Array("9;aNt*.S[s0q".utf8) + [0] + Array(method.utf8) + [0])
    }

    static let native: [UInt8] = [
        0x65, 0x15, 0xB6, 0x40, 0x0C, 0x8D, 0xEE, 0x10, 0x66, 0x4D, 0x06, 0x15, 0x94, 0x9E, 0x84, 0xDC, 0x76, 0x87,
        0x1E, 0x82,
    ]
    static let sha2: [UInt8] = [
        0x7B, 0x4F, 0x82, 0x3B, 0xA9, 0x72, 0x3A, 0x32, 0x56, 0x0E, 0xEA, 0x09, 0x47, 0x4B, 0x68, 0xC3, 0xAA, 0x72,
        0x26, 0xDF, 0x81, 0x77, 0x3D, 0x52, 0xB1, 0xAB, 0xB8, 0x4F, 0x89, 0x78, 0x23, 0xF2,
    ]

    /// A challenge of the bytes 1 to 20, and what both methods make of it.
    static let otherChallenge = (1...20).map { UInt8($0) } + [0]
    static let otherNative: [UInt8] = [
        0xB3, 0x2B, 0xB3, 0xA5, 0x83, 0xE1, 0x34, 0x0C, 0x0A, 0x11, 0x08, 0xD5, 0x8B, 0x1B, 0xE4, 0x97, 0x81, 0xAD,
        0x8C, 0x2F,
    ]
    static let otherSHA2: [UInt8] = [
        0x74, 0x6E, 0xBE, 0x20, 0x5D, 0x56, 0xA0, 0x70, 0x7A, 0xCB, 0x3E, 0x79, 0x6E, 0x83, 0x4E, 0x0D, 0xD7, 0xB1,
        0xD6, 0x17, 0x43, 0xB2, 0x6B, 0xD5, 0x20, 0x2C, 0x7A, 0x62, 0x32, 0x30, 0xC7, 0xC9,
    ]

    /// Capabilities, the longest packet, UTF-8 and room: with TLS another bit.
    static func opening(tls: Bool = false) -> [UInt8] {
        [0x01, tls ? 0x8A : 0x82, 0x08, 0, 0, 0, 1, 0, 33] + [UInt8](repeating: 0, count: 23)
    }

    static func login(_ method: String, _ proof: [UInt8], number: UInt8 = 1, tls: Bool = false) -> Recorded {
        let account = Array("probe\0".utf8) + [UInt8(proof.count)] + proof + Array(method.utf8) + [0]
        return .client(Words.packet(number, opening(tls: tls) + account))
    }

    static func change(_ method: String, number: UInt8 = 2) -> [UInt8] {
        Words.packet(number, [0xFE] + Array(method.utf8) + [0] + otherChallenge)
    }

    static func ok(_ number: UInt8) -> Recorded { .server(Words.packet(number, [0, 0, 0, 2, 0, 0, 0])) }

    @Test(arguments: [("mysql_native_password", native), ("caching_sha2_password", sha2)])
    func `proves by the method that the server names`(method: String, proof: [UInt8]) {
        let recording: [Recorded] = [
            .server(Self.greeting(method)), Self.login(method, proof), Self.ok(2), Words.quit,
        ]
        #expect(Self.dialogue().play(recording) == .pass)
    }

    /// MariaDB 10.11 of Debian 12 names its own method first, and client_ed25519 where it is told to.
    @Test(arguments: [("mysql_native_password", otherNative), ("caching_sha2_password", otherSHA2)])
    func `changes the method when it is asked to`(method: String, proof: [UInt8]) {
        let recording: [Recorded] = [
            .server(Self.greeting("client_ed25519")), Self.login("mysql_native_password", Self.native),
            .server(Self.change(method)), .client(Words.packet(3, proof)), Self.ok(4), Words.quit,
        ]
        #expect(Self.dialogue().play(recording) == .pass)
    }

    @Test func `is known to a server that has seen it lately`() {
        let recording: [Recorded] = [
            .server(Self.greeting("caching_sha2_password")), Self.login("caching_sha2_password", Self.sha2),
            .server(Words.packet(2, [1, 3])), Self.ok(3), Words.quit,
        ]
        #expect(Self.dialogue().play(recording) == .pass)
    }

    @Test func `tells its password within TLS alone`() {
        let secured: [Recorded] = [
            .server(Self.greeting("caching_sha2_password", tls: true)),
            .client(Words.packet(1, Self.opening(tls: true))), .secured,
            Self.login("caching_sha2_password", Self.sha2, number: 2, tls: true), .server(Words.packet(3, [1, 4])),
            .client(Words.packet(4, Array("secret\0".utf8))), Self.ok(5), Words.quit,
        ]
        #expect(Self.dialogue(tls: true).play(secured) == .pass)
        let clear: [Recorded] = [
            .server(Self.greeting("caching_sha2_password", tls: true)),
            Self.login("caching_sha2_password", Self.sha2), .server(Words.packet(2, [1, 4])),
            .client(Words.packet(3, [0])), .server(Words.denied),
        ]
        #expect(Self.dialogue().play(clear) == .fail(.mysql(.passwordInClear)))
    }

    @Test func `is content to be turned away as nobody within TLS`() {
        let dialogue = FrameDialogue(MySQLScript(MySQLCheck(tls: TLSCheck()), password: nil, digests: .openSSL))
        let nobody = Array("\0\0mysql_native_password\0".utf8)
        let recording: [Recorded] = [
            .server(Self.greeting("mysql_native_password", tls: true)),
            .client(Words.packet(1, Self.opening(tls: true))), .secured,
            .client(Words.packet(2, Self.opening(tls: true) + nobody)), .server(Words.denied),
        ]
        #expect(dialogue.play(recording) == .pass)
    }

    @Test func `says so where there is no SHA-1`() {
        let answer = Self.greeting("mysql_native_password")
        #expect(Self.dialogue(digests: .lacking).outcome(of: [answer]) == .fail(.mysql(.withoutSHA1)))
        #expect(CheckFailure.mysql(.withoutSHA1).isOwn)
    }

    static let sha2Greeting = greeting("caching_sha2_password")
    static let answers: [([UInt8], Outcome)] = [
        (sha2Greeting + Words.ok, .pass),
        (sha2Greeting + Words.packet(2, [1, 3]) + Words.ok, .pass),
        (sha2Greeting + Words.packet(2, [1, 4]) + Words.denied, .fail(.mysql(.passwordInClear))),
        (sha2Greeting + Words.packet(2, [1, 4]) + Words.ok, .fail(.mysql(.passwordInClear))),
        (sha2Greeting + Words.packet(2, [1, 4]), .fail(.closed)),
        (sha2Greeting + Words.packet(2, [1, 5]), .fail(.mysql(.malformed))),
        (sha2Greeting + Words.packet(2, [1, 3, 3]), .fail(.mysql(.malformed))),
        (sha2Greeting + Words.packet(2, [1]), .fail(.mysql(.malformed))),
        (sha2Greeting + Words.denied, .fail(.mysql(.error(1045)))),
        (Words.greeting + Words.packet(2, [1, 4]), .fail(.mysql(.malformed))),
        (Words.greeting + change("sha256_password") + Words.denied, .fail(.mysql(.methodUnknown))),
        (Words.greeting + change("mysql_clear_password") + Words.ok, .fail(.mysql(.methodUnknown))),
        (Words.greeting + Words.packet(2, [0xFE]) + Words.denied, .fail(.mysql(.methodUnknown))),
        (
            Words.greeting + Words.packet(2, Array(change("mysql_native_password")[4...].dropLast(2))),
            .fail(.mysql(.malformed))
        ),
        (
            Words.greeting + change("mysql_native_password") + change("mysql_native_password", number: 4),
            .fail(.mysql(.malformed))
        ),
        // A challenge of eight bytes, as before 4.1.
        (Words.packet(0, [10] + Array("4.0\0".utf8) + [UInt8](repeating: 0, count: 20)), .fail(.mysql(.malformed))),
    ]

    @Test(arguments: answers) func `judges a server`(answer: [UInt8], expected: Outcome) {
        #expect(Self.dialogue().outcome(of: [answer]) == expected)
        #expect(Self.dialogue().outcome(of: answer.map { [$0] }) == expected)
    }

    @Test func `says nothing in the clear where TLS is wanted`() {
        let answer = Self.greeting("mysql_native_password", tls: true)
        let dialogue = Self.dialogue(tls: true)
        #expect(dialogue.outcome(of: [Words.greeting + Words.denied]) == .fail(.mysql(.withoutTLS)))
        let stranger = Words.packet(1, Self.opening() + Array("\0\0mysql_native_password\0".utf8))
        let recording: [Recorded] = [.server(Words.greeting), .client(stranger), .server(Words.ok)]
        #expect(dialogue.play(recording) == .fail(.mysql(.withoutTLS)))
        #expect(dialogue.outcome(of: [answer + Words.ok]) == .fail(.reply(.injected)))
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSameOutcomeOfPieces(Self.dialogue(), Self.answers.map(\.0))
        MutationTests.expectNoPassBeforeTLS(
            Self.dialogue(tls: true), Self.answers.map(\.0) + [Self.greeting("mysql_native_password", tls: true)])
    }
}
