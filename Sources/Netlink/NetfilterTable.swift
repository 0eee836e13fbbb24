import Addresses
package import Balancing
internal import CLibNL
import Settings

/// A table of nf_tables with one chain that translates sources: what Tandem keeps there, or what the kernel has in its
/// place.
package struct NetfilterTable: Hashable, Sendable {
    /// A set of keys, each `keyLength` bytes.
    package struct KeySet: Hashable, Sendable {
        /// What `nft` shows the keys as: its numbers of types, six bits each (nftables, include/datatype.h).
        package var keyType: UInt32
        package var keyLength: UInt32
        /// `NFT_SET_...`
        package var flags: UInt32 = 0
        package var keys: Set<[UInt8]>
    }

    /// One step of a rule: its name and its attributes with their values.
    package struct Expression: Hashable, Sendable {
        package var name: String
        package var fields: [UInt16: [UInt8]]

        package init(name: String, fields: [UInt16: [UInt8]]) {
            self.name = name
            self.fields = fields
        }
    }

    package struct Chain: Hashable, Sendable {
        package var name: String
        package var type: String
        package var hook: UInt32
        package var priority: UInt32
        package var policy: UInt32
    }

    /// `NFT_TABLE_F_...`
    package var flags: UInt32 = 0
    package var sets: [String: KeySet] = [:]
    package var chains: Set<Chain> = []
    /// In the order in which packets meet them; of all chains.
    package var rules: [[Expression]] = []

    static let name = "tandem"
    /// What tells ours from another table of that name; `nft list ruleset` shows it.
    static let comment = "kept by tandemd"

    /// After conntrack's own work and before it confirms a connection, as every source translation
    /// (linux/netfilter_ipv4.h, `NF_IP_PRI_NAT_SRC`); NF_INET_POST_ROUTING, NF_ACCEPT.
    static let chain = Chain(name: "postrouting", type: "nat", hook: 4, priority: 100, policy: 1)
}

extension NetfilterTable {
    /// IPVS changes a packet's destination and leaves its source. What clients asked for stands in conntrack
    /// (net/netfilter/ipvs/ip_vs_nfct.c, `ip_vs_update_conntrack`), if `net.ipv4.vs.conntrack` is 1.
    package init(_ masquerade: Masquerade) {
        guard !masquerade.isEmpty else { return }
        chains = [Self.chain]
        for family in AddressFamily.allCases {
            let servers = masquerade.servers.filter { $0.family == family }
            let listens = masquerade.listens.filter { $0.family == family }
            guard !servers.isEmpty, !listens.isEmpty else { continue }
            let serverSet = "\(family.nftName)_servers"
            sets[serverSet] = KeySet(
                keyType: family.nftType, keyLength: family.byteCount, keys: Set(servers.map(\.bytes)))
            for kind in Kind.all {
                add(kind, of: masquerade.others, family, [.leave], "other_")
                add(kind, of: listens, family, [.destination(family), .find(serverSet), .masquerade])
            }
        }
    }

    /// A rule for the services of one kind, if there are any.
    private mutating func add(
        _ kind: Kind, of listens: Set<ServiceIdentity>, _ family: AddressFamily, _ then: [Expression],
        _ prefix: String = ""
    ) {
        let keys = Set(listens.compactMap { $0.family == family ? kind.key(of: $0) : nil })
        guard !keys.isEmpty else { return }
        let name = "\(family.nftName)_\(prefix)\(kind.nftName)"
        sets[name] = KeySet(keyType: kind.nftType(family), keyLength: kind.byteCount(family), keys: keys)
        rules.append(Expression.family(family) + kind.load(family) + [.find(name)] + then)
    }

    /// What tells a packet's service, in the order in which `ip_vs_service_find` looks for it.
    ///
    /// One rule for all transports would do; but nft cannot read it back from its own listing, and a saved ruleset
    /// that cannot be loaded is no ruleset at all.
    enum Kind {
        case marks
        case services(TransportProtocol)
        /// All ports.
        case addresses(TransportProtocol)

        static let all =
            [marks] + TransportProtocol.allCases.map(services) + TransportProtocol.allCases.map(addresses)
    }
}

extension NetfilterTable.Kind {
    /// nft's number of the type; it has to be told that marks are in the machine's own order.
    static let markType: UInt32 = 19
    /// inet_service
    private static let portType: UInt32 = 13

    func key(of listen: ServiceIdentity) -> [UInt8]? {
        switch (self, listen) {
        case (.marks, .mark(let mark, _)): mark.hostBytes
        case (.services(let own), .endpoint(let transport, let endpoint)) where own == transport && endpoint.port > 0:
            endpoint.address.bytes + endpoint.port.networkBytes + [0, 0]
        case (.addresses(let own), .endpoint(let transport, let endpoint)) where own == transport && endpoint.port == 0:
            endpoint.address.bytes
        default: nil
        }
    }

    var nftName: String {
        switch self {
        case .marks: "marks"
        case .services(let transport): "\(transport.rawValue)_services"
        case .addresses(let transport): "\(transport.rawValue)_addresses"
        }
    }

    func nftType(_ family: AddressFamily) -> UInt32 {
        switch self {
        case .marks: Self.markType
        case .services: family.nftType << 6 | Self.portType
        case .addresses: family.nftType
        }
    }

    func byteCount(_ family: AddressFamily) -> UInt32 {
        switch self {
        case .marks: 4
        case .services: family.byteCount + 4
        case .addresses: family.byteCount
        }
    }

    /// Puts a packet's key into the registers from the first on.
    func load(_ family: AddressFamily) -> [NetfilterTable.Expression] {
        switch self {
        case .marks: [.mark]
        case .services(let transport):
            NetfilterTable.Expression.transport(transport)
                + [.original(family), .originalPort(at: family.byteCount / 4)]
        case .addresses(let transport): NetfilterTable.Expression.transport(transport) + [.original(family)]
        }
    }
}

extension AddressFamily {
    fileprivate var nftName: String { self == .v4 ? "ip" : "ip6" }
    /// ipv4_addr 7, ipv6_addr 8.
    fileprivate var nftType: UInt32 { self == .v4 ? 7 : 8 }
}
