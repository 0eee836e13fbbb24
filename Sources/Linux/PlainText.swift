/// What a stranger printed, as it may stand in a log line, a status or a terminal.
package enum PlainText {
    /// In characters.
    package static let longest = 160

    /// The first line that is not blank: printable, without what ends or turns lines, and short.
    package static func firstLine(of bytes: [UInt8]) -> String {
        let isBreak: (UInt8) -> Bool = { $0 == 0x0A || $0 == 0x0D }
        for line in bytes.split(whereSeparator: isBreak) {
            let text = plain(line)
            if !text.isEmpty { return text }
        }
        return ""
    }

    private static func plain(_ line: ArraySlice<UInt8>) -> String {
        var result = String.UnicodeScalarView()
        // A character has at most four bytes: what lies behind is not even decoded.
        for scalar in String(decoding: line.prefix(longest * 4 + 4), as: UTF8.self).unicodeScalars {
            if result.isEmpty, scalar == " " || scalar == "\t" { continue }
            guard result.count < longest else {
                result.append("…")
                break
            }
            result.append(isPlain(scalar) ? scalar : "\u{FFFD}")
        }
        while result.last == " " { result.removeLast() }
        return String(result)
    }

    /// No control characters, nor what changes the direction of writing or ends a line (Unicode 15, 23.1 and 23.2).
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }

    /// `2 s`, `250 ms`.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
