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
    /// Where each address stands among the targets: it belongs to one group and stands in it once.
    let offsets: [IPAddress: Int]
    var place: HandBoard.Place = .absent
    /// Those that are on no director for now, by their places among the targets.
    var withdrawn: Set<Int> = []
    /// Absent: it was not claimed.
    var announcing: AnnouncementRounds?
    /// Of addresses that came back while the group was held.
    var returning: [AnnouncementRounds] = []
    /// Addresses that somebody removed since the log was told: the first, and how many.
    var removed: (first: Prefix, count: Int)?
    /// The kernel refused the newest change of an address.
    var isRefused = false
    /// Whether addresses may stand on lo: an earlier life may have left some.
    var mayBeOnLoopback = true

    /// Whether the kernel's table concerns it.
    let hasServices: Bool

    init(_ group: GroupSettings, of director: DirectorSettings, hasServices: Bool = false) {
        name = group.name
        self.hasServices = hasServices
        targets = group.addresses.map { address in
            Target(
                prefix: address.prefix, wanted: (address.interface ?? group.interface).map(director.interface))
        }
        offsets = Dictionary(
            targets.enumerated().map { ($1.prefix.address, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Those that a holder has, by their places among the targets.
    var held: [Int] {
        withdrawn.isEmpty ? Array(targets.indices) : targets.indices.filter { !withdrawn.contains($0) }
    }

    func offsets(of addresses: some Sequence<IPAddress>) -> Set<Int> { Set(addresses.compactMap { offsets[$0] }) }

    /// Where each address belongs, as far as the interfaces are there.
    func leased(_ lease: UInt32) -> [LeasedAddress] {
        targets.compactMap { $0.leased(lease) }
    }

    /// Those that a holder has, on lo, where they forward and answer nobody.
    func onLoopback(_ lease: UInt32) -> [LeasedAddress] {
        held.map {
            LeasedAddress(
                prefix: Prefix(host: targets[$0].prefix.address), interface: Link.loopbackIndex, lease: lease)
        }
    }

    /// What keeps the group from being held, in words that follow "waiting for".
    var waitingFor: String? {
        if isRefused { return "the kernel's permission to change addresses (CAP_NET_ADMIN)" }
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

extension HandGroup.Target {
    /// nil while its interface is not there.
    func leased(_ lease: UInt32) -> LeasedAddress? {
        link.map { LeasedAddress(prefix: prefix, interface: $0.index, lease: lease) }
    }
}
