import Heartbeat

/// The form of a state file: a line that says what it is, lines of a key and a value, and a last line that counts the
/// lines between and sums up everything before it. A file that was cut, or in which something changed, does not fit
/// its last line.
///
/// ```
/// tandem terms 1
/// web 42
/// end 1 00c7f6a1d2b3e4f5
/// ```
package struct StateText: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package var key: String
        package var value: String

        package init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    /// More is no state file. In bytes.
    package static let limit = 524_288

    package var kind: String
    package var version: Int
    package var lines: [Line]

    package init(kind: String, version: Int, lines: [Line]) {
        self.kind = kind
        self.version = version
        self.lines = lines
    }

    package var bytes: [UInt8] {
        var text = "tandem \(kind) \(version)\n"
        for line in lines { text += "\(line.key) \(line.value)\n" }
        return Array((text + "end \(lines.count) \(Self.sum(text.utf8))\n").utf8)
    }

    /// Throws if anything is not as `bytes` makes it. A later version's lines are not looked at.
    package init(_ bytes: [UInt8], kind: String, version: Int, limit: Int = Self.limit) throws(StateDamage) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= limit else { throw .tooLong }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .noText }
        let head = text.prefix { $0 != "\n" }.split(separator: " ")
        guard head.count == 3, head[0] == "tandem", head[1] == kind, let found = Int(head[2]) else {
            throw .noHeading
        }
        guard found <= version else { throw .laterVersion(found) }
        guard bytes.last == 0x0A, let cut = bytes.dropLast().lastIndex(of: 0x0A) else { throw .cut }
        let last = String(decoding: bytes[(cut + 1)...].dropLast(), as: UTF8.self)
        var parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        parts.removeLast(2)
        guard last.hasPrefix("end ") else { throw .cut }
        guard last == "end \(parts.count - 1) \(Self.sum(bytes[...cut]))" else { throw .changed }
        self.init(kind: kind, version: found, lines: try Self.lines(parts.dropFirst()))
    }

    private static func lines(_ parts: ArraySlice<String>) throws(StateDamage) -> [Line] {
        var lines: [Line] = []
        for part in parts {
            guard let blank = part.firstIndex(of: " "), blank > part.startIndex else {
                throw .line(lines.count + 2)
            }
            lines.append(Line(String(part[..<blank]), String(part[part.index(after: blank)...])))
        }
        return lines
    }

    /// As 16 digits: it finds accidents, not enemies.
    private static func sum(_ bytes: some Sequence<UInt8>) -> String {
        let digits = String(fingerprint(bytes), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Why a state file cannot be used, as words after "it".
package enum StateDamage: Error, Hashable, Sendable, CustomStringConvertible {
    case empty, tooLong, noText, noHeading, cut, changed
    case laterVersion(Int)
    /// Counted from 1.
    case line(Int)

    package var description: String {
        switch self {
        case .empty: "is empty"
        case .tooLong: "is longer than tandemd writes any"
        case .noText: "is no text"
        case .noHeading: "does not begin like one"
        case .cut: "was cut off"
        case .changed: "does not fit its last line"
        case .laterVersion(let version): "is of version \(version), which a later tandemd wrote"
        case .line(let number): "cannot be read in line \(number)"
        }
    }
}
