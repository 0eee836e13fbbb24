import Control
import Settings

/// What the directors ask each other to find out where they differ, as JSON. A newer director's further fields are
/// skipped.
struct ComparisonMessage: Codable, Sendable {
    /// Chosen by who asks, and repeated in the answer.
    var number: UInt64
    var isAnswer: Bool
    var subject: SubjectDiff.Subject
    /// In a question: the chapters whose text is wanted, by the fingerprints of their names; absent: all fingerprints.
    var wanted: [String]?
    /// In an answer: name and content of each chapter, 32 hexadecimal digits. No more than fit into a message.
    var prints: [String]?
    /// In an answer: how many chapters there are.
    var total: Int?
    var chapters: [Chapter]?
    /// In an answer: not all that was asked for.
    var isCut: Bool?
    /// In an answer: there is nothing to compare, and why.
    var absence: String?

    /// Chapters whose fingerprints fit into a message of the stream.
    static let longestList = 6000
    /// Bytes of text in an answer, roughly.
    static let longestText = 128 << 10
    /// Chapters that are asked for at once.
    static let mostWanted = 64

    static func read(_ bytes: [UInt8]) -> ComparisonMessage? {
        guard bytes.count <= Messenger.longestMessage else { return nil }
        return try? JSON.decode(ComparisonMessage.self, from: bytes)
    }
}

extension ChapterPrint {
    var text: String { hexadecimal(name) + hexadecimal(content) }

    init?(text: String) {
        guard text.utf8.count == 32, let name = UInt64(text.prefix(16), radix: 16),
            let content = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(name: name, content: content)
    }
}

/// 16 digits.
func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
