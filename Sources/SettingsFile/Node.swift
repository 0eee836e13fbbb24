/// A place in a file.
struct Mark: Hashable {
    /// Counts the files in the order in which they are read.
    var file: Int
    /// Both from 1; the column counts characters.
    var line: Int
    var column: Int
}

/// A piece of YAML with the place it begins at.
struct Node {
    enum Content {
        case scalar(String)
        case list([Node])
        case mapping([Entry])
        /// Refused already, with a problem of its own: whoever meets it stays silent.
        case refused
    }

    struct Entry {
        var key: Node
        var value: Node
    }

    var mark: Mark
    var content: Content

    /// What a person would call it.
    var kind: String {
        switch content {
        case .scalar(let text): text.isEmpty ? "nothing" : "\"\(Node.shortened(text))\""
        case .list: "a list"
        case .mapping: "a mapping"
        case .refused: "something refused"
        }
    }

    /// `key:` with nothing behind it.
    var isEmpty: Bool {
        if case .scalar(let text) = content { return text.isEmpty || text == "~" || text == "null" }
        return false
    }

    /// Text from a file as it may stand in a message: short and without control characters.
    static func shortened(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(60) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
        }
        return text.unicodeScalars.dropFirst(60).isEmpty ? result : result + "…"
    }
}
