/// A word of one to eight capitals and digits, of fixed size, as protocols name their errors.
package struct ShortCode: Hashable, Sendable {
    /// The letters, the last one lowest; zero where there is none.
    private let letters: UInt64

    /// Nil for anything else.
    package init?(_ text: some Collection<UInt8>) {
        guard (1...8).contains(text.count),
            text.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) })
        else { return nil }
        letters = text.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension ShortCode: CustomStringConvertible {
    package var description: String {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: letters >> (56 - 8 * UInt64($0))) }
        return String(decoding: bytes.drop { $0 == 0 }, as: UTF8.self)
    }
}
