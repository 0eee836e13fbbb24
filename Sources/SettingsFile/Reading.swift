import Addresses
import Settings

/// Makes values of nodes. What cannot be read is a problem, and its place is remembered as unsound, so that no rule
/// complains about what only follows from it.
struct Reading {
    var diagnosis: Diagnosis
    /// How many servers all services read so far have.
    var servers = 0
    /// Whether places are noted: nobody looks one up in a good file, and a service has a dozen.
    let isNoting: Bool
    /// Where in the files each place of the settings stands.
    private var noted: [Place: Mark] = [:]
    private var unsound: Set<Place> = []
    /// The unsound places and all that they are a part of.
    private var tainted: Set<Place> = []

    init(diagnosis: Diagnosis, isNoting: Bool) {
        self.diagnosis = diagnosis
        self.isNoting = isNoting
    }

    mutating func note(_ place: @autoclosure () -> Place, _ mark: Mark) {
        if isNoting { noted[place()] = mark }
    }

    /// What stands there could not be read.
    mutating func spoil(_ place: Place) {
        unsound.insert(place)
        var part: Place? = place
        while let current = part {
            tainted.insert(current)
            part = current.parent
        }
    }

    /// A value with its place; an unreadable one spoils it.
    mutating func take<Value>(
        _ node: Node?, _ place: @autoclosure () -> Place, _ read: (inout Reading, Node) -> Value?
    ) -> Value? {
        guard let node else { return nil }
        note(place(), node.mark)
        guard let value = read(&self, node) else {
            spoil(place())
            return nil
        }
        return value
    }

    /// Turns violations into problems, except those that only follow from what could not be read. Places must have
    /// been noted.
    mutating func report(_ violations: [Violation]) {
        for violation in violations where !isEcho(violation) {
            diagnosis.report(
                violation.severity, mark(of: violation.place), violation.message,
                suggestion: violation.suggestion)
        }
    }

    private func isEcho(_ violation: Violation) -> Bool {
        ([violation.place] + violation.because).contains { place in
            if tainted.contains(place) { return true }
            var whole = place.parent
            while let current = whole {
                if unsound.contains(current) { return true }
                whole = current.parent
            }
            return false
        }
    }

    private func mark(of place: Place) -> Mark {
        var part: Place? = place
        while let current = part {
            if let mark = noted[current] { return mark }
            part = current.parent
        }
        return Mark(file: 0, line: 0, column: 0)
    }
}

extension Reading {
    mutating func fields(_ node: Node, _ section: Schema.Section) -> Fields? {
        guard case .mapping(let entries) = node.content else {
            if node.isEmpty { return Fields(mark: node.mark) }
            diagnosis.expected("a mapping for \(section.noun)", node)
            return nil
        }
        var accepted = 0
        for index in entries.indices where diagnosis.accept(entries[index].key, of: section) { accepted += 1 }
        guard accepted < entries.count else { return Fields(mark: node.mark, entries: entries) }
        let known = entries.filter { entry in
            if case .scalar(let name) = entry.key.content { section.key(name)?.isBuilt ?? false } else { false }
        }
        return Fields(mark: node.mark, entries: known)
    }

    /// The value of a key that must be there.
    mutating func required(_ fields: Fields, _ key: String, of what: @autoclosure () -> String) -> Node? {
        if let node = fields[key] { return node }
        diagnosis.error(fields.mark, "\(what()) needs \(key)")
        return nil
    }

    mutating func list(_ node: Node, _ what: String) -> [Node]? {
        if case .list(let elements) = node.content { return elements }
        if node.isEmpty { return [] }
        diagnosis.expected(what, node)
        return nil
    }

    mutating func entries(_ node: Node, _ what: String) -> [Node.Entry]? {
        if case .mapping(let entries) = node.content { return entries }
        if node.isEmpty { return [] }
        diagnosis.expected(what, node)
        return nil
    }
}
