package import Addresses
package import Netlink

/// One change of a server's kernel.
package enum ServerStep: Hashable, Sendable {
    /// A switch by its path below /proc/sys. `from` is absent for an interface that is still to be made.
    case setSwitch(String, from: String?, to: String)
    case restoreSwitch(String, to: String)
    case create(TunnelDevice)
    case setUp(String)
    case removeDevice(String)
    case listen(GUEListener)
    case stopListening(GUEListener)
    case addAddress(Prefix, interface: String)
    case removeAddress(Prefix, interface: String)
}

extension GUEListener {
    var kept: KeptChanges.Port { KeptChanges.Port(port: port, isIPv6: family == .v6) }

    init(_ kept: KeptChanges.Port) { self.init(port: kept.port, family: kept.isIPv6 ? .v6 : .v4) }
}

extension ServerStep: CustomStringConvertible {
    /// Words that follow "would".
    package var description: String {
        switch self {
        case .setSwitch(let name, let old?, let new): "set \(name) to \(new) (it is \(old))"
        case .setSwitch(let name, .none, let new): "set \(name) to \(new)"
        case .restoreSwitch(let name, let old): "set \(name) back to \(old)"
        case .create(let device): "make the device \(device)"
        case .setUp(let name): "set \(name) up"
        case .removeDevice(let name): "remove the device \(name)"
        case .listen(let listener): "take GUE at \(listener)"
        case .stopListening(let listener): "no longer take GUE at \(listener)"
        case .addAddress(let prefix, let interface): "add \(prefix) to \(interface)"
        case .removeAddress(let prefix, let interface): "remove \(prefix) from \(interface)"
        }
    }

    /// What is wrong as long as it is not done.
    package var fault: String {
        switch self {
        case .setSwitch(let name, let old, let new): Self.fault(of: name, old ?? "the default", new)
        case .restoreSwitch(let name, let old): "\(name) is not \(old), as it was; nothing here needs it"
        case .create(let device): "there is no device \(device): packets in tunnels are refused"
        case .setUp(let name): "\(name) is down: packets in tunnels are dropped"
        case .removeDevice(let name): "the device \(name) is of no use any more"
        case .listen(let listener): "GUE is not taken at \(listener): packets in tunnels are refused"
        case .stopListening(let listener): "GUE is taken at \(listener), and no service sends it"
        case .addAddress(let prefix, let interface):
            "\(prefix.address) is not on \(interface): packets for it are dropped"
        case .removeAddress(let prefix, let interface):
            "\(prefix.address) is on \(interface), and this is no server for it any more"
        }
    }

    private static func fault(of name: String, _ old: String, _ new: String) -> String {
        switch name.split(separator: "/").last.map(String.init).flatMap(InterfaceSwitch.init) {
        case .ignore?: "\(name) is \(old), not \(new): this server answers ARP for virtual addresses on lo"
        case .announce?:
            "\(name) is \(old), not \(new): this server asks for neighbours in the name of a virtual address"
        case .reverse?: "\(name) is \(old), not \(new): packets whose answers leave elsewhere are dropped"
        case .redirect?, nil: "\(name) is \(old), not \(new)"
        }
    }
}
