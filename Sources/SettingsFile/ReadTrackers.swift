import Addresses
import Settings

extension Reading {
    mutating func trackers(_ node: Node, _ place: Place) -> [TrackerSettings]? {
        guard let nodes = list(node, "a list of trackers, each beginning with \"- script:\" or the like") else {
            return nil
        }
        var trackers: [TrackerSettings] = []
        for element in nodes {
            let elementPlace = Place(place.section, place.index, place.key, trackers.count)
            guard let tracker = take(element, elementPlace, { $0.tracker($1) }) else { continue }
            trackers.append(tracker)
        }
        return trackers
    }

    private static let kinds = ["script", "process", "file", "servers"]

    private mutating func tracker(_ node: Node) -> TrackerSettings? {
        guard let fields = fields(node, Schema.tracker) else { return nil }
        let given = Self.kinds.filter { fields[$0] != nil }
        guard let word = given.first, given.count == 1, let subject = fields[word] else {
            let found = given.isEmpty ? "none" : given.joined(separator: " and ")
            diagnosis.error(
                fields.mark, "a tracker has one of \(Words.alternatives(Self.kinds)), and this one \(found)")
            return nil
        }
        var isSound = accepts(fields, word)
        let kind = trackerKind(word, subject, fields)
        // The other keys are read all the same: whatever is wrong is said at once.
        var tracker = TrackerSettings(kind ?? .servers(service: nil, below: 50))
        func value<Value>(_ key: String, _ read: (Node) -> Value?) -> Value? {
            guard let node = fields[key] else { return nil }
            let value = read(node)
            if value == nil { isSound = false }
            return value
        }
        tracker.weight = value("weight") { number($0, 1...100, "weight") } ?? tracker.weight
        tracker.rise = value("rise") { number($0, 1...100, "rise") } ?? tracker.rise
        tracker.fall = value("fall") { number($0, 1...100, "fall") } ?? tracker.fall
        tracker.interval =
            value("interval") { duration($0, .milliseconds(100) ... .seconds(3600), "interval") } ?? tracker.interval
        if case .script(var command) = kind {
            command.timeout =
                value("timeout") { duration($0, .milliseconds(100) ... .seconds(3600), "timeout") }
                ?? min(.seconds(2), tracker.interval)
            tracker.kind = .script(command)
        }
        return isSound && kind != nil ? tracker : nil
    }

    /// Keys that belong to another kind of tracker would do nothing.
    private mutating func accepts(_ fields: Fields, _ kind: String) -> Bool {
        let owners = ["timeout": "script", "user": "script", "below": "servers"]
        let strays = owners.filter { $0.value != kind }.keys.sorted().compactMap { key in
            fields[key].map { (key, $0) }
        }
        for (key, node) in strays {
            diagnosis.error(
                node.mark, "\(key) means nothing to a tracker of \(kind); it belongs to \(owners[key] ?? "")")
        }
        return strays.isEmpty
    }

    private mutating func trackerKind(_ word: String, _ node: Node, _ fields: Fields) -> TrackerSettings.Kind? {
        switch word {
        case "script": return command(node, user: fields["user"]).map { .script($0) }
        case "process": return processName(node).map { .process($0) }
        case "file": return path(node).map { .file($0) }
        default:
            guard let name = name(node, "the name of a service or all") else { return nil }
            guard let share = fields["below"] else { return .servers(service: name == "all" ? nil : name, below: 50) }
            return percentage(share, "below").map { .servers(service: name == "all" ? nil : name, below: $0) }
        }
    }

    private mutating func processName(_ node: Node) -> String? {
        guard let name = text(node, "the name of a process or a path") else { return nil }
        if name.contains("/") { return path(node) }
        guard name.utf8.count <= 64, name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            diagnosis.error(node.mark, "\(node.kind) is no name of a process")
            return nil
        }
        return name
    }

    mutating func percentage(_ node: Node, _ what: String, _ range: ClosedRange<Int> = 1...100) -> Int? {
        guard let text = text(node, "a percentage for \(what)") else { return nil }
        guard text.hasSuffix("%") else {
            diagnosis.expected("a percentage for \(what), a whole number with %", node, suggestion: text + "%")
            return nil
        }
        return number(Node(mark: node.mark, content: .scalar(String(text.dropLast()))), range, what)
    }

    // MARK: Commands

    /// One command, or a list of commands and mappings.
    mutating func notifications(_ node: Node) -> [CommandSettings]? {
        let nodes: [Node]
        if case .list(let elements) = node.content { nodes = elements } else { nodes = node.isEmpty ? [] : [node] }
        let commands = nodes.compactMap { notification($0) }
        return commands.count == nodes.count ? commands : nil
    }

    private mutating func notification(_ node: Node) -> CommandSettings? {
        guard case .mapping = node.content else { return command(node, user: nil) }
        guard let fields = fields(node, Schema.notify),
            let words = required(fields, "command", of: "a notification"),
            var command = command(words, user: fields["user"])
        else { return nil }
        guard let limit = fields["timeout"] else { return command }
        guard let timeout = duration(limit, .milliseconds(100) ... .seconds(600), "timeout") else { return nil }
        command.timeout = timeout
        return command
    }

    mutating func command(_ node: Node, user: Node?) -> CommandSettings? {
        guard let words = words(node) else { return nil }
        var command = CommandSettings(words: words)
        guard let user else { return command }
        guard let name = userName(user) else { return nil }
        command.user = name
        return command
    }

    mutating func userName(_ node: Node) -> String? { name(node, "the name of a user") }

    /// A path and its arguments: between blanks, or one by one in a list.
    private mutating func words(_ node: Node) -> [String]? {
        var words: [String] = []
        if case .list(let elements) = node.content {
            words = elements.compactMap { text($0, "a word of a command") }
            guard words.count == elements.count else { return nil }
        } else if let line = text(node, "a command, a path with arguments") {
            words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        } else {
            return nil
        }
        let isGood = words.allSatisfy { word in word.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
        guard let program = words.first, program.hasPrefix("/"), isGood, words.count <= 64 else {
            diagnosis.error(
                node.mark, "\(node.kind) is no command: a path that begins with /, and at most 63 arguments")
            return nil
        }
        return words
    }
}
