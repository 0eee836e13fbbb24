import Addresses
import Settings

extension Reading {
    /// `pair.witness`.
    mutating func witness(_ node: Node) -> WitnessSettings? {
        guard let fields = fields(node, Schema.witness) else { return nil }
        let place = required(fields, "address", of: "witness").flatMap { address($0, "the witness") }
        let key = required(fields, "key", of: "witness").flatMap { path($0) }
        var port: UInt16? = WitnessSettings.port
        if let given = fields["port"] { port = number(given, 1...65535, "port").map { UInt16($0) } }
        guard let place, let key, let port else { return nil }
        return WitnessSettings(endpoint: Endpoint(address: place, port: port), key: key)
    }

    /// The section of a witness's own file.
    mutating func house(_ node: Node?, in root: Mark) -> WitnessHouse {
        var house = WitnessHouse(listen: [], pairs: [])
        guard let node else {
            diagnosis.error(root, "witness is missing: where it listens, and for which pairs")
            spoil(Place(.witness))
            return house
        }
        note(Place(.witness), node.mark)
        guard let fields = fields(node, Schema.house) else {
            spoil(Place(.witness))
            return house
        }
        let listen = Place(.witness, nil, "listen")
        if let given = required(fields, "listen", of: "witness") {
            house.listen = take(given, listen) { $0.listenAddresses($1, listen) } ?? []
        } else {
            spoil(listen)
        }
        let port = take(fields["port"], Place(.witness, nil, "port")) { $0.number($1, 1...65535, "port") }
        house.port = port.map { UInt16($0) } ?? house.port
        let pairs = Place(.witness, nil, "pairs")
        if let given = required(fields, "pairs", of: "witness") {
            house.pairs = take(given, pairs) { $0.witnessedPairs($1) } ?? []
        } else {
            spoil(pairs)
        }
        return house
    }

    private mutating func listenAddresses(_ node: Node, _ place: Place) -> [IPAddress]? {
        let nodes: [Node]
        if case .scalar = node.content {
            nodes = [node]
        } else if let found = list(node, "an address or a list of addresses") {
            nodes = found
        } else {
            return nil
        }
        var addresses: [IPAddress] = []
        for element in nodes {
            let elementPlace = Place(.witness, nil, "listen", addresses.count)
            guard let address = take(element, elementPlace, { $0.address($1, "a witness") }) else {
                spoil(place)
                continue
            }
            addresses.append(address)
        }
        return addresses
    }

    private mutating func witnessedPairs(_ node: Node) -> [WitnessHouse.Pair]? {
        guard let entries = entries(node, "a mapping of pairs by name") else { return nil }
        var pairs: [WitnessHouse.Pair] = []
        for entry in entries {
            let place = Place(.witness, pairs.count)
            note(place, entry.key.mark)
            guard let name = name(entry.key, "the name of a pair"), let pair = witnessedPair(name, entry.value, place)
            else { return nil }
            pairs.append(pair)
        }
        return pairs
    }

    private mutating func witnessedPair(_ name: String, _ node: Node, _ place: Place) -> WitnessHouse.Pair? {
        if case .scalar = node.content { return path(node).map { WitnessHouse.Pair(name: name, key: $0) } }
        guard let fields = fields(node, Schema.witnessedPair) else { return nil }
        guard let key = required(fields, "key", of: "pair \(name)").flatMap({ path($0) }) else { return nil }
        let names = take(fields["directors"], Place(.witness, place.index, "directors")) { reading, node in
            reading.list(node, "a list of the directors' names").flatMap { nodes in
                let names = nodes.compactMap { reading.name($0, "the name of a director") }
                return names.count == nodes.count ? names : nil
            }
        }
        return WitnessHouse.Pair(name: name, key: key, directors: names ?? [])
    }
}
