/// What can happen to a group at one director: the columns of the table in Docs/Election.md.
package enum Input: Hashable, Sendable, CaseIterable {
    /// The peer holds the group, is about to, or may still have its addresses.
    case occupied
    /// The peer holds the group and asks this director to take it.
    case offered
    /// Nobody holds the group and it is this director's to take.
    case vacant
    /// Nobody holds the group and it is the peer's to take.
    case reserved
    /// The peer is active with the stronger claim.
    case outranked
    /// The peer is claiming with the stronger claim.
    case outbid
    /// The peer is active with the weaker claim.
    case contested
    /// The peer has stopped contesting, or is heard again and does not.
    case settled
    /// The leases of a peer that fell silent have just ended.
    case lapsed
    /// The peer is lost or has left.
    case alone
    /// The group is to go to the peer: somebody asked, preference, or this director stops.
    case asked
    /// The group is to be given up with nobody to take it.
    case retired
    /// The hand has added the addresses.
    case claimed
    /// The hand could not add them.
    case claimFailed
    /// The hand has moved the addresses to lo.
    case moved
    /// The hand has removed them.
    case released
    /// Nobody answered for the addresses when the hand asked the network.
    case unanswered
    /// Somebody did, or the network could not be asked.
    case answered
    /// The role has lasted as long as it may.
    case overdue
    /// The heart woke so late that the peer may have taken over.
    case overslept
    /// The peer may have lost this director, and neither a gateway nor the witness vouches for it.
    case unpermitted
}

/// Why a role changed: the fixed words of logs, events and status.
package enum Reason: UInt8, Hashable, Sendable, CaseIterable {
    case started, peerActive, peerIdle, peerLost, peerLeft, peerGives, peerStronger, peerTookOver, peerSilent
    case requested, preferred, stopping, claimed, claimFailed, moved, released, nobodyAnswered, overslept, unfit
    case returned, somebodyAnswers
    case standby, peerStandby, peerUnfit
    case gatewayLost, noGateway, noWitness, fitter, together

    package var words: String {
        switch self {
        case .started: "just started"
        case .peerActive: "the peer is active"
        case .peerIdle: "nobody holds the group"
        case .peerLost: "the peer is lost"
        case .peerLeft: "the peer has stopped"
        case .peerGives: "the peer hands over"
        case .peerStronger: "the peer has the higher claim"
        case .peerTookOver: "the peer has taken over"
        case .peerSilent: "the peer did not take over in time"
        case .requested: "requested"
        case .preferred: "the group prefers the peer"
        case .stopping: "this director stops"
        case .claimed: "addresses claimed"
        case .claimFailed: "addresses could not be claimed"
        case .moved: "handed over"
        case .released: "addresses released"
        case .nobodyAnswered: "no peer, and nobody answers for the addresses"
        case .overslept: "this director woke too late"
        case .unfit: "this director is not fit"
        case .returned: "restarted, and nobody else holds the group"
        case .somebodyAnswers: "somebody else answers for the addresses"
        case .standby: "this director is in standby"
        case .peerStandby: "the peer is in standby"
        case .peerUnfit: "the peer is not fit"
        case .gatewayLost: "the gateways answer the peer alone"
        case .noGateway: "cut off from the peer, and no gateway answers"
        case .noWitness: "cut off from the peer, and without a grant of the witness"
        case .fitter: "the peer is fitter"
        case .together: "the groups stay together"
        }
    }
}
