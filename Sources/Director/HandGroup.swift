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
                return target.wanted.map { "interface \($0)" } ?? "an interface with a route to \(target.prefix.address)"
            }
            guard link.isUp, link.hasCarrier else { return "carrier on interface \(link.name)" }
        }
        return nil
    }
}

/// When to announce: at once, after 0.1, 0.3, 1, 2 and 5 s, then every 30 s; each round begins at another address.
struct AnnouncementSchedule {
    private static let offsets: [Duration] = [
        .zero, .milliseconds(100), .milliseconds(300), .seconds(1), .seconds(2), .seconds(5),
    ]
    private static let period = Duration.seconds(30)

    private let start: Instant
    private(set) var round = 0

    init(start: Instant) { self.start = start }

    var next: Instant {
        guard round >= Self.offsets.count else { return start + Self.offsets[round] }
        return start + Self.period * (round - Self.offsets.count + 1)
    }

    /// Moves on to the next round after `now`; rounds that were slept through are not made up.
    mutating func advance(past now: Instant) {
        repeat { round += 1 } while next <= now
    }
}
