import Addresses
import Heartbeat

// What a director may hold and claim while it is not sure of its peer (DESIGN rule 9).
extension PairMachine {
    /// The slower of both directors' intervals counts.
    mutating func learnPace() {
        let pace = max(settings.interval, .microseconds(Int64(heard.interval)))
        guard pace != partitionTimes.interval else { return }
        partitionTimes = PartitionTimes(interval: pace, misses: settings.misses)
    }

    /// Since when the peer is silent; where it was never heard, since when this director runs.
    var silentSince: Instant { lifeline.lastHeard ?? startedAt }

    /// What the peer echoes of this director's own datagrams proves when it was heard.
    mutating func learnEcho(now: Instant) {
        let echo = Instant(nanoseconds: heard.echo)
        guard echo >= startedAt, echo <= now else { return }
        echoedAt = max(echoedAt, echo)
        if heardFrom?.boot != patientWith { excusedUntil = Instant(nanoseconds: 0) }
    }

    /// Until when this director may hold the group: as long as the peer is known to hear it, or
    /// somebody vouches for it.
    func mayHoldUntil(_ index: Int) -> Instant {
        guard groups[index].isGuarded, lifeline.state != .left else { return .never }
        let heard = max(echoedAt + partitionTimes.holding, excusedUntil)
        return max(heard, permitEnds(index, silence: Instant(nanoseconds: 0)))
    }

    /// Whether this director may claim the group, if it is free.
    func mayClaim(_ index: Int, now: Instant) -> Bool {
        switch lifeline.state {
        case .left: return true
        case .heard: return now < mayHoldUntil(index)
        case .lost, .never:
            guard !groups[index].isIsolated, !isIsolated(index), now >= groups[index].alonePassed else { return false }
            guard groups[index].isGuarded else { return true }
            let hasWaited = now >= silentSince + partitionTimes.claiming
            return hasWaited && now < permitEnds(index, silence: silentSince)
        }
    }

    /// Groups that stay together need a permit each.
    private func permitEnds(_ index: Int, silence: Instant) -> Instant {
        let times = partitionTimes
        var ends = groups[index].permitEnds(times, silence: silence)
        guard groups[index].settings.together != nil else { return ends }
        for mate in groups.indices where areTogether(index, mate) {
            ends = min(ends, groups[mate].permitEnds(times, silence: silence))
        }
        return ends
    }

    /// What a neighbour answered before the first heartbeat was missed says nothing of now.
    private func isIsolated(_ index: Int) -> Bool {
        let missed = lifeline.lastHeard.map { $0 + partitionTimes.missed } ?? startedAt
        for mate in groups.indices where areTogether(index, mate) {
            if groups[mate].isIsolated(since: missed) { return true }
        }
        return false
    }

    /// Whether two groups are one, or have to have the same holder.
    func areTogether(_ index: Int, _ other: Int) -> Bool {
        guard let set = groups[index].settings.together else { return index == other }
        return groups[other].settings.together == set
    }

    /// A claim that would be made now has to wait: for the time that keeps it apart from the holder's release, or for
    /// what vouches for this director.
    mutating func block(_ index: Int, now: Instant) {
        groups[index].isBlocked = true
        guard lifeline.state == .lost || lifeline.state == .never else { return }
        let until = max(
            groups[index].alonePassed, groups[index].isGuarded ? silentSince + partitionTimes.claiming : silentSince)
        groups[index].blockedUntil = now < until ? until : .never
    }

    /// Gives up in time what this director may not hold any longer.
    mutating func reviewPermit(_ index: Int, now: Instant, _ orders: inout Orders) {
        groups[index].mayHoldUntil = mayHoldUntil(index)
        guard groups[index].role.holds, now >= groups[index].mayHoldUntil else { return }
        feed(.unpermitted, to: index, now: now, &orders)
    }

    /// The boot rule's last step, the probe, waits for the permit.
    mutating func awaitPermit(_ index: Int, now: Instant, _ orders: inout Orders) {
        guard groups[index].awaitsPermit, mayClaim(index, now: now) else { return }
        groups[index].awaitsPermit = false
        groups[index].probesWithPermit = true
        feed(.overdue, to: index, now: now, &orders)
    }

    /// Who was cut off from everybody hears others again a little sooner than the peer, perhaps: it gives the peer
    /// a takeover time.
    mutating func noteIsolation(_ index: Int, now: Instant, _ orders: inout Orders) {
        let isAlone = lifeline.state == .lost || lifeline.state == .never
        if !isAlone { groups[index].alonePassed = Instant(nanoseconds: 0) }
        let isIsolated = isAlone && isIsolated(index)
        guard groups[index].isIsolated != isIsolated else { return }
        // The first answers may still be under way.
        guard !isIsolated || now >= silentSince + partitionTimes.takeover + partitionTimes.interval else { return }
        groups[index].isIsolated = isIsolated
        if isAlone, !isIsolated { groups[index].alonePassed = now + partitionTimes.takeover }
        orders.add(.note(.isolated(group: index, isIsolated)))
    }
}

// What the lookout and the envoy are told.
extension PairMachine {
    /// When the surroundings are to be looked at more closely.
    var lookOutAt: Instant {
        switch lifeline.state {
        case .left: return .never
        case .never, .lost: return Instant(nanoseconds: 0)
        case .heard:
            let silence = silentSince + partitionTimes.missed
            return isGuarded ? min(silence, echoedAt + partitionTimes.unechoed) : silence
        }
    }

    mutating func lookOut(now: Instant, _ orders: inout Orders) {
        let isUrgent = now >= lookOutAt || isAnyPathSilent(now) || isGatewayAskedFor(now)
        guard isLookingOut != isUrgent else { return }
        isLookingOut = isUrgent
        orders.add(.lookOut(isUrgent))
    }

    /// Each interval, and whenever something else is to be said.
    mutating func petition(isDue: Bool, now: Instant, _ orders: inout Orders) {
        guard isGuarded, !hasStopped else { return }
        for index in groups.indices where groups[index].rule == .requireWitness {
            guard let petition = petition(index, now: now), isDue || petition != groups[index].petitioned else {
                continue
            }
            groups[index].petitioned = petition
            orders.add(.petition(petition))
        }
    }

    /// While addresses go, nothing: the witness must not give the group to the peer before they have gone.
    private func petition(_ index: Int, now: Instant) -> Petition? {
        switch groups[index].role {
        case .active, .giving, .claiming: Petition(group: index, term: groups[index].term, role: .holding)
        case .releasing, .moving: nil
        case .waiting, .backup, .returning:
            wantsGrant(index, now: now)
                ? Petition(group: index, term: min(groups[index].highest + 1, GroupBeat.highestTerm), role: .claiming)
                : Petition(group: index, term: groups[index].highest, role: .none)
        }
    }

    private func wantsGrant(_ index: Int, now: Instant) -> Bool {
        guard groups[index].isReady else { return false }
        if groups[index].awaitsPermit || groups[index].probesWithPermit || groups[index].isBlocked { return true }
        return groups[index].role == .backup && lifeline.state != .left && now >= silentSince + partitionTimes.missed
    }
}
