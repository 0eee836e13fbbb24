import Addresses
import Linux
import Netlink

/// Looks at the kernel of this machine and changes it, a step at a time.
struct ServerHands: ~Copyable {
    private var route: RouteSocket

    init() throws(NetlinkError) {
        route = try RouteSocket()
    }

    mutating func addresses() throws(NetlinkError) -> Set<IPAddress> {
        Set(try route.addresses().map(\.prefix.address).filter { !$0.isLoopback })
    }

    /// - Parameter asking: whether GUE matters, so that its module is loaded.
    mutating func look(asking isGUE: Bool) throws(NetlinkError) -> ServerHost {
        let links = try route.links()
        let ways = try route.routes(.v4)
        let others = try route.routes(.v6)
        return ServerHost(
            links: links, addresses: try route.addresses(), tunnels: try route.tunnels(),
            listeners: try isGUE ? Self.listeners() : [],
            switches: SwitchValues(reading: ServerHost.switches(of: links)),
            wayOut: ways.first(where: \.isDefault)?.interface,
            gateways: Set((ways + others).compactMap(\.gateway)))
    }

    private static func listeners() throws(NetlinkError) -> Set<GUEListener> {
        var socket = try gue()
        return Set(try socket.listeners())
    }

    /// The kernel does not load fou by itself.
    private static func gue() throws(NetlinkError) -> GUESocket {
        do {
            return try GUESocket()
        } catch {
            guard error == .noFOU else { throw error }
            try KernelModule.fou.load()
            return try GUESocket()
        }
    }

    /// nil: done.
    mutating func carryOut(_ step: ServerStep) -> String? {
        do {
            switch step {
            case .setSwitch(let name, _, let value), .restoreSwitch(let name, let value):
                try Sysctl.write(name, value)
            case .create(let device): try route.create(device)
            case .setUp(let name):
                if let link = try route.link(named: name) { try route.setUp(link) }
            case .removeDevice(let name): try route.removeLink(named: name)
            case .listen(let listener):
                var socket = try Self.gue()
                try socket.add(listener)
            case .stopListening(let listener):
                var socket = try Self.gue()
                try socket.remove(listener)
            case .addAddress(let prefix, let interface): try add(prefix, to: interface)
            case .removeAddress(let prefix, let interface):
                if let link = try route.link(named: interface) {
                    try change(.remove(prefix, interface: link.index))
                }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    private mutating func add(_ prefix: Prefix, to interface: String) throws(NetlinkError) {
        guard let link = try route.link(named: interface) else {
            throw NetlinkError(
                errno: 0, what: "add \(prefix) to \(interface)", remedy: "there is no such interface")
        }
        let address = LeasedAddress(prefix: prefix, interface: link.index, lease: LeasedAddress.forEver)
        try change(.add(address))
    }

    private mutating func change(_ change: AddressChange) throws(NetlinkError) {
        if let problem = route.change([change])[0] { throw problem }
    }
}
