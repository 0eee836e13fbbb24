import Addresses
import Election
import Linux
import Netlink
import Settings

/// A group's addresses, as the hand knows them.
struct HandGroup {
    struct Target: Hashable {
        var prefix: Prefix
        /// The interface's real name; absent: the one with a connected route.
        var wanted: String?
        var link: Link?
    }

    let name: String
    var targets: [Target]
    var place: HandBoard.Place = .absent
    var announcing: AnnouncementSchedule?

    init(_ group: GroupSettings, of director: DirectorSettings) {
        name = group.name
        targets = group.addresses.map { address in
            Target(
                prefix: address.prefix, wanted: (address.interface ?? group.interface).map(director.interface))
        }
    }

    /// Where each address belongs, as far as the interfaces are there.
    func leased(_ lease: UInt32) -> [LeasedAddress] {
        targets.compactMap { target in
            target.link.map { LeasedAddress(prefix: target.prefix, interface: $0.index, lease: lease) }
        }
    }

    /// The same addresses on lo, where they forward and answer nobody.
    func onLoopback(_ lease: UInt32) -> [LeasedAddress] {
        targets.map {
            LeasedAddress(prefix: Prefix(host: $0.prefix.address), interface: Link.loopbackIndex, lease: lease)
        }
    }

    /// What keeps the group from being held, in words that follow "waiting for".
    var waitingFor: String? {
        for target in targets {
            guard let link = target.link else {
                return target.wanted.map { "interface \($0)" }
                    ?? "an interface with a route to \(target.prefix.address)"
            }
            guard link.isUp, link.hasCarrier else { return "carrier on interface \(link.name)" }
        }
        return nil
    }
}
