import Agreement
import DamagedAnswers
import Dialogues
import Settings
import Simulation
import Testing

struct ExchangeDialogueTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var answer: String
        var expect: Pattern
        var outcome: Outcome
        var testDescription: String { "\(expect.source) in \(answer.prefix(40).debugDescription)" }

        init(_ answer: String, text: String, _ outcome: Outcome) {
            self.init(answer, Pattern(Array(text.utf8)), outcome)
        }

        init(_ answer: String, regex: String, _ outcome: Outcome) {
            self.init(answer, (try? Pattern(regex: regex)) ?? Pattern(Array("no such regex".utf8)), outcome)
        }

        private init(_ answer: String, _ expect: Pattern, _ outcome: Outcome) {
            self.answer = answer
            self.expect = expect
            self.outcome = outcome
        }
    }

    static let cases = [
        Case("+PONG\r\n", text: "+PONG", .pass),
        Case("-ERR unknown command\r\n", text: "+PONG", .fail(.unexpected)),
        Case("-LOADING\r\n+PONG\r\n", text: "+PONG", .pass),
        Case("+PO", text: "+PONG", .fail(.unexpected)),
        Case("", text: "+PONG", .fail(.closed)),
        Case("++PONG", text: "+PONG", .pass),
        Case("aab", text: "ab", .pass),
        Case("220 mail.example ESMTP\r\n", regex: "^220[ -]", .pass),
        Case("554 no\r\n220 mail\r\n", regex: "^220[ -]", .pass),
        Case("554 no 220 \r\n", regex: "^220[ -]", .fail(.unexpected)),
        Case("SSH-2.0-OpenSSH_9.2p1\r\n", regex: "SSH-(1\\.99|2\\.0)-\\w+", .pass),
        Case("status: OK\n", regex: "(?i)ok$", .pass),
        Case("status: OK", regex: "(?i)ok$", .pass),
        Case("status: OKAY", regex: "(?i)ok$", .fail(.unexpected)),
        Case("a\r\nb", regex: "a$", .pass),
        Case("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", regex: "(a*)*b", .fail(.unexpected)),
        Case("größe 3", regex: "grö+ße \\d", .pass),
        Case("x=12345;", regex: "x=\\d{3,5};", .pass),
        Case("x=123456;", regex: "x=\\d{3,5};", .fail(.unexpected)),
        Case("x", regex: "y+?", .fail(.unexpected)),
        Case("\0\u{1}", regex: "\\x00\\x01", .pass),
        Case("a\nb", regex: "a.b", .fail(.unexpected)),
        Case("a\nb", regex: "a[^b]b", .pass),
        Case("a-b]", regex: "^[]a-]{2}b\\]$", .pass),
        Case(String(repeating: "x", count: 65_530) + "+PONG", text: "+PONG", .pass),
        Case(String(repeating: "x", count: 65_532) + "+PONG", text: "+PONG", .fail(.unexpectedWithin(65_536))),
    ]

    @Test(arguments: cases) func `judges an answer`(row: Case) {
        let dialogue = ExchangeDialogue(Exchange(expect: row.expect))
        #expect(dialogue.outcome(of: row.answer) == row.outcome)
        #expect(dialogue.outcome(of: row.answer.utf8.map { [$0] }) == row.outcome)
    }

    @Test func `says first what there is to say`() {
        var speaks = ExchangeDialogue(Exchange(send: [1, 2], expect: Pattern([3])))
        #expect(speaks.begin() == .say([1, 2]))
        #expect(speaks.receive([3]) == .end(.pass))
        var listens = ExchangeDialogue(Exchange(expect: Pattern([3])))
        #expect(listens.begin() == .listen)
        var connects = ExchangeDialogue(Exchange())
        #expect(connects.begin() == .end(.pass))
    }

    @Test func `tells silence from a wrong answer when the time is over`() {
        var dialogue = ExchangeDialogue(Exchange(expect: Pattern([3])))
        #expect(dialogue.late == .fail(.answerTimeout))
        _ = dialogue.receive([1])
        #expect(dialogue.late == .fail(.unexpected))
    }

    /// The oracle is the standard library's own engine, which may take its time.
    @Test func `finds what another engine finds`() throws {
        let atoms = ["a", "b", ".", "[ab]", "[^a]", "(a|b)", "(?:ab|)", "^", "$", "\\n", "(a{2})", "(b{1,2})", "(a*b)"]
        var found = 0
        for seed in 1...UInt64(DamagedAnswers.count) {
            var random = SplitMix64(seed: seed)
            var text = ""
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                text += atoms.randomElement(using: &random) ?? ""
                text += ["", "", "*", "+", "?", "+?"].randomElement(using: &random) ?? ""
            }
            let isOdd = ["^*", "^+", "^?", "$*", "$+", "$?"].contains { text.contains($0) }
            guard !isOdd, let pattern = try? Pattern(regex: text) else { continue }
            let length = Int.random(in: 0...8, using: &random)
            let answer = String((0..<length).map { _ in "aab\n".randomElement(using: &random) ?? "a" })
            let oracle = try Regex(text).anchorsMatchLineEndings().matchingSemantics(.unicodeScalar)
            let isFound = ExchangeDialogue(Exchange(expect: pattern)).outcome(of: answer) == .pass
            let isExpected = answer.contains(oracle)
            found += isExpected ? 1 : 0
            if isFound != isExpected { Issue.record("seed \(seed): \(text) in \(answer.debugDescription): \(isFound)") }
        }
        #expect(found > DamagedAnswers.count / 10)
    }
}
