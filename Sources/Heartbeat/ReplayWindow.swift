/// Refuses a sequence that was seen before or is too old to know (RFC 6479: a ring of words, so that moving
/// forward clears words instead of shifting bits).
///
/// An empty window accepts anything. The order is `check`, then the seal, then `commit`: an unauthenticated
/// datagram never moves the window.
package struct ReplayWindow: Hashable, Sendable {
    // Implementation constants: one word is always being refilled, so it does not count.
    private static let words = 8
    package static let size = UInt64((words - 1) * 64)

    private var ring: InlineWords = InlineWords()
    private var highest: UInt64 = 0
    private var isEmpty = true

    package init() {}

    package func check(_ sequence: UInt64) throws(Refusal) {
        guard !isEmpty, sequence <= highest else { return }
        guard highest - sequence < Self.size else { throw .tooOld }
        guard ring[Self.slot(sequence)] & Self.bit(sequence) == 0 else { throw .replayed }
    }

    package mutating func commit(_ sequence: UInt64) {
        if isEmpty {
            isEmpty = false
            highest = sequence
        } else if sequence > highest {
            var word = highest / 64
            // Once around the ring is enough, however far the sequence has come.
            let last = min(sequence / 64, word + UInt64(Self.words))
            while word < last {
                word += 1
                ring[Self.slot(word * 64)] = 0
            }
            highest = sequence
        }
        ring[Self.slot(sequence)] |= Self.bit(sequence)
    }

    private static func slot(_ sequence: UInt64) -> Int { Int(sequence / 64 % UInt64(words)) }

    private static func bit(_ sequence: UInt64) -> UInt64 { 1 << (sequence % 64) }
}

/// Eight words in place: a window lives inside a session without a box of its own.
private struct InlineWords: Hashable, Sendable {
    private var low: SIMD4<UInt64> = .zero
    private var high: SIMD4<UInt64> = .zero

    subscript(index: Int) -> UInt64 {
        get { index < 4 ? low[index] : high[index - 4] }
        set { if index < 4 { low[index] = newValue } else { high[index - 4] = newValue } }
    }
}
