import Glibc
package import Simulation

/// Answers from a seed that were right before somebody damaged them. TANDEM_CASES says how many of each kind.
package struct DamagedAnswers {
    package static let count = getenv("TANDEM_CASES").flatMap { Int(String(cString: $0)) } ?? 5000

    /// What they are made of.
    private let answers: [[UInt8]]

    package init(_ answers: [[UInt8]]) { self.answers = answers }

    /// Hands out each damaged answer, with its seed and what else is to be random about the case.
    package func forEach(_ body: (_ seed: UInt64, _ answer: [UInt8], _ random: inout SplitMix64) -> Void) {
        for seed in 1...UInt64(Self.count) {
            var random = SplitMix64(seed: seed)
            let answer = Self.damaged(answers.randomElement(using: &random) ?? [], answers, using: &random)
            body(seed, answer, &random)
        }
    }

    /// An answer with one to four faults, among them pieces of the others.
    package static func damaged(
        _ answer: [UInt8], _ answers: [[UInt8]], using random: inout SplitMix64
    ) -> [UInt8] {
        var answer = answer
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...answer.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: answer.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 1 where place < answer.count: answer[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: answer.removeSubrange(place..<min(place + 3, answer.count))
            default: answer.insert(contentsOf: answers.randomElement(using: &random) ?? [], at: place)
            }
        }
        return answer
    }
}
