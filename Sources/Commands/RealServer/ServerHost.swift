package import Addresses
package import Netlink

/// What a server's kernel holds at one moment, as far as it matters to services.
package struct ServerHost: Hashable, Sendable {
    package var links: [Link]
    package var addresses: [InterfaceAddress]
    package var tunnels: [TunnelDevice]
    package var listeners: Set<GUEListener>
    package var switches: SwitchValues
    /// The interface of the default route, for IPv4.
    package var wayOut: Int32?
    /// The gateways of all routes.
    package var gateways: Set<IPAddress>

    package init(
        links: [Link] = [], addresses: [InterfaceAddress] = [], tunnels: [TunnelDevice] = [],
        listeners: Set<GUEListener> = [], switches: SwitchValues = [:], wayOut: Int32? = nil,
        gateways: Set<IPAddress> = []
    ) {
        self.links = links
        self.addresses = addresses
        self.tunnels = tunnels
        self.listeners = listeners
        self.switches = switches
        self.wayOut = wayOut
        self.gateways = gateways
    }

    /// Interfaces on which neighbours ask for addresses.
    package var wires: [Link] { links.filter { !$0.isLoopback && $0.mac != nil && $0.kind != "dummy" } }

    package func link(named name: String) -> Link? { links.first { $0.name == name } }

    /// The names of the interfaces that have an address.
    package func holders(of address: IPAddress) -> [(name: String, length: Int)] {
        addresses.filter { $0.prefix.address == address }.compactMap { held in
            links.first { $0.index == held.interface }.map { (name: $0.name, length: held.prefix.length) }
        }
    }

    /// The switches that a plan looks at.
    static func switches(of links: [Link]) -> [String] {
        InterfaceSwitch.paths([.ignore, .announce, .reverse], of: links) + ["net/ipv6/conf/lo/disable_ipv6"]
    }
}
