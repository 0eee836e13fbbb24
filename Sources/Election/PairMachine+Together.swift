import Addresses
import Heartbeat

// Groups that have to have the same holder.
extension PairMachine {
    /// Hands a group over, and with it the ones that stay with it.
    mutating func give(_ index: Int, because reason: Reason, now: Instant, _ orders: inout Orders) {
        for mate in groups.indices where areTogether(index, mate) && groups[mate].role == .active {
            guard groups[mate].canBeTaken(lifeline.state) else { continue }
            groups[mate].givingBecause = reason
            feed(.asked, to: mate, now: now, &orders)
        }
    }

    /// Whether the peer has the first of the groups that this one stays with.
    func isApart(_ index: Int) -> Bool {
        for mate in groups.indices where areTogether(index, mate) {
            return mate != index && groups[mate].role == .backup && groups[mate].peer?.role == .active
        }
        return false
    }

    /// What hard and soft faults leave; of groups that stay together, at the worst of them. One that could not be
    /// claimed keeps the others away, too.
    mutating func weigh(_ index: Int, now: Instant, _ orders: inout Orders) {
        guard groups[index].settings.together != nil else {
            setWhole(groups[index].ownFitness, of: index, now: now, &orders)
            return
        }
        var least: UInt8 = 100
        for mate in groups.indices where areTogether(index, mate) {
            least = min(least, groups[mate].holdOffUntil == nil ? groups[mate].ownFitness : 0)
        }
        for mate in groups.indices where areTogether(index, mate) {
            setWhole(least, of: mate, now: now, &orders)
        }
    }

    /// A hard fault is said at once, and so is its end; what stood in the way of a handover before it does no longer.
    private mutating func setWhole(_ fitness: UInt8, of index: Int, now: Instant, _ orders: inout Orders) {
        let before = groups[index].fitness
        guard before != fitness else { return }
        groups[index].fitness = fitness
        if before == 0 || fitness == 0 { orders.add(.sendHeartbeat) }
        if fitness == 0 { groups[index].restUntil = nil }
        judge(index, now: now, &orders)
    }
}
