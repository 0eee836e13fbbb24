/// One thing that a configuration or a table says, named by where a person finds it.
package struct Entry: Hashable, Sendable, Codable {
    /// `services.web.scheduler`, `tcp://192.0.2.10:80`.
    package var path: String
    package var value: String

    package init(_ path: String, _ value: String) {
        self.path = path
        self.value = value
    }
}

/// Entries that stand together: a section of the configuration, a service of a table.
package struct Chapter: Hashable, Sendable, Codable {
    package var name: String
    package var entries: [Entry]

    package init(_ name: String, _ entries: [Entry]) {
        self.name = name
        self.entries = entries
    }
}

/// What is sent of a chapter to find out whether another director's is the same: 16 bytes.
package struct ChapterPrint: Hashable, Sendable {
    package var name: UInt64
    package var content: UInt64

    package init(name: UInt64, content: UInt64) {
        self.name = name
        self.content = content
    }
}

extension Chapter {
    package var print: ChapterPrint {
        ChapterPrint(name: textDigest(name), content: digest(after: textDigest("")))
    }

    /// As if its entries' lines were added to a text with this digest.
    func digest(after digest: UInt64) -> UInt64 { entries.reduce(digest) { $1.digest(after: $0) } }
}

extension Entry {
    var line: String { "\(path): \(value)\n" }

    /// As if its line were added to a text with this digest.
    func digest(after digest: UInt64) -> UInt64 {
        let path = textDigest(": ", after: textDigest(path, after: digest))
        return textDigest("\n", after: textDigest(value, after: path))
    }
}

/// An entry that two directors do not have in common.
package struct Deviation: Hashable, Sendable {
    package var path: String
    /// nil: there is no such entry.
    package var here: String?
    package var there: String?
}

extension [Chapter] {
    /// The names of the chapters that differ from another's or are missing in it, in this order, and behind them those
    /// that only the other has; as fingerprints.
    package func suspects(against others: [ChapterPrint]) -> [UInt64] {
        let there = Dictionary(others.map { ($0.name, $0.content) }) { first, _ in first }
        let prints = map(\.print)
        let own = Set(prints.map(\.name))
        return prints.filter { there[$0.name] != $0.content }.map(\.name)
            + others.map(\.name).filter { !own.contains($0) }
    }

    /// Those whose names have these fingerprints, in this order.
    package func named(_ names: Set<UInt64>) -> [Chapter] { filter { names.contains(textDigest($0.name)) } }

    /// What differs between these chapters and the other's of the same names.
    package func deviations(from others: [Chapter]) -> [Deviation] {
        let there = Dictionary(others.map { ($0.name, $0.entries) }) { first, _ in first }
        let own = Set(map(\.name))
        return flatMap { $0.deviations(from: there[$0.name] ?? []) }
            + others.filter { !own.contains($0.name) }.flatMap { Chapter($0.name, []).deviations(from: $0.entries) }
    }
}

extension Chapter {
    fileprivate func deviations(from others: [Entry]) -> [Deviation] {
        let there = Dictionary(others.map { ($0.path, $0.value) }) { first, _ in first }
        let own = Set(entries.map(\.path))
        return entries.filter { there[$0.path] != $0.value }
            .map { Deviation(path: $0.path, here: $0.value, there: there[$0.path]) }
            + others.filter { !own.contains($0.path) }.map { Deviation(path: $0.path, here: nil, there: $0.value) }
    }
}

/// FNV-1a, 64 bits (draft-eastlake-fnv, 5). It recognises differences between friends; it is no proof against somebody
/// who looks for a second text.
///
/// - Parameter digest: of what stands before the text; by default nothing does.
package func textDigest(_ text: String, after digest: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
    textDigest(text.utf8.span, after: digest)
}

/// The same of a text's bytes.
func textDigest(_ bytes: Span<UInt8>, after digest: UInt64) -> UInt64 {
    var digest = digest
    for index in bytes.indices { digest = (digest ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
    return digest
}
