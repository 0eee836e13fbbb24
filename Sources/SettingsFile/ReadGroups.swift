import Addresses
import Settings

extension Reading {
    mutating func groups(_ entries: [Node.Entry]) -> [GroupSettings] {
        var groups: [GroupSettings] = []
        for entry in entries {
            let place = Place(.groups, groups.count)
            note(place, entry.key.mark)
            guard let name = name(entry.key, "the name of a group") else {
                spoil(Place(.groups))
                continue
            }
            groups.append(group(name, entry.value, place))
        }
        return groups
    }

    private mutating func group(_ name: String, _ node: Node, _ place: Place) -> GroupSettings {
        var group = GroupSettings(name: name, addresses: [])
        guard let fields = fields(node, Schema.group) else {
            spoil(place)
            return group
        }
        func at(_ key: String) -> Place { Place(.groups, place.index, key) }
        if let list = required(fields, "addresses", of: "group \(name)") {
            group.addresses = take(list, at("addresses")) { $0.virtualAddresses($1, at("addresses")) } ?? []
        } else {
            spoil(at("addresses"))
        }
        group.interface = take(fields["interface"], at("interface")) { $0.interface($1) }
        group.prefer = take(fields["prefer"], at("prefer")) { $0.name($1, "the name of a director") }
        group.preempt = take(fields["preempt"], at("preempt")) { $0.preemption($1) } ?? .never
        group.gateways = take(fields["gateways"], at("gateways")) { $0.gateways($1, at("gateways")) } ?? []
        group.togetherWith = take(fields["together_with"], at("together_with")) { $0.name($1, "the name of a group") }
        group.trackers = take(fields["track"], at("track")) { $0.trackers($1, at("track")) } ?? []
        group.notify = take(fields["notify"], at("notify")) { $0.notifications($1) } ?? []
        return group
    }

    private mutating func virtualAddresses(_ node: Node, _ place: Place) -> [VirtualAddress]? {
        let elements: [Node]
        if case .scalar = node.content {
            elements = [node]
        } else if let found = list(node, "a list of addresses") {
            elements = found
        } else {
            return nil
        }
        var addresses: [VirtualAddress] = []
        for element in elements {
            let elementPlace = Place(.groups, place.index, place.key, addresses.count)
            guard let address = take(element, elementPlace, { $0.virtualAddress($1) }) else { continue }
            addresses.append(address)
        }
        return addresses
    }

    private mutating func virtualAddress(_ node: Node) -> VirtualAddress? {
        guard case .mapping = node.content else { return prefix(node).map { VirtualAddress(prefix: $0) } }
        guard let fields = fields(node, Schema.virtualAddress) else { return nil }
        guard let prefix = required(fields, "address", of: "an address").flatMap({ prefix($0) }) else { return nil }
        guard let interfaceNode = fields["interface"] else { return VirtualAddress(prefix: prefix) }
        guard let interface = interface(interfaceNode) else { return nil }
        return VirtualAddress(prefix: prefix, interface: interface)
    }

    private mutating func preemption(_ node: Node) -> Preemption? {
        guard let text = text(node, "never or \"after 30s\"") else { return nil }
        if text == "never" { return .never }
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[0] == "after" else {
            let nearest = Words.nearest(to: text, among: ["never", "after 30s"])
            diagnosis.expected("never or \"after 30s\"", node, suggestion: nearest)
            return nil
        }
        let delay = Node(mark: node.mark, content: .scalar(String(parts[1])))
        return duration(delay, .seconds(1) ... .seconds(86400), "preempt: after").map { .after($0) }
    }

    private mutating func gateways(_ node: Node, _ place: Place) -> [IPAddress]? {
        guard let nodes = list(node, "a list of addresses") else { return nil }
        var gateways: [IPAddress] = []
        for element in nodes {
            let elementPlace = Place(.groups, place.index, place.key, gateways.count)
            guard let address = take(element, elementPlace, { $0.address($1, "a gateway") }) else { return nil }
            gateways.append(address)
        }
        return gateways
    }
}
