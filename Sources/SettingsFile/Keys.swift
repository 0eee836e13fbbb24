/// Finds the keys that stand twice, while a mapping is read.
struct Keys {
    /// Of a mapping that has many.
    private var marks: [String: Mark] = [:]

    /// Where a key stands among the entries that a mapping has so far, which have different keys, all of them words.
    mutating func first(_ text: String, in entries: [Node.Entry]) -> Mark? {
        // Of a few keys the walk costs less than the table.
        guard entries.count >= 16 else {
            for index in entries.indices {
                let key = entries[index].key
                if case .scalar(let known) = key.content, known == text { return key.mark }
            }
            return nil
        }
        for entry in entries[marks.count...] {
            if case .scalar(let known) = entry.key.content { marks[known] = entry.key.mark }
        }
        return marks[text]
    }
}
