package import Addresses

/// What sh, dh and mh make of a service's servers: a table of places, each with a server.
package struct HashTable: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// By the client's address (net/netfilter/ipvs/ip_vs_sh.c).
        case sh
        /// By the address that it sends to (net/netfilter/ipvs/ip_vs_dh.c).
        case dh
        /// By the client's address, with as few moves as possible when servers come and go
        /// (net/netfilter/ipvs/ip_vs_mh.c).
        case mh
    }

    // The kernel's configuration, of Debian as of everybody else: 8 bits for sh and dh, index 12 for mh.

    private static let bits: UInt32 = 8
    private static let maglevSize: UInt32 = 4093
    private static let maglevBits = 6
    private static let firstKey: (UInt64, UInt64) = (2_654_435_761, 2_654_435_761)
    private static let secondKey: (UInt64, UInt64) = (2_654_446_892, 2_654_446_892)
    /// IP_VS_SVC_F_SCHED1 and 2, as sh and mh read them.
    private static let fallbackFlag: UInt32 = 0x8
    private static let portFlag: UInt32 = 0x10

    private let kind: Kind
    private let family: AddressFamily
    private let hasFallback: Bool
    private let usesPort: Bool
    private let servers: [ServerState]
    /// The number of a server; no places: no server has ever had a weight.
    private let places: [Int]

    /// nil for a scheduler that goes by other things.
    ///
    /// - Parameter servers: in the kernel's order.
    package init?(_ options: ServiceOptions, family: AddressFamily, servers: [ServerState]) {
        guard let kind = Kind(rawValue: options.scheduler) else { return nil }
        self.kind = kind
        self.family = family
        self.servers = servers
        hasFallback = kind != .dh && options.flags & Self.fallbackFlag != 0
        usesPort = kind != .dh && options.flags & Self.portFlag != 0
        places =
            switch kind {
            case .sh: Self.repeated(servers.map { max(1, $0.options.weight) })
            case .dh: Self.repeated(servers.map { _ in 1 })
            case .mh: Self.maglev(servers, family)
            }
    }

    /// The server of a new connection; nil: it gets none.
    package func server(for flow: Flow) -> ServerState? {
        guard !places.isEmpty else { return nil }
        let first = place(of: flow, offset: 0)
        let chosen = servers[places[first]]
        if chosen.isAvailable || !hasFallback { return chosen.isAvailable ? chosen : nil }
        for offset in places.indices {
            let next = servers[places[place(of: flow, offset: UInt32((offset + first) % places.count))]]
            if next.isAvailable { return next }
        }
        return nil
    }

    /// How many of the places each server has, by its place in the order.
    package var shares: [Double] {
        var counts = [Int](repeating: 0, count: servers.count)
        for server in places { counts[server] += 1 }
        return counts.map { Double($0) / Double(max(1, places.count)) }
    }

    package var count: Int { places.count }

    private func place(of flow: Flow, offset: UInt32) -> Int {
        let address = kind == .dh ? flow.target.address : flow.client.address
        let number = KernelHash.fold(address, family: family) &+ (usesPort ? UInt32(flow.client.port) : 0)
        switch kind {
        case .sh, .dh:
            return Int((offset &+ KernelHash.multiplicative(number, bits: Self.bits)) & (1 << Self.bits - 1))
        case .mh:
            return Int(KernelHash.sip(number &+ offset, key: Self.firstKey) % Self.maglevSize)
        }
    }

    /// Each server fills as many places in a row as it has turns, round and round (`ip_vs_sh_reassign`).
    private static func repeated(_ turns: [UInt32]) -> [Int] {
        guard !turns.isEmpty else { return [] }
        var places: [Int] = []
        var (server, count): (Int, UInt32) = (0, 0)
        for _ in 0..<(1 << bits) {
            places.append(server)
            count += 1
            if count >= turns[server] { (server, count) = ((server + 1) % turns.count, 0) }
        }
        return places
    }
}

extension HashTable {
    /// `ip_vs_mh_populate`: the servers take turns, and each takes the first free place of its own sequence.
    private static func maglev(_ servers: [ServerState], _ family: AddressFamily) -> [Int] {
        let turns = turns(servers.map(\.lastWeight))
        guard turns.contains(where: { $0 > 0 }) else { return [] }
        let size = maglevSize
        var next = servers.map { hash($0, family, firstKey) % size }
        let steps = servers.map { hash($0, family, secondKey) % (size - 1) + 1 }
        var places = [Int](repeating: -1, count: Int(size))
        var filled = 0
        while true {
            for server in servers.indices {
                for _ in 0..<turns[server] {
                    while places[Int(next[server])] >= 0 { next[server] = (next[server] + steps[server]) % size }
                    places[Int(next[server])] = server
                    filled += 1
                    if filled == places.count { return places }
                }
            }
        }
    }

    private static func hash(_ server: ServerState, _ family: AddressFamily, _ key: (UInt64, UInt64)) -> UInt32 {
        let number = KernelHash.fold(server.endpoint.address, family: family) &+ UInt32(server.endpoint.port)
        return KernelHash.sip(number, key: key)
    }

    /// Weights without their common divisor, and not above 63 (`ip_vs_mh_shift_weight`).
    private static func turns(_ weights: [UInt32]) -> [UInt32] {
        let divisor = weights.reduce(0, greatestCommonDivisor)
        guard divisor > 0 else { return weights }
        let highest = (weights.max() ?? 0) / divisor
        let shift = max(0, UInt32.bitWidth - highest.leadingZeroBitCount - maglevBits)
        return weights.map { $0 == 0 ? 0 : max(1, ($0 / divisor) >> UInt32(shift)) }
    }

    private static func greatestCommonDivisor(_ first: UInt32, _ second: UInt32) -> UInt32 {
        second == 0 ? first : greatestCommonDivisor(second, first % second)
    }
}
