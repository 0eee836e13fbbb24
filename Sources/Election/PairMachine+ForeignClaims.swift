package import Addresses
import Heartbeat

// Somebody else claims an address of ours (DESIGN rule 11). It changes no role.
extension PairMachine {
    /// Somebody whose link-layer address is not this director's claims an address of the group.
    package mutating func foreignClaim(
        of index: Int, by mac: MACAddress, now: Instant, into orders: inout Orders
    ) {
        guard groups.indices.contains(index), mac.number != groups[index].mac else { return }
        guard isPeers(mac, group: index) else {
            defend(index, against: mac, now: now, &orders)
            return
        }
        if lifeline.state != .heard { report(index, mac, now: now, &orders) }
        // The peer may have taken over, and this director not know it yet: it is asked.
        guard groups[index].doubtedAt.map({ now - $0 > settings.takeoverTime }) ?? true else { return }
        groups[index].doubtedAt = now
        groups[index].doubtedMAC = mac.number
        orders.add(.sendHeartbeat)
    }

    /// The peer has answered what left after the claim: does it hold what it claimed?
    mutating func settleDoubt(_ index: Int, now: Instant, _ orders: inout Orders) {
        guard let doubtedAt = groups[index].doubtedAt, heard.echo >= doubtedAt.nanoseconds else { return }
        groups[index].doubtedAt = nil
        guard now - doubtedAt <= settings.takeoverTime, groups[index].peer?.role.touches != true else { return }
        defend(index, against: MACAddress(number: groups[index].doubtedMAC), now: now, &orders)
    }

    /// Says so, and announces again what this director holds.
    private mutating func defend(_ index: Int, against mac: MACAddress, now: Instant, _ orders: inout Orders) {
        let isHeld = groups[index].role == .active || groups[index].role == .giving
        guard report(index, mac, now: now, &orders), isHeld else { return }
        orders.add(.hand(HandOrder(task: .announce, group: index, ticket: groups[index].ticket)))
    }

    /// False where that was done lately.
    @discardableResult
    private mutating func report(_ index: Int, _ mac: MACAddress, now: Instant, _ orders: inout Orders) -> Bool {
        if let defendedAt = groups[index].defendedAt, now - defendedAt < GroupElection.defenceEvery { return false }
        groups[index].defendedAt = now
        orders.add(.note(.foreignClaim(group: index, mac: mac, at: now)))
        return true
    }

    private func isPeers(_ mac: MACAddress, group index: Int) -> Bool {
        if groups[index].peer?.mac == mac.number { return true }
        for path in peerMACs.indices where peerMACs[path] == mac.number { return true }
        return false
    }
}
