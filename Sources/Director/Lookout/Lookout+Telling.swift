import Addresses
import Election
import Linux

extension Lookout {
    /// Tells the heart what changed.
    mutating func tell(_ now: Instant) {
        for group in told.indices {
            let outlook = vigil.outlook(of: group, now: now)
            if told[group] != outlook, ports.heart.post(.outlook(outlook, group: group)) { told[group] = outlook }
            let (silent, all) = vigil.silentGateways(of: group)
            let weight = all == 0 ? 0 : UInt8(Self.gatewayWeight * silent / all)
            guard weight != faults[group] else { continue }
            faults[group] = weight
            ports.fault(group, weight)
            nextPublication = now
        }
    }

    // Implementation constants

    /// What the gateways of a group count of 100: more than all that is only inconvenient, less than all that is hard.
    static let gatewayWeight = 50
    private static let publicationPeriod = Duration.seconds(1)

    mutating func publish(_ now: Instant) {
        guard now >= nextPublication else { return }
        nextPublication = now + Self.publicationPeriod
        claims.forget(now: now)
        let names = Dictionary(terrain.links.map { ($0.index, $0.name) }) { first, _ in first }
        let gateways = vigil.asked.filter(\.isGateway).map { asked in
            LookoutBoard.Gateway(
                address: asked.host.address, interface: names[asked.host.interface] ?? "?", groups: asked.groups,
                state: asked.inquiry.state, since: asked.inquiry.since, roundTrip: asked.inquiry.roundTrip)
        }
        let claims = claims.records.map { record in
            LookoutBoard.Claim(
                record: record, interface: names[record.interface] ?? "?",
                group: terrain.links.lazy.compactMap { $0.claims[record.address] }.first ?? 0)
        }
        ports.board.update { view in
            view.gateways = gateways
            view.claims = claims
            view.problems = terrain.problems
            view.pathInterfaces = terrain.pathInterfaces
        }
    }
}
