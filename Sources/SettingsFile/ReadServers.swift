import Addresses
import Settings

/// What a service gives a server that does not say otherwise.
struct Way {
    var forwarding: Forwarding
    /// Absent if the service listens on several ports, or its listens could not be read.
    var port: UInt16?
    /// Of servers reached by tun.
    var tunnel: TunnelSettings?
}

extension Reading {
    mutating func pools(_ entries: [Node.Entry], _ shared: Shared) -> [String: Shared.Pool] {
        var pools: [String: Shared.Pool] = [:]
        for entry in entries {
            guard let name = name(entry.key, "the name of a pool") else { continue }
            guard let nodes = serverList(entry.value, "a list of servers") else {
                pools[name] = Shared.Pool(mark: entry.key.mark, servers: [], isSound: false)
                continue
            }
            let servers = nodes.compactMap { draft($0, shared) }
            pools[name] = Shared.Pool(mark: entry.key.mark, servers: servers, isSound: servers.count == nodes.count)
        }
        return pools
    }

    private mutating func serverList(_ node: Node, _ what: String) -> [Node]? {
        guard let nodes = list(node, what) else { return nil }
        guard nodes.count <= Limits.servers else {
            diagnosis.error(node.mark, "\(nodes.count) servers stand here; at most \(Limits.servers) are accepted")
            return nil
        }
        return nodes
    }

    private mutating func draft(_ node: Node, _ shared: Shared) -> Draft? {
        guard case .mapping = node.content else {
            guard let (address, port) = endpoint(node, "a server") else { return nil }
            return Draft(mark: node.mark, address: address, port: port, weight: 1)
        }
        guard let fields = fields(node, Schema.pool) else { return nil }
        guard let addressNode = required(fields, "address", of: "a server") else { return nil }
        var isSound = true
        func value<Value>(_ key: String, _ read: (Node) -> Value?) -> Value? {
            guard let node = fields[key] else { return nil }
            let value = read(node)
            if value == nil { isSound = false }
            return value
        }
        let named = endpoint(addressNode, "a server")
        let port = value("port") { number($0, 1...65535, "port") }
        let weight = value("weight") { number($0, 0...2_147_483_647, "weight") }
        let forwarding = value("forward") { word($0, "forward", as: Forwarding.self) }
        let upper = value("upper") { number($0, 1...2_147_483_647, "upper") }
        let lower = value("lower") { number($0, 1...2_147_483_647, "lower") }
        let tunnel = value("tunnel") { self.tunnel($0) }
        let check = value("check") { ownCheck($0, shared) }
        guard let named, isSound else { return nil }
        if let inAddress = named.port, let port, Int(inAddress) != port {
            diagnosis.error(node.mark, "this server has two ports, \(inAddress) and \(port)")
            return nil
        }
        return Draft(
            mark: node.mark, address: named.address, port: named.port ?? port.map { UInt16($0) },
            forwarding: forwarding, weight: UInt32(weight ?? 1), upper: UInt32(upper ?? 0),
            lower: UInt32(lower ?? 0), tunnel: tunnel, check: check)
    }

    mutating func servers(_ node: Node, _ shared: Shared, _ way: Way, _ place: Place) -> [ServerSettings]? {
        let drafts: [Draft]
        if case .scalar(let name) = node.content, !node.isEmpty {
            guard let pool = shared.pools[name] else {
                diagnosis.error(
                    node.mark, "there is no pool \(node.kind)",
                    suggestion: Words.nearest(to: name, among: shared.pools.keys.sorted()))
                return nil
            }
            if !pool.isSound { spoil(place) }
            drafts = pool.servers
        } else {
            guard let nodes = serverList(node, "the name of a pool or a list of servers") else { return nil }
            var found: [Draft] = []
            found.reserveCapacity(nodes.count)
            for node in nodes { if let draft = draft(node, shared) { found.append(draft) } }
            if found.count < nodes.count { spoil(place) }
            drafts = found
        }
        servers += drafts.count
        guard servers <= Limits.allServers else {
            diagnosis.error(node.mark, "all services together have more than \(Limits.allServers) servers")
            return nil
        }
        if isNoting {
            for index in drafts.indices { note(Place(.services, place.index, place.key, index), drafts[index].mark) }
        }
        return drafts.map { way.finish($0) }
    }

    mutating func fallback(_ node: Node, _ shared: Shared, _ way: Way) -> Fallback? {
        if case .scalar("local") = node.content { return .local }
        if case .scalar(let text) = node.content, !node.isEmpty, !text.contains(where: { ".:".contains($0) }) {
            diagnosis.error(
                node.mark, "\(node.kind) is no fallback; it is local or a server's address",
                suggestion: Words.nearest(to: text, among: ["local"]))
            return nil
        }
        return draft(node, shared).map { .server(way.finish($0)) }
    }
}

extension Way {
    /// The server with what its service gives it; port 0 stands for none.
    func finish(_ draft: Draft) -> ServerSettings {
        let forwarding = draft.forwarding ?? forwarding
        return ServerSettings(
            endpoint: Endpoint(address: draft.address, port: draft.port ?? port ?? 0), forwarding: forwarding,
            weight: draft.weight, upper: draft.upper, lower: draft.lower,
            tunnel: draft.tunnel ?? (forwarding == .tun ? tunnel : nil), check: draft.check)
    }
}
