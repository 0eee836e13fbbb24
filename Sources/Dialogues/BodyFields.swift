import Agreement

/// The fields of a header that say how a body is written, picked out byte by byte (RFC 9112 6, RFC 9110 8.4).
struct BodyFields: Sendable {
    private enum Kind: String, CaseIterable, Sendable {
        case length = "content-length"
        case transfer = "transfer-encoding"
        case content = "content-encoding"

        static let longest = 17
    }

    /// A longer value of these fields is none that can be followed.
    private static let longestValue = 64

    private var name: [UInt8] = []
    private var value: [UInt8] = []
    private var kind: Kind?

    private var length: Int?
    private var isChunked = false
    private var failure: CheckFailure?

    mutating func beginName() {
        end()
        name.removeAll(keepingCapacity: true)
    }

    mutating func takeName(_ byte: UInt8) {
        // One byte more than the longest, so that no longer name looks like it.
        if name.count <= Kind.longest { name.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
    }

    mutating func beginValue() {
        kind = Kind.allCases.first { name.elementsEqual($0.rawValue.utf8) }
        value.removeAll(keepingCapacity: true)
    }

    mutating func takeValue(_ byte: UInt8) {
        if kind != nil, value.count <= Self.longestValue { value.append(byte) }
    }

    /// The field, or the whole header, is over.
    mutating func end() {
        guard let kind else { return }
        self.kind = nil
        let text = String(decoding: value, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
        switch kind {
        case .length: take(length: text)
        case .transfer where text == "chunked": isChunked = true
        case .content where text == "identity" || text.isEmpty: break
        case .transfer, .content: failure = failure ?? .body(.encoded)
        }
    }

    /// Several equal lengths are one (RFC 9112 6.3).
    private mutating func take(length text: String) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let isNumber = (1...18).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isNumber, let number = Int(part), length == nil || length == number else {
                failure = .malformed
                return
            }
            length = number
        }
    }

    /// How the body is to be read. A chunked one has no other length (RFC 9112 6.3).
    ///
    /// - Throws: why it cannot be read.
    func framing() throws(CheckFailure) -> BodyFraming {
        if let failure { throw failure }
        return isChunked ? .chunked : length.map { .length($0) } ?? .untilClose
    }
}
