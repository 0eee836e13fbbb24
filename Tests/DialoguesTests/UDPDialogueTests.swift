import Agreement
import DamagedAnswers
import Dialogues
import Settings
import Testing

struct UDPDialogueTests {
    static let status = Exchange(
        send: Array("\u{FF}status".utf8), expect: (try? Pattern(regex: "^OK \\d+$")) ?? Pattern([0]))

    @Test func `says what is to be said`() {
        #expect(UDPDialogue(Self.status).question == Self.status.send)
        #expect(UDPDialogue(Exchange()).question.isEmpty)
    }

    @Test(
        arguments: [
            ("OK 12", .pass), ("OK 12\n", .pass), ("hello\nOK 1\n", .pass), ("OK", nil), ("OK 12x", nil), ("", nil),
        ] as [(String, Outcome?)]) func `looks for what is expected`(answer: String, expected: Outcome?)
    {
        var dialogue = UDPDialogue(Self.status)
        #expect(dialogue.receive(Array(answer.utf8)) == expected)
    }

    @Test func `looks at each datagram for itself`() {
        var dialogue = UDPDialogue(Self.status)
        #expect(dialogue.late == .fail(.answerTimeout))
        #expect(dialogue.receive(Array("OK ".utf8)) == nil && dialogue.receive(Array("12".utf8)) == nil)
        #expect(dialogue.late == .fail(.unexpected))
        #expect(dialogue.receive(Array("OK 12".utf8)) == .pass)
    }

    @Test func `takes silence for good where nothing is expected`() {
        var dialogue = UDPDialogue(Exchange(send: [1]))
        #expect(dialogue.late == .pass)
        #expect(dialogue.receive([]) == .pass)
    }

    /// The oracle is the standard library's own engine.
    @Test func `finds what another engine finds in damaged answers`() throws {
        let oracle = try Regex("^OK [0-9]+$").anchorsMatchLineEndings().matchingSemantics(.unicodeScalar)
        DamagedAnswers(["OK 12", "OK 7\n", "no"].map { Array($0.utf8) }).forEach { seed, answer, _ in
            // The two differ in what else ends a line.
            guard answer.allSatisfy({ $0 < 0x80 && ($0 >= 0x20 || $0 == 0x0A) }) else { return }
            var dialogue = UDPDialogue(Self.status)
            let text = String(decoding: answer, as: UTF8.self)
            let isFound = dialogue.receive(answer) == .pass
            if isFound != text.contains(oracle) { Issue.record("seed \(seed): \(text.debugDescription): \(isFound)") }
        }
    }
}
