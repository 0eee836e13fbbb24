package import Addresses

/// Where a scheduler sends a new connection.
package enum Choice: Hashable, Sendable {
    /// This one, whatever else happens.
    case certain(Endpoint)
    /// This one, if it were now: it goes by connections, which come and go.
    case now(Endpoint)
    /// One of the candidates: it goes by what it did before, which the kernel does not tell.
    case open
    /// None: the packet is dropped, and its sender told that the port is unreachable.
    case nobody
}

extension Choice {
    /// `certain`, `now`, `open` or `nobody`.
    package var word: String {
        switch self {
        case .certain: "certain"
        case .now: "now"
        case .open: "open"
        case .nobody: "nobody"
        }
    }

    package var server: Endpoint? {
        switch self {
        case .certain(let server), .now(let server): server
        case .open, .nobody: nil
        }
    }
}

/// A server that a scheduler may choose.
package struct Candidate: Hashable, Sendable {
    package var server: ServerState
    /// 0 to 1: the part of all new connections that it gets; absent: that depends on how long they last.
    package var share: Double?

    package init(server: ServerState, share: Double? = nil) {
        self.server = server
        self.share = share
    }
}

/// What the kernel's schedulers do (net/netfilter/ipvs/ip_vs_NAME.c), as far as it can be known from outside.
package struct Scheduling: Sendable {
    package var choice: Choice
    /// All servers of the service, in the kernel's order.
    package var candidates: [Candidate]
    /// How it chooses, in words.
    package var manner: String
    /// What makes the choice less certain than it looks, in sentences.
    package var doubts: [String] = []

    package init(
        of flow: Flow, _ options: ServiceOptions, family: AddressFamily, servers: [ServerState]
    ) {
        manner = Self.manner(options)
        if let table = HashTable(options, family: family, servers: servers) {
            let chosen = table.server(for: flow)
            choice = chosen.map { Choice.certain($0.endpoint) } ?? .nobody
            candidates = zip(servers, table.shares).map { Candidate(server: $0, share: $1) }
            doubts = Self.doubts(options, servers)
            return
        }
        let free = servers.filter(\.isAvailable)
        let shares = Self.shares(options.scheduler, servers)
        candidates = zip(servers, shares).map { Candidate(server: $0, share: $1) }
        if free.count <= 1 {
            choice = free.first.map { Choice.certain($0.endpoint) } ?? .nobody
        } else if let order = Self.order(options.scheduler, free) {
            choice = order
        } else {
            choice = .open
        }
        doubts = Self.doubts(options, servers)
    }

    /// Of those that can take a connection.
    private static func order(_ scheduler: String, _ free: [ServerState]) -> Choice? {
        switch scheduler {
        case "lc": least(free) { _ in 1 }.map(Choice.now)
        case "wlc": least(free) { UInt64($0.options.weight) }.map(Choice.now)
        case "sed": expected(free).map(Choice.now)
        case "nq": (free.first { $0.connections.active == 0 }?.endpoint ?? expected(free)).map(Choice.now)
        case "fo": heaviest(free).map(Choice.certain)
        case "ovf": heaviest(free.filter { $0.connections.active < $0.options.weight }).map(Choice.now) ?? .nobody
        default: nil
        }
    }

    /// The first of those with the least load for their weight; an active connection counts as 256 idle ones.
    private static func least(_ servers: [ServerState], _ weight: (ServerState) -> UInt64) -> Endpoint? {
        first(servers, weight) { UInt64($0.connections.active) << 8 + UInt64($0.connections.inactive) }
    }

    private static func expected(_ servers: [ServerState]) -> Endpoint? {
        first(servers, { UInt64($0.options.weight) }) { UInt64($0.connections.active) + 1 }
    }

    private static func first(
        _ servers: [ServerState], _ weight: (ServerState) -> UInt64, _ load: (ServerState) -> UInt64
    ) -> Endpoint? {
        guard var best = servers.first else { return nil }
        for server in servers.dropFirst()
        where load(best).multipliedFullWidth(by: weight(server)) > load(server).multipliedFullWidth(by: weight(best)) {
            best = server
        }
        return best.endpoint
    }

    private static func heaviest(_ servers: [ServerState]) -> Endpoint? {
        guard var best = servers.first else { return nil }
        for server in servers.dropFirst() where server.options.weight > best.options.weight { best = server }
        return best.endpoint
    }

    private static func shares(_ scheduler: String, _ servers: [ServerState]) -> [Double?] {
        let weights: [UInt64] = servers.map { server in
            guard server.isAvailable else { return 0 }
            return scheduler == "rr" ? 1 : UInt64(server.options.weight)
        }
        let sum = weights.reduce(0, +)
        guard scheduler == "rr" || scheduler == "wrr" || scheduler == "twos", sum > 0 else {
            return servers.map { $0.isAvailable ? nil : 0 }
        }
        return weights.map { Double($0) / Double(sum) }
    }
}

extension Scheduling {
    private static func manner(_ options: ServiceOptions) -> String {
        let port = options.flags & 0x10 != 0 ? " and port" : ""
        let fallback = options.flags & 0x8 != 0 ? "; past servers that take nothing" : ""
        return switch options.scheduler {
        case "sh": "sh: by a hash of the client's address\(port)\(fallback)"
        case "mh": "mh: by a hash of the client's address\(port)\(fallback)"
        case "dh": "dh: by a hash of the address that is sent to"
        case "rr": "rr: one after the other"
        case "wrr": "wrr: one after the other, as often as its weight says"
        case "lc": "lc: the least connections"
        case "wlc": "wlc: the least connections for its weight"
        case "sed": "sed: the least active connections, this one counted, for its weight"
        case "nq": "nq: one without active connections, else as sed"
        case "fo": "fo: the highest weight"
        case "ovf": "ovf: the highest weight that is above its active connections"
        case "lblc", "lblcr": "\(options.scheduler): where the address went before, which the kernel does not tell"
        case "twos": "twos: the less loaded of two that it draws by weight"
        default: "\(options.scheduler): unknown to Tandem"
        }
    }

    private static func doubts(_ options: ServiceOptions, _ servers: [ServerState]) -> [String] {
        var doubts: [String] = []
        if options.scheduler == "mh" {
            let idle = servers.filter { $0.options.weight == 0 }
            let known = idle.filter { $0.lastWeight > 0 }
            if !known.isEmpty {
                doubts.append(
                    "mh goes on by the last weight of servers that have 0 now: "
                        + known.map { "\($0.endpoint) is believed to have had \($0.lastWeight)" }.joined(
                            separator: ", "))
            }
            if known.count < idle.count {
                doubts.append("a server that has had weight 0 since it was added has no place in mh's table")
            }
        }
        for server in servers where server.load == .unknown {
            doubts.append(
                "\(server.endpoint) is between its thresholds: if it was full it takes nothing yet, and the kernel does"
                    + " not tell; it counts as free here")
        }
        return doubts
    }
}
