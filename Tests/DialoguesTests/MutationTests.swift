import Agreement
import DamagedAnswers
import Dialogues
import Settings
import Testing

/// Damaged answers: none crashes, each gets an outcome that does not depend on how it was cut into pieces.
struct MutationTests {
    static func expectSameOutcomeOfPieces(_ dialogue: some Dialogue, _ answers: [[UInt8]]) {
        DamagedAnswers(answers).forEach { seed, answer, random in
            let cuts = (0..<3).map { _ in Int.random(in: 0...answer.count, using: &random) }.sorted()
            let pieces = zip([0] + cuts, cuts + [answer.count]).map { Array(answer[$0..<$1]) }
            let outcomes = [dialogue.outcome(of: [answer]), dialogue.outcome(of: pieces)]
            if outcomes[0] != outcomes[1] { Issue.record("seed \(seed): \(answer) gave \(outcomes)") }
        }
    }

    /// Of a dialogue that is to speak TLS: whatever comes in the clear, it does not pass. Why not depends on the pieces
    /// here alone, for more in the same piece is an injection, and what comes later is for TLS to judge.
    static func expectNoPassBeforeTLS(_ dialogue: some Dialogue, _ answers: [[UInt8]]) {
        DamagedAnswers(answers).forEach { seed, answer, random in
            let cut = Int.random(in: 0...answer.count, using: &random)
            for pieces in [[answer], [Array(answer[..<cut]), Array(answer[cut...])]]
            where dialogue.outcome(of: pieces).isPass {
                Issue.record("seed \(seed): \(pieces) passed")
            }
        }
    }

    /// Of a protocol that may speak TLS, led in the clear and to where TLS would begin.
    static func expectSoundSession<Script: LineScript>(
        _ clear: LineDialogue<Script>, _ answers: [String], secured: LineDialogue<Script>, _ before: [String]
    ) {
        expectSameOutcomeOfPieces(clear, answers.map { Array($0.utf8) })
        expectNoPassBeforeTLS(secured, before.map { Array($0.utf8) })
    }

    @Test func `an HTTP dialogue survives damaged answers`() {
        Self.expectSameOutcomeOfPieces(
            HTTPDialogueTests.dialogue(), HTTPDialogueTests.answers.map { Array($0.0.utf8) })
    }

    @Test func `an agent's line survives damage`() {
        Self.expectSameOutcomeOfPieces(
            AgentDialogue(AgentSettings(port: 1)), AgentDialogueTests.answers.map { Array($0.utf8) })
    }

    @Test func `an exchange survives damaged answers`() throws {
        let exchange = Exchange(expect: try Pattern(regex: "^(\\+PONG|2\\d\\d.*OK)$"))
        Self.expectSameOutcomeOfPieces(
            ExchangeDialogue(exchange), ["+PONG\r\n", "-ERR\r\n", "250 ready OK\n"].map { Array($0.utf8) })
    }
}
