import Addresses
import Settings

extension Reading {
    /// The pair; what cannot be read is left at its default.
    mutating func pair(_ node: Node?, in root: Mark) -> PairSettings {
        var pair = PairSettings(name: "", keys: "/etc/tandem/keys.d", directors: [])
        guard let node else {
            diagnosis.error(root, "pair is missing: the two directors, their addresses and their keys")
            spoil(Place(.pair))
            spoil(Place(.directors))
            return pair
        }
        note(Place(.pair), node.mark)
        guard let fields = fields(node, Schema.pair) else {
            spoil(Place(.pair))
            spoil(Place(.directors))
            return pair
        }
        let named = required(fields, "name", of: "pair")
        pair.name = take(named, Place(.pair, nil, "name")) { $0.name($1, "a name for the pair") } ?? ""
        pair.keys = take(fields["keys"], Place(.pair, nil, "keys")) { $0.path($1) } ?? pair.keys
        let port = take(fields["port"], Place(.pair, nil, "port")) { $0.number($1, 1...65535, "port") }
        pair.port = port.map { UInt16($0) } ?? pair.port
        pair.timing = take(fields["timing"], Place(.pair, nil, "timing")) { $0.timing($1) } ?? pair.timing
        pair.partitionPolicy =
            take(fields["on_partition"], Place(.pair, nil, "on_partition")) {
                $0.word($1, "on_partition", as: PartitionPolicy.self)
            }
        pair.witness = take(fields["witness"], Place(.pair, nil, "witness")) { $0.witness($1) }
        pair.sync = take(fields["sync"], Place(.pair, nil, "sync")) { $0.sync($1) }
        pair.sysctl =
            take(fields["sysctl"], Place(.pair, nil, "sysctl")) { $0.word($1, "sysctl", as: SysctlPolicy.self) }
            ?? pair.sysctl
        pair.notify = take(fields["notify"], Place(.pair, nil, "notify")) { $0.notifications($1) } ?? []
        pair.directors = directors(required(fields, "directors", of: "pair"))
        return pair
    }

    mutating func path(_ node: Node) -> String? {
        guard let path = text(node, "a path") else { return nil }
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), path.utf8.count <= 1024 else {
            diagnosis.error(node.mark, "\(node.kind) is no path that begins with / and has at most 1,024 bytes")
            return nil
        }
        return path
    }

    private static let profiles: [(name: String, timing: Timing)] = [
        ("default", .default), ("fast", .fast), ("extreme", .extreme), ("vm", .virtualMachine),
    ]

    private mutating func timing(_ node: Node) -> Timing? {
        let names = Self.profiles.map(\.name)
        if case .scalar(let word) = node.content {
            if let profile = Self.profiles.first(where: { $0.name == word }) { return profile.timing }
            diagnosis.error(
                node.mark,
                "\(node.kind) is no timing; it is \(Words.alternatives(names)), or {interval: 100ms, misses: 3}",
                suggestion: Words.nearest(to: word, among: names))
            return nil
        }
        guard let fields = fields(node, Schema.timing) else { return nil }
        let interval = required(fields, "interval", of: "timing").flatMap {
            duration($0, .milliseconds(1) ... .seconds(10), "interval")
        }
        let misses = required(fields, "misses", of: "timing").flatMap { number($0, 2...100, "misses") }
        guard let interval, let misses else { return nil }
        return Timing(interval: interval, misses: misses)
    }

    private mutating func sync(_ node: Node) -> SyncSettings? {
        guard let fields = fields(node, Schema.sync) else { return nil }
        guard let interface = required(fields, "interface", of: "sync").flatMap({ interface($0) }) else { return nil }
        return SyncSettings(interface: interface)
    }

    private mutating func directors(_ node: Node?) -> [DirectorSettings] {
        guard let node, let entries = entries(node, "a mapping of two directors by name") else {
            spoil(Place(.directors))
            return []
        }
        note(Place(.directors), node.mark)
        var directors: [DirectorSettings] = []
        for entry in entries {
            let place = Place(.directors, directors.count)
            note(place, entry.key.mark)
            guard let name = name(entry.key, "the name of a director") else {
                spoil(Place(.directors))
                continue
            }
            directors.append(director(name, entry.value, place))
        }
        return directors
    }

    private mutating func director(_ name: String, _ node: Node, _ place: Place) -> DirectorSettings {
        var director = DirectorSettings(name: name, addresses: [])
        guard let fields = fields(node, Schema.director) else {
            spoil(place)
            return director
        }
        let listPlace = Place(.directors, place.index, "addresses")
        guard let list = required(fields, "addresses", of: "director \(name)") else {
            spoil(listPlace)
            return director
        }
        director.addresses = take(list, listPlace) { $0.directorAddresses($1, listPlace) } ?? []
        director.interfaces =
            take(fields["interfaces"], Place(.directors, place.index, "interfaces")) { $0.interfaces($1) } ?? [:]
        return director
    }

    private mutating func directorAddresses(_ node: Node, _ place: Place) -> [IPAddress]? {
        let nodes: [Node]
        if case .scalar = node.content {
            nodes = [node]
        } else if let found = list(node, "a list of addresses") {
            nodes = found
        } else {
            return nil
        }
        var addresses: [IPAddress] = []
        for element in nodes {
            let elementPlace = Place(.directors, place.index, "addresses", addresses.count)
            guard let address = take(element, elementPlace, { $0.address($1, "a director") }) else {
                spoil(place)
                continue
            }
            addresses.append(address)
        }
        return addresses
    }

    private mutating func interfaces(_ node: Node) -> [String: String]? {
        guard let entries = entries(node, "a mapping of names to interfaces") else { return nil }
        var interfaces: [String: String] = [:]
        for entry in entries {
            guard let logical = interface(entry.key), let real = interface(entry.value) else { continue }
            interfaces[logical] = real
        }
        return interfaces.count == entries.count ? interfaces : nil
    }
}
