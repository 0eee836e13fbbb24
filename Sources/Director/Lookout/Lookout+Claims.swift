import Addresses
import Election
import Heartbeat
import Linux
import Settings

extension Lookout {
    // Implementation constant: the heart is told of a group's claims so often at the most.
    private static let claimGap = Duration.milliseconds(100)

    /// Somebody says on a link that he has an address. The kernel's filter let it through: it is probably one of ours.
    mutating func hear(_ claim: HeardClaim, on interface: Int32, times: Int, _ now: Instant) {
        guard let link = terrain.links.first(where: { $0.index == interface }),
            let group = link.claims[claim.address], !terrain.links.contains(where: { $0.mac == claim.mac })
        else { return }
        let isWithdrawn = ports.withdrawals.current.services[claim.address] != nil
        // What no director has is nobody's to defend.
        let concernsHeart = !isWithdrawn || isPeer(claim.mac, of: group)
        if concernsHeart, now - claimsTold[group] >= Self.claimGap,
            ports.heart.post(.foreignClaim(group: group, mac: claim.mac))
        {
            claimsTold[group] = now
        }
        guard !isPeer(claim.mac, of: group) else { return }
        let state = isWithdrawn ? ", withdrawn now," : ""
        let what =
            "\(claim.address) of group \(settings.groups[group].name)\(state) is claimed by \(claim.mac) on "
            + link.name
        switch claims.hear(claim.address, at: claim.mac, on: interface, times: times, now: now) {
        case .nothing: return
        case .claim(0): ports.alarm("\(what), which is neither director", group)
        case .claim(let passedOver):
            ports.alarm("\(what), and \(passedOver) times more since this was said last", group)
        case .tooMany: ports.alarm("more addresses are claimed by others than are named here: see tandem status", group)
        }
    }

    /// What the peer claims is no alarm: it may be the holder, and if it should not be the heart knows.
    private func isPeer(_ mac: MACAddress, of group: Int) -> Bool {
        if terrain.peers.contains(mac) { return true }
        let view = ports.heartBoard.current
        guard view.groups.indices.contains(group), let beat = view.groups[group].peer else { return false }
        return beat.mac == mac.number
    }
}
