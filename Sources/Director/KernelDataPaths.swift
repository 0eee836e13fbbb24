import Addresses
import Agreement
import Checks
import Netlink

/// Where packets for servers leave this director, as rtnetlink tells: links, addresses, neighbours.
final class KernelDataPaths: DataPathSurvey {
    private struct Neighbour: Hashable {
        var address: IPAddress
        var interface: Int32
    }

    private var socket: RouteSocket
    /// No source of anything: they may be here or not.
    private let virtual: Set<IPAddress>
    private var around = Surroundings(links: [], addresses: [])
    private var own: [InterfaceAddress] = []
    private var neighbours: [Neighbour: MACAddress] = [:]
    /// Interfaces that know an address.
    private var knowing: [IPAddress: Int32] = [:]
    /// Ways beyond the networks of this director, and neighbours that the kernel was told to find, since `refresh`.
    private var routes: [IPAddress: Int32?] = [:]
    private var sought: Set<IPAddress> = []

    init(virtual: Set<IPAddress>) throws(NetlinkError) {
        socket = try RouteSocket()
        self.virtual = virtual
    }

    func refresh() throws(DataPathSurveyError) {
        do throws(NetlinkError) {
            let addresses = try socket.addresses()
            around = Surroundings(links: try socket.links(), addresses: addresses)
            own = addresses.filter { address in
                !virtual.contains(address.prefix.address) && !address.prefix.address.isLoopback
                    && !address.prefix.address.isLinkLocal
            }
            neighbours = [:]
            knowing = [:]
            for known in try socket.neighbours() {
                neighbours[Neighbour(address: known.address, interface: known.interface)] = known.mac
                knowing[known.address] = known.interface
            }
            routes = [:]
            sought = []
        } catch {
            throw DataPathSurveyError(errno: error.errno)
        }
    }

    func way(_ hop: DataPathHop) -> DataPathWay {
        let interface = around.link(towards: hop.server)?.index
        guard !hop.isDirect else { return direct(hop, interface ?? knowing[hop.server]) }
        return tunnel(hop, interface ?? route(hop.server))
    }

    private func direct(_ hop: DataPathHop, _ interface: Int32?) -> DataPathWay {
        guard let interface else { return .none(.offLink) }
        guard let source = self.source(hop.family, near: hop.server, interface) else { return .none(.withoutSource) }
        guard let mac = neighbours[Neighbour(address: hop.server, interface: interface)] else {
            if sought.insert(hop.server).inserted { socket.askForNeighbour(hop.server, interface: interface) }
            return .none(.unresolved)
        }
        return .direct(from: source, interface: interface, to: mac)
    }

    private func tunnel(_ hop: DataPathHop, _ interface: Int32?) -> DataPathWay {
        guard let interface else { return .none(.unreachable) }
        guard let source = self.source(hop.family, near: hop.server, interface),
            let outer = self.source(hop.server.family, near: hop.server, interface)
        else { return .none(.withoutSource) }
        return .tunnel(from: source, outer: outer)
    }

    /// nil: there is none, or the server is this machine.
    private func route(_ server: IPAddress) -> Int32? {
        if let known = routes[server] { return known }
        let route = try? socket.route(to: server)
        let interface = route?.isLocal == true ? nil : route?.interface
        routes[server] = interface
        return interface
    }

    /// An own address of the family: of a network that the server is in, else of the interface, else of any.
    private func source(_ family: AddressFamily, near server: IPAddress, _ interface: Int32) -> IPAddress? {
        let family = own.filter { $0.prefix.address.family == family }
        let here = family.filter { $0.interface == interface }
        return (here.first { $0.prefix.contains(server) } ?? here.first ?? family.first)?.prefix.address
    }
}

extension IPAddress {
    fileprivate var isLinkLocal: Bool {
        if case .v6(let address) = self { return address.isLinkLocal }
        return false
    }
}
