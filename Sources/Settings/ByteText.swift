/// Bytes as people write them in the file: text with escapes, or `hex:` and digits.
package enum ByteText {
    package enum Fault: Error, Hashable, CustomStringConvertible {
        case badHex, trailingBackslash
        case unknownEscape(Unicode.Scalar)

        package var description: String {
            switch self {
            case .badHex: "hex: is followed by pairs of hexadecimal digits, and \\x by one pair"
            case .trailingBackslash: "nothing follows the last \\; write \\\\ for the sign itself"
            case .unknownEscape(let letter):
                "\\\(letter) is not known; known are \\r \\n \\t \\f \\v \\0 \\xHH and \\\\"
            }
        }
    }

    /// - Throws: `Fault` with the reason.
    package static func parse(_ text: String) throws(Fault) -> [UInt8] {
        guard !text.hasPrefix("hex:") else { return try parseHexadecimal(text.utf8.dropFirst(4)) }
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var place = 0
        while place < source.count {
            let byte = source[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard place < source.count else { throw .trailingBackslash }
            let letter = source[place]
            place += 1
            if letter == UInt8(ascii: "x") {
                guard place + 2 <= source.count, let value = hexadecimal(source[place], source[place + 1]) else {
                    throw .badHex
                }
                place += 2
                bytes.append(value)
            } else if letter == UInt8(ascii: "\\") || letter == UInt8(ascii: "\"") {
                bytes.append(letter)
            } else if let control = control(letter) {
                bytes.append(control)
            } else {
                let rest = String(decoding: source[(place - 1)...], as: UTF8.self)
                throw .unknownEscape(rest.unicodeScalars.first ?? "?")
            }
        }
        return bytes
    }

    /// In one fixed form, that `parse` reads.
    package static func print(_ bytes: [UInt8]) -> String {
        "hex:" + bytes.map { String($0 / 16, radix: 16) + String($0 % 16, radix: 16) }.joined()
    }

    private static func parseHexadecimal(_ text: Substring.UTF8View) throws(Fault) -> [UInt8] {
        let digits = text.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ":") }
        guard digits.count % 2 == 0 else { throw .badHex }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = hexadecimal(digits[place], digits[place + 1]) else { throw .badHex }
            bytes.append(byte)
        }
        return bytes
    }

    static func hexadecimal(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = digit(high), let low = digit(low) else { return nil }
        return high << 4 | low
    }

    /// The value of a hexadecimal digit.
    package static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The control character that a letter after a backslash stands for.
    static func control(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "0"): 0
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "v"): 0x0B
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "r"): 0x0D
        default: nil
        }
    }
}
