/// What bytes must be before they are looked at as YAML: UTF-8 without control characters.
enum TextRules {
    static func accept(_ bytes: [UInt8], file: Int, diagnosis: inout Diagnosis) -> Bool {
        guard let offset = firstFault(bytes) else { return true }
        let before = bytes[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let mark = Mark(
            file: file, line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            column: String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1)
        let what =
            switch bytes[offset] {
            case 0: "a zero byte"
            case 1..<0x80: "a control character"
            default: "a byte that is not UTF-8"
            }
        diagnosis.error(mark, "\(what) stands here; a configuration is UTF-8 text")
        return false
    }

    /// The offset of the first control character but tab and the ends of lines, or of the first byte that no
    /// character can begin with or continue (Unicode 15, table 3-7).
    private static func firstFault(_ bytes: [UInt8]) -> Int? {
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            // Nearly all of it.
            if (0x20..<0x7F).contains(byte) {
                offset += 1
                continue
            }
            if byte == 0x7F || byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D { return offset }
            if byte < 0x80 {
                offset += 1
                continue
            }
            guard let (second, length) = sequence(byte), offset + length <= bytes.count else { return offset }
            guard second.contains(bytes[offset + 1]) else { return offset }
            for index in (offset + 2)..<max(offset + 2, offset + length) where bytes[index] & 0xC0 != 0x80 {
                return offset
            }
            offset += length
        }
        return nil
    }

    /// What may follow a first byte, and how many bytes it begins.
    private static func sequence(_ first: UInt8) -> (second: ClosedRange<UInt8>, length: Int)? {
        switch first {
        case 0xC2...0xDF: (0x80...0xBF, 2)
        case 0xE0: (0xA0...0xBF, 3)
        case 0xED: (0x80...0x9F, 3)
        case 0xE1...0xEF: (0x80...0xBF, 3)
        case 0xF0: (0x90...0xBF, 4)
        case 0xF1...0xF3: (0x80...0xBF, 4)
        case 0xF4: (0x80...0x8F, 4)
        default: nil
        }
    }
}
