package import Addresses

// What other organs know of the world around the directors.
extension PairMachine {
    /// Hard faults: 0 cannot hold the group, else 100.
    package mutating func setFitness(_ fitness: UInt8, group index: Int, now: Instant, into orders: inout Orders) {
        guard groups.indices.contains(index) else { return }
        groups[index].hardFitness = fitness
        weigh(index, now: now, &orders)
    }

    /// What soft faults leave, 0 to 100; a hard fault beats it.
    package mutating func setScore(_ score: UInt8, group index: Int, now: Instant, into orders: inout Orders) {
        guard groups.indices.contains(index) else { return }
        groups[index].score = min(score, 100)
        weigh(index, now: now, &orders)
    }

    package mutating func setOutlook(_ outlook: Outlook, group index: Int, now: Instant, into orders: inout Orders) {
        guard groups.indices.contains(index) else { return }
        let said = (groups[index].outlook.lacksGateways, groups[index].hasGateway)
        groups[index].outlook = outlook
        if said != (outlook.lacksGateways, groups[index].hasGateway) { orders.add(.sendHeartbeat) }
        weigh(index, now: now, &orders)
        judge(index, now: now, &orders)
    }

    /// nil: the witness grants nothing any more.
    package mutating func setGrant(_ grant: WitnessGrant?, group index: Int, now: Instant, into orders: inout Orders) {
        guard groups.indices.contains(index) else { return }
        groups[index].grant = grant
        judge(index, now: now, &orders)
    }

    /// This director's link-layer address on the group's first interface.
    package mutating func setMAC(_ mac: MACAddress, group index: Int) {
        guard groups.indices.contains(index) else { return }
        groups[index].mac = mac.number
    }
}

extension GroupElection {
    /// A hard fault leaves nothing, soft ones at least 1.
    var ownFitness: UInt8 {
        hardFitness == 0 || !outlook.hasCarrier ? 0 : max(1, min(hardFitness, score, 100))
    }
}
