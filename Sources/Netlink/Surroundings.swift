package import Addresses

/// The links and the networks on them, as they were at one moment.
package struct Surroundings: Sendable {
    private let links: [Int32: Link]
    /// Each network once, the longest prefix first.
    private let networks: [(prefix: Prefix, interface: Int32)]

    private struct Network: Hashable {
        var network: Prefix
        var interface: Int32
    }

    package init(links: [Link], addresses: [InterfaceAddress]) {
        self.links = Dictionary(links.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<Network> = []
        networks =
            addresses
            .filter { $0.prefix.length < $0.prefix.address.family.bits }
            .filter { seen.insert(Network(network: $0.prefix.network, interface: $0.interface)).inserted }
            .map { ($0.prefix, $0.interface) }
            .sorted { $0.prefix.length > $1.prefix.length }
    }

    /// The link that has an address in whose prefix `address` lies: the longest prefix wins, and an address that would
    /// contain only itself does not count. nil: none.
    package func link(towards address: IPAddress) -> Link? {
        networks.first { $0.prefix.contains(address) }.flatMap { links[$0.interface] }
    }
}
