import Glibc

/// A document of this package, read from where this file stands.
package struct Page: Sendable {
    private let path: String
    package let text: String

    /// From the package's root: `Docs/Packet.md`. Nothing stands on a page that cannot be read.
    package init(_ name: String) {
        path = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/" + name
        text = Self.read(path)
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text from a heading to the next one of its rank or of a higher one, without blanks at its end.
    package func section(_ heading: String) -> String {
        let rank = heading.prefix { $0 == "#" }.count
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(where: { $0.hasPrefix(heading) }) else { return "" }
        let last = lines[(first + 1)...].firstIndex { line in
            (1...rank).contains(line.prefix { $0 == "#" }.count) && line.drop { $0 == "#" }.hasPrefix(" ")
        }
        return Self.trimmed(lines[first..<(last ?? lines.count)].joined(separator: "\n"))
    }

    /// The cells of all rows of a text's tables, without blanks around them.
    package static func rows(of text: String) -> [[String]] {
        text.split(separator: "\n").filter { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                trimmed(String($0.drop { $0 == " " }))
            }
        }
    }

    /// Puts another text in the place of one that stands on the page.
    package func replace(_ old: String, with new: String) {
        guard let file = fopen(path, "w") else { return }
        defer { fclose(file) }
        fputs(text.replacing(old, with: new), file)
    }

    private static func trimmed(_ text: String) -> String {
        String(text.reversed().drop { $0 == " " || $0 == "\n" }.reversed())
    }
}
