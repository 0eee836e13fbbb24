import Addresses
import Election
import Linux
import Netlink

extension Hand {
    // Implementation constant: leases renewed before the next order is looked at.
    private static var batch: Int { 64 }

    /// For the process that comes after this one: nothing renews these leases any more.
    mutating func topUp(_ index: Int) -> Bool {
        let patience = ElectionSettings.restartPatience(takeoverTime: takeoverTime)
        let lease = UInt32(clamping: patience.components.seconds)
        let held = groups[index].held.compactMap { groups[index].targets[$0].leased(lease) }
        let isDone = judge(route.change(held.map(AddressChange.renew)), of: index)
        groups[index].place = .left
        publish(index)
        return isDone
    }

    /// Often enough that a slow renewal costs nothing.
    var renewalPeriod: Duration { .seconds(Int64(lease)) / 4 }

    /// Where a round of renewals has come to.
    struct Renewal {
        var group = 0
        var offset = 0
    }

    /// Renews the next batch of a round that is due or under way. Only while the heart lives: an address whose director
    /// does not beat goes by itself.
    mutating func renewDue(_ now: Instant) {
        if renewal == nil, now >= nextRenewal {
            renewal = Renewal()
            nextRenewal = groups.contains { $0.place == .here } ? now + renewalPeriod : .never
        }
        guard var at = renewal else { return }
        while at.group < groups.count, groups[at.group].place != .here || at.offset >= groups[at.group].targets.count {
            at = Renewal(group: at.group + 1)
        }
        guard at.group < groups.count else {
            renewal = nil
            return
        }
        let targets = groups[at.group].targets.dropFirst(at.offset).prefix(Self.batch)
        if isHeartAlive {
            if at.offset == 0 { ports.heart.post(.leaseRenewed(group: at.group, until: now + .seconds(Int64(lease)))) }
            // To renew one that is not there would add it.
            let withdrawn = groups[at.group].withdrawn
            let held = targets.indices.lazy.filter { !withdrawn.contains($0) }.map { targets[$0] }
            _ = judge(route.change(held.compactMap { $0.leased(lease).map(AddressChange.renew) }), of: at.group)
        }
        renewal = Renewal(group: at.group, offset: targets.endIndex)
    }
}
