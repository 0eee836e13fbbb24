import Agreement
import Checks
import DamagedAnswers
import Dialogues
import Settings
import Testing

struct RADIUSDialogueTests {
    // Those of RFC 2865 7.1.
    static let secret = Array("xyzzy5461".utf8)
    static let authenticator: [UInt8] = [
        0x0F, 0x40, 0x3F, 0x94, 0x73, 0x97, 0x80, 0x57, 0xBD, 0x83, 0xD5, 0xCB, 0x98, 0xF4, 0x22, 0x7A,
    ]
    static let login = RADIUSCheck(secret: SecretFile("/s"), user: "nemo", password: SecretFile("/p"))
    static let status = RADIUSCheck(secret: SecretFile("/s"))

    static func dialogue(
        _ check: RADIUSCheck = login, password: String = "arctangent", identifier: UInt8 = 0,
        authenticator: [UInt8] = authenticator, digests: Digests = .openSSL
    ) throws -> RADIUSDialogue {
        try RADIUSDialogue(
            check, secret: Secret(secret), password: check.user == nil ? nil : Secret(Array(password.utf8)),
            identifier: identifier, authenticator: authenticator, digests: digests)
    }

    // MARK: Golden bytes

    @Test func `logs in as RFC 2865 says it`() throws {
        let request: [UInt8] =
            // Access-Request, identifier 0, 70 bytes, the authenticator.
            [1, 0, 0, 70] + Self.authenticator
            // User-Name: nemo.
            + [1, 6, 0x6E, 0x65, 0x6D, 0x6F]
            // User-Password: arctangent, as the RFC's example hides it.
            + [
                2, 18, 0x0D, 0xBE, 0x70, 0x8D, 0x93, 0xD4, 0x13, 0xCE, 0x31, 0x96, 0xE4, 0x3F, 0x78, 0x2A, 0x0A, 0xEE,
            ]
            // NAS-Identifier: tandem.
            + [32, 8, 0x74, 0x61, 0x6E, 0x64, 0x65, 0x6D]
            // Message-Authenticator, computed elsewhere.
            + [
                80, 18, 0xD6, 0xA2, 0xA6, 0x41, 0x03, 0x35, 0x7C, 0xAB, 0x8C, 0xFB, 0xD0, 0xB4, 0x51, 0x8B, 0xD4, 0xFC,
            ]
        #expect(try Self.dialogue().question == request)
    }

    @Test func `asks how a server is as RFC 5997 says it`() throws {
        let request: [UInt8] =
            [12, 0xDA, 0, 46] + Self.authenticator + [32, 8, 0x74, 0x61, 0x6E, 0x64, 0x65, 0x6D]
            + [
                80, 18, 0xAB, 0x69, 0x9A, 0x31, 0x6E, 0x29, 0xA7, 0xDC, 0x85, 0xFB, 0x42, 0xF6, 0x9C, 0x1C, 0xC7, 0x0D,
            ]
        #expect(try Self.dialogue(Self.status, identifier: 0xDA).question == request)
    }

    @Test func `hides a long password in pieces, and takes none that is too long`() throws {
        let hidden: [UInt8] = [
            0x0D, 0xAD, 0x72, 0x98, 0x93, 0xDB, 0x15, 0xCA, 0x3E, 0x83, 0x85, 0x5E, 0x19, 0x4B, 0x6B, 0x8F,
            0xC4, 0x86, 0x50, 0x05, 0x4E, 0xFC, 0x30, 0x6D, 0xE2, 0x4D, 0xB5, 0xC3, 0x5F, 0x64, 0xA8, 0x84,
        ]
        let question = try Self.dialogue(password: String(repeating: "a", count: 20)).question
        #expect(Array(question[26..<60]) == [2, 34] + hidden)
        for (length, count) in [(1, 16), (16, 16), (17, 32), (128, 128)] {
            let question = try Self.dialogue(password: String(repeating: "b", count: length)).question
            #expect(Int(question[27]) == count + 2 && question.count == 54 + count, "\(length)")
        }
        #expect(throws: CheckFailure.credentials(.secret)) {
            try Self.dialogue(password: String(repeating: "b", count: 129))
        }
    }

    @Test func `says so where there is no MD5`() throws {
        #expect(throws: CheckFailure.radius(.withoutMD5)) { try Self.dialogue(digests: .lacking) }
        #expect(CheckFailure.radius(.withoutMD5).isOwn)
    }

    // MARK: Judging

    /// The answer to the login of RFC 2865 7.1, to the letter: Service-Type, Login-Service, Login-IP-Host.
    static let accepted: [UInt8] = [
        0x02, 0x00, 0x00, 0x26, 0x86, 0xFE, 0x22, 0x0E, 0x76, 0x24, 0xBA, 0x2A, 0x10, 0x05, 0xF6, 0xBF, 0x9B, 0x55,
        0xE0, 0xB2, 0x06, 0x06, 0x00, 0x00, 0x00, 0x01, 0x0F, 0x06, 0x00, 0x00, 0x00, 0x00, 0x0E, 0x06, 0xC0, 0xA8,
        0x01, 0x03,
    ]
    /// Access-Accept and Access-Reject with a Message-Authenticator, computed elsewhere; the first with a Reply-Message.
    static let greeted: [UInt8] =
        [
            0x02, 0x00, 0x00, 0x2D, 0xD2, 0xD3, 0xC7, 0x89, 0xF1, 0x08, 0xE9, 0x6B, 0x7E, 0x0E, 0x86, 0x72, 0xDC, 0xFA,
            0x4A, 0x82, 0x50, 0x12, 0x45, 0xB8, 0x9B, 0xF0, 0x85, 0x22, 0x89, 0x7F, 0xC1, 0xC9, 0x85, 0x76, 0x28, 0x4D,
            0x95, 0x9D, 0x12, 0x07,
        ] + Array("hello".utf8)
    static let rejected: [UInt8] = [
        0x03, 0x00, 0x00, 0x26, 0x8B, 0x26, 0x03, 0xF4, 0x19, 0x91, 0x06, 0x44, 0x07, 0x8C, 0xEF, 0xAD, 0xD3, 0x07,
        0x86, 0x24, 0x50, 0x12, 0xFD, 0x49, 0x12, 0xDD, 0xCE, 0x42, 0x64, 0x01, 0xB8, 0x43, 0x08, 0x5A, 0xFF, 0x12,
        0xF5, 0xDA,
    ]

    /// As a server seals it: with a Response Authenticator alone.
    static func answer(_ code: UInt8, _ attributes: [UInt8] = [], secret: [UInt8] = secret) -> [UInt8] {
        let head: [UInt8] = [code, 0, 0, UInt8(20 + attributes.count)]
        let seal = Digests.openSSL.md5(head + authenticator + attributes + secret) ?? []
        return head + seal + attributes
    }

    static let any = RADIUSCheck(secret: SecretFile("/s"), user: "nemo", password: SecretFile("/p"), reply: .any)
    static let seal: [UInt8] = [80, 18] + [UInt8](repeating: 7, count: 16)

    /// What comes, what it decides, and how it ends when nothing better comes.
    static let answers: [(RADIUSCheck, [UInt8], Outcome?, late: CheckFailure)] = [
        (login, accepted, .pass, .answerTimeout),
        (login, greeted, .pass, .answerTimeout),
        (login, accepted + [0, 0, 0], .pass, .answerTimeout),
        (login, rejected, .fail(.radius(.rejected)), .answerTimeout),
        (login, answer(11), .fail(.radius(.challenged)), .answerTimeout),
        (login, answer(5), .fail(.radius(.code(5))), .answerTimeout),
        (login, answer(1), .fail(.radius(.code(1))), .answerTimeout),
        (any, accepted, .pass, .answerTimeout),
        (any, rejected, .pass, .answerTimeout),
        (any, answer(11), .pass, .answerTimeout),
        (any, answer(5), .fail(.radius(.code(5))), .answerTimeout),
        (status, answer(2), .pass, .answerTimeout),
        (status, answer(5), .pass, .answerTimeout),
        (status, rejected, .fail(.radius(.code(3))), .answerTimeout),
        // Sealed with another secret, or damaged on the way.
        (login, answer(2, secret: [1]), nil, .radius(.unsealed)),
        (login, accepted.dropLast() + [4], nil, .radius(.unsealed)),
        (any, answer(3, secret: []), nil, .radius(.unsealed)),
        // A Message-Authenticator that is wrong under a Response Authenticator that is right.
        (login, answer(2, seal), nil, .radius(.unsealed)),
        (login, answer(2, seal + seal), .fail(.radius(.malformed)), .answerTimeout),
        (login, answer(2, [80, 4, 1, 2]), .fail(.radius(.malformed)), .answerTimeout),
        // Attributes that do not fill the packet, of a server that has the secret.
        (login, answer(2, [18]), .fail(.radius(.malformed)), .answerTimeout),
        (login, answer(2, [18, 1]), .fail(.radius(.malformed)), .answerTimeout),
        (login, answer(2, [18, 0]), .fail(.radius(.malformed)), .answerTimeout),
        (login, answer(2, [18, 9, 1]), .fail(.radius(.malformed)), .answerTimeout),
        // Another number's answer, and what is no packet at all.
        (login, [2, 1] + accepted[2...], nil, .answerTimeout),
        (login, Array(accepted.dropLast()), nil, .answerTimeout),
        (login, [2, 0, 0, 19] + accepted[4...], nil, .answerTimeout),
        (login, [2, 0, 0xFF, 0xFF] + accepted[4...], nil, .answerTimeout),
        (login, [2, 0], nil, .answerTimeout),
        (login, [], nil, .answerTimeout),
        (login, Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), nil, .answerTimeout),
    ]

    @Test(arguments: answers)
    func `judges what comes`(check: RADIUSCheck, packet: [UInt8], expected: Outcome?, late: CheckFailure) throws {
        var dialogue = try Self.dialogue(check)
        #expect(dialogue.late == .fail(.answerTimeout))
        #expect(dialogue.receive(packet) == expected)
        if expected == nil { #expect(dialogue.late == .fail(late)) }
    }

    @Test func `takes the answer to Status-Server that RFC 5997 gives`() throws {
        let authenticator: [UInt8] = [
            0x8A, 0x54, 0xF4, 0x68, 0x6F, 0xB3, 0x94, 0xC5, 0x28, 0x66, 0xE3, 0x02, 0x18, 0x5D, 0x06, 0x23,
        ]
        let answer: [UInt8] = [
            0x02, 0xDA, 0x00, 0x14, 0xEF, 0x0D, 0x55, 0x2A, 0x4B, 0xF2, 0xD6, 0x93, 0xEC, 0x2B, 0x6F, 0xE8, 0xB5, 0x41,
            0x1D, 0x66,
        ]
        var dialogue = try Self.dialogue(Self.status, identifier: 0xDA, authenticator: authenticator)
        #expect(dialogue.receive(answer) == .pass)
    }

    @Test func `a right answer counts, whatever came before it`() throws {
        var dialogue = try Self.dialogue()
        for (check, packet, expected, _) in Self.answers where expected == nil && check == Self.login {
            #expect(dialogue.receive(packet) == nil)
        }
        #expect(dialogue.receive(Self.greeted) == .pass)
    }

    @Test func `takes no damaged answer for another one`() throws {
        let sealed = Self.answers.filter { $0.2 != nil }.map(\.1)
        for check in [Self.login, Self.any, Self.status] {
            let dialogue = try Self.dialogue(check)
            DamagedAnswers(Self.answers.map(\.1)).forEach { seed, packet, _ in
                var dialogue = dialogue
                guard let outcome = dialogue.receive(packet) else { return }
                // Nobody can make another packet that is sealed: it is one of those, and perhaps more behind it.
                if !sealed.contains(where: { packet.starts(with: $0.prefix(20 + Self.length($0))) }) {
                    Issue.record("seed \(seed): \(packet) gave \(outcome)")
                }
            }
        }
    }

    /// Of its attributes.
    private static func length(_ packet: [UInt8]) -> Int { Int(packet[3]) - 20 }

    @Test func `no text holds the secret or the password`() throws {
        var dumped = ""
        dump(Self.login, to: &dumped)
        dump(CheckSettings(kind: .radius(Self.login)).words, to: &dumped)
        #expect(!dumped.contains("xyzzy") && !dumped.contains("arctangent"))
        #expect(CheckSettings(kind: .radius(Self.status)).holdsSecret)
    }
}
