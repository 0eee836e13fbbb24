package import Addresses

/// What the lookout knows of a group's surroundings.
package struct Outlook: Hashable, Sendable {
    /// On all of the group's interfaces; true where nothing is known.
    package var hasCarrier = true
    /// When the newest answer of any of the group's gateways came; nil: never.
    package var gatewayAnswered: Instant?
    /// The same for any neighbour or gateway on the group's interfaces.
    package var neighbourAnswered: Instant?
    /// Somebody on those interfaces answered in the last minute of health: only then does silence mean something.
    package var hasNeighbours = false
    /// The group has gateways, and each left three questions in a row unanswered.
    package var lacksGateways = false

    package init(
        hasCarrier: Bool = true, gatewayAnswered: Instant? = nil, neighbourAnswered: Instant? = nil,
        hasNeighbours: Bool = false, lacksGateways: Bool = false
    ) {
        self.hasCarrier = hasCarrier
        self.gatewayAnswered = gatewayAnswered
        self.neighbourAnswered = neighbourAnswered
        self.hasNeighbours = hasNeighbours
        self.lacksGateways = lacksGateways
    }
}

/// What decides while the peer is lost without a goodbye (DESIGN rule 9).
package enum PartitionRule: Hashable, Sendable, CaseIterable {
    /// Who holds a group keeps it, and who lost the peer takes it.
    case keepActive
    /// Only who reaches a gateway of the group holds it.
    case requireGateway
    /// Only whom the witness granted it holds it.
    case requireWitness
}

/// What the witness has granted this director.
package struct WitnessGrant: Hashable, Sendable {
    /// The term of the claim that the grant is for; at most `GroupBeat.highestTerm`.
    package var term: UInt64
    /// On this director's clock, counted from when the request left.
    package var until: Instant

    package init(term: UInt64, until: Instant) {
        self.term = term
        self.until = until
    }
}

/// What the witness is to be asked for one group, and told of it.
///
/// The heart orders it anew each interval and whenever it changes; the envoy sends what it was told and repeats nothing
/// by itself, so that the grant of a heart that stands still ends.
package struct Petition: Hashable, Sendable {
    package enum Role: UInt8, Hashable, Sendable, CaseIterable {
        /// This director does not hold the group and does not want to: what it was granted is given back.
        case none
        /// It would claim the group under this term.
        case claiming
        /// It holds the group under this term.
        case holding
    }

    package var group: Int
    package var term: UInt64
    package var role: Role

    package init(group: Int, term: UInt64, role: Role) {
        self.group = group
        self.term = term
        self.role = role
    }
}
