import Linux
import Netlink

/// Switches by path below /proc/sys, as they were at one moment; what the kernel does not have is absent.
package struct SwitchValues: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private var values: [String: String]

    package init(dictionaryLiteral elements: (String, String)...) {
        values = Dictionary(elements, uniquingKeysWith: { $1 })
    }

    /// What the kernel says now.
    init(reading names: [String]) {
        values = [:]
        for name in names { values[name] = try? Sysctl.read(name) }
    }

    package subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// What is in force for an interface; one that is still to be made begins with the value for new ones.
    func effective(_ kind: InterfaceSwitch, of interface: String) -> Int {
        let own = number(kind.path(of: interface)) ?? number(kind.path(of: "default")) ?? 0
        return max(number(kind.path(of: "all")) ?? 0, own)
    }

    func number(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
}

/// Switches of interfaces. Of the one for all and the interface's own the kernel takes the larger
/// (include/linux/inetdevice.h, `IN_DEV_MAXCONF` and, for redirects, `IN_DEV_ORCONF`).
enum InterfaceSwitch: String {
    case ignore = "arp_ignore"
    case announce = "arp_announce"
    case reverse = "rp_filter"
    case redirect = "send_redirects"

    func path(of interface: String) -> String { "net/ipv4/conf/\(interface)/\(rawValue)" }

    /// For all interfaces, new ones, and each of these.
    static func paths(_ kinds: [InterfaceSwitch], of links: [Link]) -> [String] {
        (["all", "default"] + links.map(\.name)).flatMap { name in kinds.map { $0.path(of: name) } }
    }
}
