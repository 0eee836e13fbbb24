import Addresses
import Netlink

/// What `tandem realserver apply` did to this machine and `undo` takes back.
package struct KeptChanges: Hashable, Sendable, Codable {
    package struct Switch: Hashable, Sendable, Codable {
        /// The path below /proc/sys.
        package var name: String
        package var old: String
        package var new: String

        package init(name: String, old: String, new: String) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    package struct Address: Hashable, Sendable, Codable {
        /// `192.0.2.10/32`.
        package var prefix: String
        /// The interface's name.
        package var interface: String

        package init(prefix: String, interface: String) {
            self.prefix = prefix
            self.interface = interface
        }
    }

    package struct Port: Hashable, Sendable, Codable {
        package var port: UInt16
        package var isIPv6: Bool

        package init(port: UInt16, isIPv6: Bool) {
            self.port = port
            self.isIPv6 = isIPv6
        }
    }

    package var version = 1
    package var switches: [Switch] = []
    package var addresses: [Address] = []
    package var devices: [String] = []
    package var ports: [Port] = []
    /// The unit that does it again after a reboot.
    package var unit: String?

    package init() {}

    package var isEmpty: Bool { self == KeptChanges() }
}

extension KeptChanges {
    /// What is to be known before a step is tried.
    package mutating func note(_ step: ServerStep) {
        switch step {
        case .setSwitch(let name, let old?, let new):
            let first = switches.first { $0.name == name && $0.new == old }?.old ?? old
            switches.removeAll { $0.name == name }
            switches.append(Switch(name: name, old: first, new: new))
        case .create(let device): if !devices.contains(device.name) { devices.append(device.name) }
        case .listen(let listener): ports.append(listener.kept)
        case .addAddress(let prefix, let interface):
            addresses.append(Address(prefix: prefix.description, interface: interface))
        case .setSwitch, .restoreSwitch, .setUp, .removeDevice, .stopListening, .removeAddress: break
        }
    }

    /// What need not be known any more: a step that takes something back is done, or one that was noted failed.
    package mutating func forget(_ step: ServerStep) {
        switch step {
        case .setSwitch(let name, _?, _), .restoreSwitch(let name, _): switches.removeAll { $0.name == name }
        case .create(let device): devices.removeAll { $0 == device.name }
        case .removeDevice(let name): devices.removeAll { $0 == name }
        case .listen(let listener), .stopListening(let listener): ports.removeAll { $0 == listener.kept }
        case .addAddress(let prefix, let interface), .removeAddress(let prefix, let interface):
            addresses.removeAll { $0 == Address(prefix: prefix.description, interface: interface) }
        case .setSwitch, .setUp: break
        }
    }
}
