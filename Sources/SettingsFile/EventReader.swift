import CYAML
import Settings

/// Makes nodes of libyaml's events, of one document without aliases, anchors and tags, within `Limits`.
///
/// It stops at the first thing that libyaml cannot read, and goes on behind what it can but Tandem does not accept.
@safe struct EventReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let file: Int
    private var diagnosis: Diagnosis
    private var refusals = 0

    private struct Stop: Error {}

    /// The document's node, absent if the file is empty; and whether it was read to its end.
    static func read(_ bytes: [UInt8], file: Int, diagnosis: inout Diagnosis) -> (node: Node?, isComplete: Bool) {
        guard TextRules.accept(bytes, file: file, diagnosis: &diagnosis) else { return (nil, false) }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
            defer { unsafe parser.deallocate() }
            guard unsafe yaml_parser_initialize(parser) == 1 else {
                diagnosis.error(Mark(file: file, line: 0, column: 0), "no memory is left to read this file")
                return (nil, false)
            }
            defer { unsafe yaml_parser_delete(parser) }
            unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            // libyaml takes a byte order mark for a part of the first line.
            let skipped = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            unsafe yaml_parser_set_input_string(
                parser, buffer.baseAddress.map { unsafe $0 + skipped }, buffer.count - skipped)
            var reader = unsafe EventReader(parser: parser, file: file, diagnosis: diagnosis)
            defer { diagnosis = reader.diagnosis }
            do {
                return (try reader.document(), true)
            } catch {
                return (nil, false)
            }
        }
    }

    private init(parser: UnsafeMutablePointer<yaml_parser_t>, file: Int, diagnosis: Diagnosis) {
        unsafe self.parser = unsafe parser
        self.file = file
        self.diagnosis = diagnosis
    }

    private enum Event {
        case structure
        case streamEnd, listEnd, mappingEnd
        case scalar(String)
        case list, mapping, refused
    }

    private mutating func document() throws(Stop) -> Node? {
        var root: Node?
        while true {
            let (event, mark) = try next()
            switch event {
            case .streamEnd: return root
            case .structure, .listEnd, .mappingEnd: continue
            case .scalar, .list, .mapping, .refused:
                guard root == nil else {
                    diagnosis.error(mark, "a second document begins; a file holds one")
                    throw Stop()
                }
                root = try node(event, mark, depth: 1)
            }
        }
    }

    private mutating func node(_ event: Event, _ mark: Mark, depth: Int) throws(Stop) -> Node {
        diagnosis.nodes += 1
        guard diagnosis.nodes <= Limits.nodes else {
            diagnosis.error(mark, "more than \(Limits.nodes) values; no configuration needs so many")
            throw Stop()
        }
        switch event {
        case .scalar(let text): return Node(mark: mark, content: .scalar(text))
        case .list: return Node(mark: mark, content: .list(try list(mark, depth: depth)))
        case .mapping: return Node(mark: mark, content: .mapping(try mapping(mark, depth: depth)))
        default: return Node(mark: mark, content: .refused)
        }
    }

    private mutating func deepen(_ depth: Int, _ mark: Mark) throws(Stop) {
        guard depth > Limits.depth else { return }
        diagnosis.error(mark, "nested more than \(Limits.depth) levels deep; no configuration needs so many")
        throw Stop()
    }

    private mutating func list(_ mark: Mark, depth: Int) throws(Stop) -> [Node] {
        try deepen(depth, mark)
        var elements: [Node] = []
        while true {
            let (event, mark) = try next()
            if case .listEnd = event { return elements }
            elements.append(try node(event, mark, depth: depth + 1))
        }
    }

    private mutating func mapping(_ mark: Mark, depth: Int) throws(Stop) -> [Node.Entry] {
        try deepen(depth, mark)
        var entries: [Node.Entry] = []
        var keys = Keys()
        while true {
            let (event, mark) = try next()
            if case .mappingEnd = event { return entries }
            let key = try node(event, mark, depth: depth + 1)
            let (valueEvent, valueMark) = try next()
            let value = try node(valueEvent, valueMark, depth: depth + 1)
            if try accept(key, beside: entries, &keys) { entries.append(Node.Entry(key: key, value: value)) }
        }
    }

    private mutating func accept(_ key: Node, beside entries: [Node.Entry], _ keys: inout Keys) throws(Stop) -> Bool {
        switch key.content {
        case .scalar("<<"):
            try refuse(key.mark, "merge keys (<<) are not accepted; write the keys out or use `defaults`")
        case .scalar(let text):
            guard let first = keys.first(text, in: entries) else { return true }
            try refuse(key.mark, "\(key.kind) stands here twice, first in line \(first.line)")
        case .list, .mapping: try refuse(key.mark, "\(key.kind) cannot be a key; keys are words")
        case .refused: break
        }
        return false
    }

    /// A problem that leaves the rest readable, up to a number of them.
    private mutating func refuse(_ mark: Mark, _ message: String) throws(Stop) {
        diagnosis.error(mark, message)
        refusals += 1
        guard refusals < Limits.refusals else {
            diagnosis.error(mark, "too much of this file is refused; the rest was not read")
            throw Stop()
        }
    }
}

extension EventReader {
    private mutating func next() throws(Stop) -> (Event, Mark) {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else {
            unsafe ParserFailure(parser.pointee, file: file).report(to: &diagnosis)
            throw Stop()
        }
        defer { unsafe yaml_event_delete(&event) }
        let start = unsafe event.start_mark
        let mark = Mark(file: file, line: Int(start.line) + 1, column: Int(start.column) + 1)
        return (unsafe try translate(event, mark), mark)
    }

    private mutating func translate(_ event: yaml_event_t, _ mark: Mark) throws(Stop) -> Event {
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_SEQUENCE_END_EVENT: return .listEnd
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_ALIAS_EVENT:
            let name = unsafe Self.text(event.data.alias.anchor)
            try refuse(mark, "alias *\(name) is not accepted; write the value out, or use a pool or `defaults`")
            return .refused
        case YAML_SEQUENCE_START_EVENT:
            let data = unsafe event.data.sequence_start
            try unsafe refuse(anchor: data.anchor, tag: data.tag, mark)
            return .list
        case YAML_MAPPING_START_EVENT:
            let data = unsafe event.data.mapping_start
            try unsafe refuse(anchor: data.anchor, tag: data.tag, mark)
            return .mapping
        case YAML_SCALAR_EVENT: return try unsafe scalar(event, mark)
        default: return .structure
        }
    }

    private mutating func scalar(_ event: yaml_event_t, _ mark: Mark) throws(Stop) -> Event {
        let data = unsafe event.data.scalar
        try unsafe refuse(anchor: data.anchor, tag: data.tag, mark)
        guard unsafe data.length <= Limits.scalarLength else {
            let length = unsafe data.length
            try refuse(mark, "a text of \(length) bytes; at most \(Limits.scalarLength) are accepted")
            return .refused
        }
        return unsafe .scalar(
            String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self))
    }

    private mutating func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, _ mark: Mark
    ) throws(Stop) {
        if let anchor = unsafe anchor {
            try refuse(mark, unsafe "anchor &\(Self.text(anchor)) is not accepted; nothing can refer to it")
        }
        if let tag = unsafe tag {
            try refuse(mark, unsafe "tag \(Self.text(tag)) is not accepted; leave it out")
        }
    }

    private static func text(_ start: UnsafeMutablePointer<yaml_char_t>?) -> String {
        guard let start = unsafe start else { return "" }
        var length = 0
        while length < 256, unsafe start[length] != 0 { length += 1 }
        return unsafe Node.shortened(
            String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self))
    }
}
