import Settings

/// The sections of all files, put together.
struct Sections {
    /// Sections that only one file may have, by name.
    var single: [String: Node] = [:]
    /// Groups and pools by name, in the order of reading.
    var groups: [Node.Entry] = []
    var pools: [Node.Entry] = []
    var services: [Node] = []

    private var firstGroups: [String: Mark] = [:]
    private var firstPools: [String: Mark] = [:]

    /// Takes one section of one file over.
    mutating func add(_ key: Node, _ value: Node, named name: String, diagnosis: inout Diagnosis) {
        switch name {
        case "groups": Self.add(value, "group", to: &groups, first: &firstGroups, diagnosis: &diagnosis)
        case "pools": Self.add(value, "pool", to: &pools, first: &firstPools, diagnosis: &diagnosis)
        case "services": addServices(value, diagnosis: &diagnosis)
        default:
            if let first = single[name] {
                let place = diagnosis.place(first.mark)
                diagnosis.error(key.mark, "\(name) stands in two files, first in \(place); one of them has it")
            } else {
                single[name] = value
            }
        }
    }

    private static func add(
        _ value: Node, _ noun: String, to entries: inout [Node.Entry], first: inout [String: Mark],
        diagnosis: inout Diagnosis
    ) {
        guard case .mapping(let found) = value.content else {
            if !value.isEmpty { diagnosis.expected("a mapping of \(noun)s by name", value) }
            return
        }
        for entry in found {
            guard case .scalar(let name) = entry.key.content else { continue }
            if let mark = first[name] {
                let place = diagnosis.place(mark)
                diagnosis.error(entry.key.mark, "\(noun) \(entry.key.kind) stands in two files, first in \(place)")
            } else {
                first[name] = entry.key.mark
                entries.append(entry)
            }
        }
    }

    private mutating func addServices(_ value: Node, diagnosis: inout Diagnosis) {
        if case .list(let found) = value.content {
            services += found
        } else if !value.isEmpty {
            diagnosis.expected("a list of services, each beginning with \"- name:\"", value)
        }
    }
}

extension Diagnosis {
    /// Something else stands where `what` belongs.
    mutating func expected(_ what: String, _ node: Node, suggestion: String? = nil) {
        if case .refused = node.content { return }
        error(node.mark, "expected \(what), found \(node.kind)", suggestion: suggestion)
    }

    /// A key that the schema does not have, or not yet; a key that it has gives true.
    mutating func accept(_ key: Node, of section: Schema.Section) -> Bool {
        guard case .scalar(let name) = key.content else { return false }
        guard let known = section.index(of: name) else {
            error(
                key.mark, "\(key.kind) is no key of \(section.noun)",
                suggestion: Words.nearest(to: name, among: section.names)
            )
            return false
        }
        switch section.keys[known].state {
        case .built: return true
        case .later: error(key.mark, "\(name) of \(section.noun) is not built yet; leave it out")
        case .elsewhere(let what): error(key.mark, "\(name) is \(what)")
        }
        return false
    }
}
