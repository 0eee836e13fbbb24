import Addresses
import Linux
import Netlink
import Settings

/// The virtual addresses that a director left here which did not end by itself: its leases would take them away in
/// some seconds, while the peer has them already.
struct Leftovers {
    let start: DirectorStart

    /// Removes them from the groups' interfaces and from lo; says what it removed, in sentences.
    func release() throws -> [String] {
        var route = try RouteSocket()
        let links = try route.links()
        let present = try route.addresses()
        var sentences: [String] = []
        for group in start.settings.groups {
            let own = HandGroup(group, of: start.local).targets
            let here = present.filter { address in own.contains { $0.isLeft(address, links) } }
            // In the reverse of the kernel's list, as in `Hand.remove`.
            let changes = here.reversed().map { AddressChange.remove($0.prefix, interface: $0.interface) }
            let problems = route.change(changes).compactMap { $0 }
            for problem in problems.prefix(3) { sentences.append("\(problem)") }
            let removed = changes.count - problems.count
            if removed > 0 { sentences.append("removed \(removed) addresses of group \(group.name)") }
        }
        return sentences
    }
}

extension HandGroup.Target {
    /// Whether an address of this machine is this one, where it belongs or on lo in the middle of a handover.
    func isLeft(_ address: InterfaceAddress, _ links: [Link]) -> Bool {
        if address.interface == Link.loopbackIndex { return address.prefix == Prefix(host: prefix.address) }
        guard address.prefix == prefix else { return false }
        guard let wanted else { return true }
        return links.contains { $0.name == wanted && $0.index == address.interface }
    }
}
