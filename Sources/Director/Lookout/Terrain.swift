import Addresses
import Election
import Netlink
import Settings

/// What the kernel's tables say of the links that a director's groups live on, put together for the lookout.
struct Terrain: Hashable, Sendable {
    struct Link: Hashable, Sendable {
        var index: Int32
        var name: String
        var mac: MACAddress
        var hasCarrier: Bool
        var groups: [Int]
        /// The virtual addresses that belong there, and the group of each.
        var claims: [IPAddress: Int]
        /// This director's own addresses there.
        var own: [Prefix]
    }

    var links: [Link] = []
    var gateways: [Vigil.Host: [Int]] = [:]
    var neighbours: [Vigil.Host: MACAddress] = [:]
    /// Link-layer addresses that the peer is known by.
    var peers: Set<MACAddress> = []
    /// This director's interface of each path; absent: it has not that address.
    var pathInterfaces: [String?] = []
    /// Gateways that cannot be asked for now and groups without a path, in sentences.
    var problems: [String] = []

    init() {}

    init(
        _ settings: Settings, director: Int, links all: [Netlink.Link], addresses: [InterfaceAddress],
        neighbours known: [KnownNeighbour]
    ) {
        let around = Surroundings(links: all, addresses: addresses)
        let own = settings.pair.directors[director]
        let peer = settings.pair.directors[1 - director]
        let virtual = Set(settings.groups.flatMap(\.addresses).map(\.prefix.address))
        peers = Set(known.filter { peer.addresses.contains($0.address) }.map(\.mac))
        var book = Book(addresses: addresses, virtual: virtual)
        for (index, group) in settings.groups.enumerated() {
            var first: Netlink.Link?
            for target in HandGroup(group, of: own).targets {
                let named = target.wanted.map { name in all.first { $0.name == name } }
                guard let link = named ?? around.link(towards: target.prefix.address) else { continue }
                first = first ?? link
                book.add(target.prefix.address, of: index, on: link)
            }
            for gateway in group.gateways {
                guard let link = gateway.isLinkLocal ? first : around.link(towards: gateway) ?? first else {
                    problems.append("gateway \(gateway) of group \(group.name): no interface leads there")
                    continue
                }
                book.open(link)
                gateways[Vigil.Host(address: gateway, interface: link.index), default: []].append(index)
            }
        }
        links = book.links.values.sorted { $0.index < $1.index }
        let mine = Set(addresses.map(\.prefix.address)).union(virtual).union(peer.addresses)
        for neighbour in known where book.links[neighbour.interface] != nil {
            guard !mine.contains(neighbour.address), !peers.contains(neighbour.mac), !neighbour.address.isMulticast,
                !neighbour.mac.isMulticast
            else { continue }
            neighbours[Vigil.Host(address: neighbour.address, interface: neighbour.interface)] = neighbour.mac
        }
        let interfaces = own.addresses.map { own in addresses.first { $0.prefix.address == own }?.interface }
        pathInterfaces = interfaces.map { index in all.first { $0.index == index }?.name }
        problems += settings.groups.enumerated().compactMap { remote($1, $0, Set(interfaces), settings) }
    }

    /// Gateways decide well only where heartbeats go the same way.
    private func remote(
        _ group: GroupSettings, _ index: Int, _ paths: Set<Int32?>, _ settings: Settings
    ) -> String? {
        let here = links.filter { $0.groups.contains(index) }
        guard settings.pair.partitionPolicy(of: group) == .requireGateway, !here.isEmpty,
            !here.contains(where: { paths.contains($0.index) })
        else { return nil }
        return
            "no heartbeat path runs on \(here.map(\.name).joined(separator: ", ")), where group \(group.name) lives: "
            + "if nothing but the heartbeats is lost, both directors become active"
    }

    /// The links, as they are found one after the other.
    private struct Book {
        let addresses: [InterfaceAddress]
        let virtual: Set<IPAddress>
        var links: [Int32: Link] = [:]

        mutating func open(_ link: Netlink.Link) {
            guard let mac = link.mac, !link.isLoopback, links[link.index] == nil else { return }
            links[link.index] = Link(
                index: link.index, name: link.name, mac: mac, hasCarrier: link.isUp && link.hasCarrier, groups: [],
                claims: [:],
                own: addresses.filter { $0.interface == link.index && !virtual.contains($0.prefix.address) }
                    .map(\.prefix))
        }

        mutating func add(_ address: IPAddress, of group: Int, on link: Netlink.Link) {
            open(link)
            if links[link.index]?.groups.last != group { links[link.index]?.groups.append(group) }
            links[link.index]?.claims[address] = group
        }
    }
}

extension Terrain.Link {
    /// Where a question about `address` comes from: an own address of its network, else any of its family; for IPv4
    /// without any the unspecified one, which hosts answer too (RFC 5227, 2.1.1).
    func source(for address: IPAddress) -> IPAddress? {
        let family = own.filter { $0.address.family == address.family }
        if let near = family.first(where: { $0.contains(address) }) { return near.address }
        return family.first?.address ?? (address.family == .v4 ? .v4(IPv4Address(number: 0)) : nil)
    }
}

extension IPAddress {
    fileprivate var isLinkLocal: Bool {
        if case .v6(let address) = self { return address.isLinkLocal }
        return false
    }
}

extension MACAddress {
    /// Also nobody's, and everybody's.
    fileprivate var isMulticast: Bool { number == 0 || number >> 40 & 1 == 1 }
}
