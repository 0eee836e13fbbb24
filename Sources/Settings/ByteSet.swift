/// A set of bytes.
package struct ByteSet: Hashable, Sendable {
    private var words: InlineArray<4, UInt64> = .init(repeating: 0)

    package init(_ bytes: some Sequence<UInt8> = []) {
        for byte in bytes { insert(byte) }
    }

    package mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    package func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

    package var inverted: ByteSet { ByteSet((0...255).filter { !contains($0) }) }

    package func union(_ other: ByteSet) -> ByteSet { ByteSet((0...255).filter { contains($0) || other.contains($0) }) }

    /// With each letter in both cases, as ASCII has them.
    package var withoutCase: ByteSet {
        ByteSet((0...255).filter { contains($0) || Self.isLetter($0) && contains($0 ^ 0x20) })
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    package static func == (left: ByteSet, right: ByteSet) -> Bool {
        left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
    }

    package func hash(into hasher: inout Hasher) {
        for index in words.indices { hasher.combine(words[index]) }
    }
}
