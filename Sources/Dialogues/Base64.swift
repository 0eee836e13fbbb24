/// Bytes in letters that protocols of text can carry (RFC 4648 4).
package enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    package static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 3).flatMap { place in
            let group = bytes[place..<min(place + 3, bytes.count)]
            let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[place + $1]) : 0) }
            return (0..<4).map { $0 <= group.count ? letters[bits >> (18 - 6 * $0) & 0x3F] : padding }
        }
    }

    /// Absent: letters that are none, a padding that is too short or too long, or bits that no byte has.
    package static func decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
        let body = text.prefix { $0 != padding }
        let tail = text.dropFirst(body.count)
        guard text.count.isMultiple(of: 4), tail.count <= 2, tail.allSatisfy({ $0 == padding }) else { return nil }
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for letter in body {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            (bits, count) = ((bits << 6 | value) & 0xFFFF, count + 6)
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        return bits & (1 << count - 1) == 0 ? bytes : nil
    }
}
