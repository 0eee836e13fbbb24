import Control

/// What the directors say to each other about keys through the stream, as JSON. A newer director's further fields are
/// skipped.
///
/// A new key's secret travels in such a message: sealed like everything in the stream, under the session in use. Who
/// has that session's key has the pair's key anyway.
struct KeyMessage: Codable, Sendable {
    /// Chosen by who asks, and repeated in the answer.
    var number: UInt64
    var isAnswer: Bool
    /// What to do; absent: only say what keys there are. It names its key by id, a new one by name.
    var order: KeyOrder?
    /// Of a new key, as its file has it.
    var line: String?
    /// In an answer: the keys of who answers.
    var keys: [Entry]?
    /// In an answer: why nothing was done.
    var refusal: String?

    struct Entry: Codable, Sendable {
        var id: String
        var name: String
        var use: KeyUse
    }

    /// More is not read: 16 keys take less than a tenth.
    static let longest = 64 << 10

    static func read(_ bytes: [UInt8]) -> KeyMessage? {
        guard bytes.count <= longest else { return nil }
        return try? JSON.decode(KeyMessage.self, from: bytes)
    }
}
