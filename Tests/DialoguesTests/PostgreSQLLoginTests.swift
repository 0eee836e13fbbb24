import Agreement
import Checks
import Dialogues
import Settings
import Testing

/// Logins with a password; the proofs were computed with another library.
struct PostgreSQLLoginTests {
    typealias Words = PostgreSQLScriptTests

    static func dialogue(
        _ check: PostgreSQLCheck = PostgreSQLCheck(user: "probe", password: SecretFile("/s")),
        digests: Digests = .openSSL
    ) -> FrameDialogue<PostgreSQLScript> {
        FrameDialogue(
            PostgreSQLScript(
                check, password: Secret(Array("pencil".utf8)), nonce: Array("abcdefgh".utf8), digests: digests))
    }

    static let secured = PostgreSQLCheck(user: "probe", password: SecretFile("/s"), tls: TLSCheck())
    static let startup = Words.startup("user\0probe\0\0")
    static let wish = Recorded.client([0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F])
    static let goodbye = Recorded.client([0x58, 0, 0, 0, 4])

    static func request(_ number: UInt8, _ text: String = "") -> [UInt8] {
        Words.message("R", [0, 0, 0, number] + Array(text.utf8))
    }

    static func answer(_ text: String) -> Recorded { .client(Words.message("p", Array(text.utf8))) }

    static let challenge = "r=abcdefghIJKL,s=MDEyMzQ1Njc4OWFiY2RlZg==,i=4096"
    static let proof = "c=biws,r=abcdefghIJKL,p=l+TrzaiNwyT6KWGIEgqqwPCLBYXkgXxQ9YBvwZfC2j0="
    static let signature = "v=PCTQ4u5ryTZjyha2wjWHwoUR64Y5E00dYZUSEKXX5ik="
    static let scram: [Recorded] = [
        .server(Words.scram), answer("SCRAM-SHA-256\0\0\0\0\u{10}n,,n=,r=abcdefgh"), .server(request(11, challenge)),
        answer(proof),
    ]
    static let end: [Recorded] = [.server(Words.welcome), .server(Words.settings), .server(Words.ready), goodbye]

    /// As PostgreSQL 15 of Debian 12 answers.
    @Test func `logs in by SCRAM`() {
        let recording = [Self.startup] + Self.scram + [.server(Self.request(12, Self.signature))] + Self.end
        #expect(Self.dialogue().play(recording) == .pass)
    }

    @Test func `hears what comes while its password is salted afterwards`() throws {
        func salting(_ more: [[UInt8]]) throws -> (FrameDialogue<PostgreSQLScript>, [UInt8]) {
            var dialogue = Self.dialogue()
            _ = dialogue.begin()
            _ = dialogue.receive(Words.scram[...])
            guard case .salt(let salting, let said) = dialogue.receive(Self.request(11, Self.challenge)[...]) else {
                throw CheckFailure.unexpected
            }
            #expect(said.isEmpty && salting.rounds == 4096 && "\(salting)".contains("(secret)"))
            for piece in more { #expect(dialogue.receive(piece[...]) == .listen) }
            return (dialogue, SaltedPasswords.shared.salted(salting))
        }
        let refusal = Words.error("57P01", "terminating connection due to administrator command")
        var (dialogue, salted) = try salting([Array(refusal.prefix(7)), Array(refusal.dropFirst(7))])
        #expect(dialogue.salted(salted) == .end(Words.state("57P01")))
        #expect(dialogue.salted(salted) == .listen)
        (dialogue, salted) = try salting([[0x58]])
        #expect(dialogue.salted(salted) == .end(.fail(.postgresql(.malformed))))
        (dialogue, salted) = try salting([])
        #expect(dialogue.salted(salted) == .say(Words.message("p", Array(Self.proof.utf8))))
        (dialogue, salted) = try salting([[UInt8](repeating: 0, count: 65_536)])
        #expect(dialogue.receive([0]) == .end(.fail(.unexpectedWithin(65_536))))
        #expect(dialogue.end() == .fail(.unexpectedWithin(65_536)))
    }

    @Test func `logs in by SCRAM within TLS, where the server could do more`() {
        let offer = Self.request(10, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0")
        let opening: [Recorded] = [Self.wish, .server("S"), .secured, Self.startup, .server(offer)]
        let recording =
            opening + Self.scram.dropFirst() + [.server(Self.request(12, Self.signature))] + Self.end
        #expect(Self.dialogue(Self.secured).play(recording) == .pass)
    }

    @Test func `logs in by MD5`() {
        let recording: [Recorded] =
            [
                Self.startup, .server(Words.message("R", [0, 0, 0, 5, 1, 2, 3, 4])),
                Self.answer("md56cd5e65deeaeef55ab44bddaf1369245\0"),
            ] + Self.end
        #expect(Self.dialogue().play(recording) == .pass)
        let lacking = Self.dialogue(digests: .lacking).outcome(of: [Words.message("R", [0, 0, 0, 5, 1, 2, 3, 4])])
        #expect(lacking == .fail(.postgresql(.withoutMD5)))
        #expect(CheckFailure.postgresql(.withoutMD5).isOwn)
    }

    @Test func `tells its password within TLS alone`() {
        let recording: [Recorded] =
            [
                Self.wish, .server("S"), .secured, Self.startup, .server(Self.request(3)), Self.answer("pencil\0"),
            ] + Self.end
        #expect(Self.dialogue(Self.secured).play(recording) == .pass)
        #expect(
            Self.dialogue().play([Self.startup, .server(Self.request(3))]) == .fail(.postgresql(.passwordInClear)))
    }

    @Test func `is not fooled by a server that does not know the password`() {
        let before = [Self.startup] + Self.scram
        let unproven = Outcome.fail(.postgresql(.unproven))
        #expect(Self.dialogue().play(before + [.server(Words.welcome)]) == unproven)
        let signature = Self.signature.replacing("v=P", with: "v=Q")
        #expect(Self.dialogue().play(before + [.server(Self.request(12, signature))]) == unproven)
        #expect(Self.dialogue().play(Array(before.prefix(3)) + [.server(Words.welcome)]) == unproven)
        let refusal = before + [.server(Self.request(12, "e=other-error"))]
        #expect(Self.dialogue().play(refusal) == .fail(.postgresql(.proofRefused)))
    }

    /// Of those that come before TLS: nobody is let in, and nobody is turned away as a stranger.
    static let unsecured: [([UInt8], Outcome)] = [
        (Array("N".utf8), .fail(.postgresql(.withoutTLS))),
        (Array("S".utf8) + Words.welcome, .fail(.reply(.injected))),
        (Array("X".utf8), .fail(.postgresql(.malformed))),
        (Words.welcome, .fail(.postgresql(.malformed))),
        (Words.error("28000", "no"), Words.state("28000")),
        (Words.error("57P03", "the database system is starting up"), Words.state("57P03")),
        ([], .fail(.closed)),
    ]

    @Test(arguments: unsecured) func `judges a server that is to speak TLS`(answer: [UInt8], expected: Outcome) {
        #expect(Self.dialogue(Self.secured).outcome(of: [answer]) == expected)
        #expect(Self.dialogue(PostgreSQLCheck(tls: TLSCheck())).outcome(of: [answer]) == expected)
    }

    static let answers: [([UInt8], Outcome)] = [
        (Words.welcome + Words.settings + Words.ready, .pass),
        (Words.error("28P01", "password authentication failed"), Words.state("28P01")),
        (request(7), .fail(.postgresql(.methodUnknown))),
        (request(10, "SCRAM-SHA-512\0\0"), .fail(.postgresql(.methodUnknown))),
        (request(10, "SCRAM-SHA-256-PLUS\0\0"), .fail(.postgresql(.methodUnknown))),
        (request(10), .fail(.postgresql(.methodUnknown))),
        (request(5, "abc"), .fail(.postgresql(.malformed))),
        (request(5, "abcd") + request(5, "abcd"), .fail(.postgresql(.malformed))),
        (request(5, "abcd") + Words.welcome + Words.ready, .pass),
        (request(5, "abcd") + Words.error("28P01", "no"), Words.state("28P01")),
        (Words.scram + request(11, challenge + "0"), .fail(.postgresql(.rounds(40_960)))),
        (Words.scram + request(11, challenge) + request(12, signature) + Words.welcome + Words.ready, .pass),
        (Words.scram + request(11, challenge) + Words.error("28P01", "no"), Words.state("28P01")),
        (Words.scram + request(11, challenge) + request(11, challenge), .fail(.postgresql(.malformed))),
        (Words.scram + request(12, signature), .fail(.postgresql(.malformed))),
        (Words.scram + Words.ready, .fail(.postgresql(.malformed))),
        (Words.scram + request(11, "r=other,s=AAAA,i=1"), .fail(.postgresql(.malformed))),
        (Words.scram, .fail(.closed)),
    ]

    @Test(arguments: answers) func `judges a server`(answer: [UInt8], expected: Outcome) {
        #expect(Self.dialogue().outcome(of: [answer]) == expected)
        #expect(Self.dialogue().outcome(of: answer.map { [$0] }) == expected)
    }

    @Test func `survives damaged answers`() {
        MutationTests.expectSameOutcomeOfPieces(Self.dialogue(), Self.answers.map(\.0))
        MutationTests.expectNoPassBeforeTLS(
            Self.dialogue(Self.secured), (Self.answers + Self.unsecured).map(\.0))
    }
}
