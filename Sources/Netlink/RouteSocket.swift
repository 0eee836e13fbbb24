package import Addresses
internal import CLibNL
import Glibc

/// Links, addresses and neighbours of this network namespace (rtnetlink).
///
/// For one thread, which may have to wait: each change takes the machine-wide RTNL lock.
package struct RouteSocket: ~Copyable {
    private var socket: NetlinkSocket

    package init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_ROUTE)
    }

    package mutating func links() throws(NetlinkError) -> [Link] {
        try socket.answers(to: Link.request(name: nil), what: "list the interfaces")
            .filter { $0.type == UInt16(RTM_NEWLINK) }
            .compactMap { Link(payload: $0.payload) }
    }

    /// nil: there is none of this name.
    package mutating func link(named name: String) throws(NetlinkError) -> Link? {
        guard (1...Link.longestName).contains(name.utf8.count), !name.utf8.contains(0) else { return nil }
        do {
            let replies = try socket.answers(to: Link.request(name: name), what: "look at interface \(name)")
            return replies.lazy.compactMap { Link(payload: $0.payload) }.first
        } catch {
            guard error.errno == ENODEV else { throw error }
            return nil
        }
    }

    /// The addresses of all interfaces, IPv4 first, in the kernel's order.
    package mutating func addresses() throws(NetlinkError) -> [InterfaceAddress] {
        try socket.answers(to: InterfaceAddress.request(), what: "list the addresses")
            .filter { $0.type == UInt16(RTM_NEWADDR) }
            .compactMap { InterfaceAddress(payload: $0.payload) }
    }

    /// Carries changes out in their order, at most 50 in one call to the kernel, and returns what became of each. A
    /// failure does not keep the ones behind it from being tried.
    ///
    /// Many removals from one interface go quickest, and take no other address along, in the reverse of the
    /// order in which `addresses()` lists them.
    package mutating func change(_ changes: [AddressChange]) -> [NetlinkError?] {
        zip(changes, socket.acknowledged(changes.map(\.message))).map { change, errno in change.problem(errno) }
    }

    /// The neighbours whose link-layer address is known, of both families.
    package mutating func neighbours() throws(NetlinkError) -> [KnownNeighbour] {
        try socket.answers(to: KnownNeighbour.request(), what: "list the neighbours")
            .filter { $0.type == UInt16(RTM_NEWNEIGH) }
            .compactMap { KnownNeighbour(payload: $0.payload) }
    }

    /// Holds a neighbour's link-layer address for good, so that reaching it needs no ARP or ND.
    package mutating func addPermanentNeighbour(
        _ address: IPAddress, mac: MACAddress, interface: Int32
    ) throws(NetlinkError) {
        let errno = socket.acknowledged([Neighbour.add(address, mac, interface)])[0]
        guard let errno else { return }
        throw NetlinkError(errno: errno, what: "hold \(mac) for neighbour \(address) on interface \(interface)")
    }

    /// Has the kernel find out a neighbour's link-layer address, and does not wait for it. Only where none is known: an
    /// entry that is held for good would be held no longer.
    package mutating func askForNeighbour(_ address: IPAddress, interface: Int32) {
        _ = tell(Neighbour.ask(address, interface))
    }

    /// Done as well when there is no such entry.
    package mutating func removeNeighbour(_ address: IPAddress, interface: Int32) throws(NetlinkError) {
        let errno = socket.acknowledged([Neighbour.remove(address, interface)])[0]
        guard let errno, errno != ENOENT, errno != ENODEV else { return }
        throw NetlinkError(errno: errno, what: "remove neighbour \(address) from interface \(interface)")
    }

    /// Whether packets to the address are delivered here. An IPv6 address that was just added takes a moment until they
    /// are: its local route is made by a worker of the kernel's (net/ipv6/addrconf.c, `addrconf_dad_work`).
    package mutating func isLocal(_ address: IPAddress) throws(NetlinkError) -> Bool {
        try route(to: address)?.isLocal ?? false
    }

    /// The interface that has an address in whose prefix `address` lies, as `Surroundings` finds it. nil: none.
    package mutating func interfaceForConnectedRoute(to address: IPAddress) throws(NetlinkError) -> Int32? {
        try surroundings().link(towards: address)?.index
    }

    /// For many questions at once.
    package mutating func surroundings() throws(NetlinkError) -> Surroundings {
        Surroundings(links: try links(), addresses: try addresses())
    }

    /// For one question.
    mutating func ask(_ question: NetlinkMessage, what: String) throws(NetlinkError) -> [NetlinkReply] {
        try socket.answers(to: question, what: what)
    }

    /// For one request; nil: done.
    mutating func tell(_ request: NetlinkMessage) -> Int32? { socket.acknowledged([request])[0] }
}
