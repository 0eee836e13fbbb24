import Agreement
import Dialogues
import Testing

/// A small generator with a seed, so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

struct MutationTests {
    static let seeds = HTTPDialogueTests.answers.map { Array($0.0.utf8) }

    /// 100,000 damaged answers: none crashes, each gets an outcome that does not depend on how it was cut into pieces.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `survives damaged answers`(seed: UInt64) {
        var random = SplitMix(state: seed)
        for _ in 0..<25_000 {
            let answer = Self.damaged(using: &random)
            var whole = HTTPDialogue(accepted: [200...299])
            _ = whole.receive(answer)
            var pieces = HTTPDialogue(accepted: [200...299])
            let cut = Int.random(in: 0...answer.count, using: &random)
            _ = pieces.receive(answer[..<cut])
            _ = pieces.receive(answer[cut...])
            let outcomes = (whole.end(), pieces.end())
            if outcomes.0 != outcomes.1 { Issue.record("seed \(seed): \(answer) gave \(outcomes)") }
        }
    }

    private static func damaged(using random: inout SplitMix) -> [UInt8] {
        var answer = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...answer.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: answer.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 1 where place < answer.count: answer[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: answer.removeSubrange(place..<min(place + 3, answer.count))
            default: answer.insert(contentsOf: seeds.randomElement(using: &random) ?? [], at: place)
            }
        }
        return answer
    }
}
