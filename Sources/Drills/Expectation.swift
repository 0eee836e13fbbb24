/// What a drill asks of a pair. Times are in milliseconds, counted from the fault unless it says otherwise; absent:
/// not judged.
package struct Expectation: Hashable, Sendable {
    /// The other director takes the group, or no role changes. Which rule says so.
    package var moves: Bool
    package var rule: Int
    /// The holder's own role may change and come back, because its daemon is restarted.
    package var holderRestarts = false
    /// A takeover comes after so much silence of the holder, neither earlier nor later.
    package var silence: ClosedRange<Double>?
    /// With the worse lateness of both hearts, the silence that is waited for if that is more.
    package var patience = 0.0
    /// From the last heartbeat of the holder to the first answer of the address at the other.
    package var answered: Double?
    /// The longest silence that a probe may see.
    package var outage: Double?
    /// No probe may be lost.
    package var losesNothing = false
    /// What probes see is not the pair's fault.
    package var ignoresProbes = false
    /// Until only the other has an address on the wire.
    package var alone: Double?
    /// For how long both may have an address on the wire: while the fault lasts, and from its end on.
    package var both: Double?
    package var bothAfter: Double
    /// Until the holder notices a foreign claim.
    package var alarm: Double?
}

extension Drill {
    package func expectation(_ facts: PairFacts) -> Expectation {
        let margin = facts.marginMS
        var expects = Expectation(moves: isTakenOver(facts.policy), rule: rule, bothAfter: facts.healMS)
        expects.both = margin
        expects.patience = max(facts.claimMS - facts.takeoverMS, 0) + facts.intervalMS * 2 + margin
        switch self {
        case .cut:
            expects.silence = facts.silence
            expects.answered = facts.claimMS + margin
            if facts.policy == .keepActive { expects.both = nil }
        case .oneWayCut:
            if expects.moves { expects.silence = facts.silence }
            expects.both = facts.healMS
        case .partition:
            if expects.moves { (expects.silence, expects.both) = (facts.silence, nil) }
        case .kill, .freeze:
            expects.silence = facts.silence
            expects.alone = facts.leaseMS + facts.claimMS + PairFacts.kernelMS + margin
            expects.both = expects.alone
        case .linkDown:
            expects.outage = facts.intervalMS + margin
            expects.both = facts.takeoverMS
        case .silentLink:
            // Until the path counts as silent, three questions to the gateway as unanswered, and the peer has asked its
            // own (Docs/Election.md).
            expects.outage = facts.intervalMS * 10 + margin
            expects.both = facts.takeoverMS
        case .handover, .stop, .gatewayLossOne:
            expects.losesNothing = true
            expects.both = facts.takeoverMS
        case .restart:
            expects.losesNothing = true
            expects.holderRestarts = true
        case .gatewayLossBoth, .witnessLoss: expects.losesNothing = true
        case .loss, .starvation, .rtnl: break
        case .foreignClaim:
            expects.alarm = 1000 + margin
            expects.ignoresProbes = true
        }
        return expects
    }

    private func isTakenOver(_ policy: PartitionPolicy) -> Bool {
        switch self {
        case .cut, .kill, .freeze, .linkDown, .silentLink, .handover, .stop, .gatewayLossOne: true
        // The witness grants to whoever has the grant already.
        case .oneWayCut, .partition: policy != .requireWitness
        case .restart, .gatewayLossBoth, .witnessLoss, .loss, .starvation, .rtnl, .foreignClaim: false
        }
    }

    /// The rule of Docs/Drills.md that says who is active.
    private var rule: Int {
        switch self {
        case .cut, .oneWayCut, .kill, .freeze, .loss, .starvation, .rtnl: 3
        case .handover, .stop: 6
        case .restart: 7
        case .partition, .gatewayLossBoth, .witnessLoss: 9
        case .linkDown: 10
        case .foreignClaim: 11
        case .silentLink, .gatewayLossOne: 13
        }
    }
}

extension PairFacts {
    /// How long the other director waits for a heartbeat: what it measures is late at most, never early.
    fileprivate var silence: ClosedRange<Double> { (max(claimMS, intervalMS * 2) - 1)...(claimMS + marginMS) }

    /// Two heartbeats and a handshake, which is tried every interval.
    package var healMS: Double { intervalMS * 3 + marginMS }
}
