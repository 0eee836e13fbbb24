/// A mapping's values by key, each a key that the schema has, and none twice.
struct Fields {
    let mark: Mark
    private let entries: [Node.Entry]
    /// A bit for each length that a key has: most of a schema's keys are given nowhere, and need not be looked for.
    private var lengths: UInt64 = 0

    init(mark: Mark, entries: [Node.Entry] = []) {
        self.mark = mark
        self.entries = entries
        for index in entries.indices {
            if case .scalar(let name) = entries[index].key.content { lengths |= Self.mark(name.utf8.count) }
        }
    }

    private static func mark(_ length: Int) -> UInt64 { 1 << UInt64(length & 63) }

    /// A walk: a mapping has a handful of keys, mostly of different lengths. Those of the schema are small ASCII
    /// letters, which no text of another length equals.
    subscript(_ key: String) -> Node? {
        let length = key.utf8.count
        guard lengths & Self.mark(length) != 0 else { return nil }
        for index in entries.indices {
            guard case .scalar(let name) = entries[index].key.content else { continue }
            if name.utf8.count == length, name == key { return entries[index].value }
        }
        return nil
    }

    /// All of them, as they stand in the file.
    var all: [(key: String, value: Node)] {
        entries.compactMap { entry in
            if case .scalar(let name) = entry.key.content { (name, entry.value) } else { nil }
        }
    }
}
