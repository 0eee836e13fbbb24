/// At most 64 bytes of UTF-8 in a room of its own: the heart copies it without allocating.
package struct ShortText: Hashable, Sendable {
    /// In bytes.
    package static let room = 64

    private var bytes = SIMD64<UInt8>()
    private var length: UInt8 = 0

    package init() {}

    /// As much of `text` as there is room for, in whole characters.
    package init(_ text: String) {
        for character in text {
            let more = character.utf8
            guard Int(length) + more.count <= Self.room else { return }
            for byte in more {
                bytes[Int(length)] = byte
                length += 1
            }
        }
    }

    package var isEmpty: Bool { length == 0 }

    /// For people: what is no UTF-8, and what would move a terminal's cursor, is replaced.
    package var text: String {
        let read = String(decoding: (0..<Int(length)).map { bytes[$0] }, as: UTF8.self)
        var safe = ""
        for scalar in read.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            safe.unicodeScalars.append(isControl ? " " : scalar)
        }
        return safe
    }

    /// Writes the length, and the whole room with zeros behind the text.
    func encode(into buffer: inout [UInt8], at offset: inout Int) {
        buffer.put(length, at: &offset)
        for index in 0..<Self.room {
            buffer[offset + index] = bytes[index]
        }
        offset += Self.room
    }

    /// Nil where the length is none.
    init?(_ buffer: [UInt8], at offset: inout Int) {
        length = buffer.take(UInt8.self, at: &offset)
        guard Int(length) <= Self.room else { return nil }
        for index in 0..<Int(length) {
            bytes[index] = buffer[offset + index]
        }
        offset += Self.room
    }
}
