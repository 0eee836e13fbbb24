import Addresses
import Heartbeat

extension GroupElection {
    /// Learns what the peer says about the group.
    mutating func hear(_ beat: GroupBeat?, now: Instant) {
        peer = beat
        guard let beat else { return }
        highest = max(highest, beat.term)
        peerLeaseEnds = beat.leaseLeft == 0 ? nil : now + .microseconds(Int64(beat.leaseLeft))
        let isLettingGo = beat.role == .releasing || beat.role == .moving
        lettingGoSince = isLettingGo ? lettingGoSince ?? now : nil
        peerLacksGatewaysSince = beat.lacksGateways ? peerLacksGatewaysSince ?? now : nil
        peerHasGatewaySince = beat.hasGateway && outlook.lacksGateways ? peerHasGatewaySince ?? now : nil
        let isFit = beat.role == .backup && beat.fitness > 0
        peerFitSince = isFit && !isFitter(than: beat) ? peerFitSince ?? now : nil
        peerFitterSince = isFit && isLessFit(than: beat) ? peerFitterSince ?? now : nil
    }

    /// The time after a failed claim, or a handover that was not taken up, is over, whatever the peer says then.
    mutating func endHoldOff(now: Instant) {
        if let until = restUntil, now >= until { restUntil = nil }
        if let until = holdOffUntil, now >= until { holdOffUntil = nil }
    }

    /// The peer is lost, has left or has restarted: what was counted from its words means nothing any more, and what
    /// kept it from taking over may be gone.
    mutating func forgetPeer() {
        restUntil = nil
        reservedSince = nil
        peerFitSince = nil
        peerFitterSince = nil
        peerLacksGatewaysSince = nil
        peerHasGatewaySince = nil
        lettingGoSince = nil
    }

    /// What the peer's state and words mean for the role that this director has now.
    mutating func judge(_ peerState: PeerState, now: Instant) -> Input? {
        if role == .returning { return judgeAsReturning(peerState) }
        if peerState == .lost, role.holds { termWhenLost = termWhenLost ?? peer?.term }
        return switch peerState {
        case .never, .lost: role.holds ? .alone : role == .backup && mayClaim ? .vacant : nil
        case .left: role.holds ? .alone : !role.touches && mayClaim ? .vacant : nil
        case .heard: role.holds ? judgeAsHolder(now) : judgeAsBackup(now)
        }
    }

    /// The earlier life had the group, so it is this director's unless the peer took it meanwhile.
    private func judgeAsReturning(_ peerState: PeerState) -> Input? {
        switch peerState {
        case .never, .lost: nil
        case .left: mayKeep ? .vacant : .retired
        case .heard:
            switch peer?.role {
            case .active, .claiming: .occupied
            case .giving: mayKeep ? .offered : .retired
            case .moving, .releasing: nil
            case .returning: comesFirst ? .vacant : .occupied
            case .waiting, .backup, nil: mayKeep ? .vacant : .retired
            }
        }
    }

    private mutating func judgeAsHolder(_ now: Instant) -> Input? {
        guard let peer, peer.role.holds else {
            defer { isContested = false }
            return hasClaimedUnheard() || isContested ? .settled : nil
        }
        if peer.role == .claiming {
            return role == .claiming && isWeaker(than: peer) ? .outbid : nil
        }
        if isWeaker(than: peer) { return .outranked }
        defer { isContested = true }
        return isContested ? nil : .contested
    }

    /// Whether the peer's term has risen while it was lost, as it does with a claim, its own or one of this director's.
    /// Judged once, when the peer is heard again and has let go. A peer that falls silent and is heard again, over and
    /// over, has claimed nothing: to announce each time would fill the hand's queue.
    private mutating func hasClaimedUnheard() -> Bool {
        guard let termWhenLost, let peer, !peer.role.touches else { return false }
        self.termWhenLost = nil
        return peer.term > termWhenLost
    }

    /// Whether the peer has been letting go for so long that its kernel has dropped what its hand could not remove,
    /// even if a restart had topped the leases up.
    private func hasPeerLapsed(_ now: Instant) -> Bool {
        guard let lettingGoSince else { return false }
        return now - lettingGoSince >= ElectionSettings.restartPatience(takeoverTime: takeoverTime)
    }

    private mutating func judgeAsBackup(_ now: Instant) -> Input? {
        guard !role.touches else { return nil }
        guard let peer else { return mayClaim ? .vacant : nil }
        // An offer is taken with a higher term. Where there is none, taking it would be given up again at once.
        if peer.role == .giving, mayClaim, highest < GroupBeat.highestTerm { return .offered }
        guard !peer.role.touches || hasPeerLapsed(now) else {
            reservedSince = nil
            return .occupied
        }
        guard mayClaim else { return .reserved }
        if isOurs(peer) { return .vacant }
        let since = reservedSince ?? now
        reservedSince = since
        return now - since >= takeoverTime * 2 ? .vacant : .reserved
    }

    private var mayClaim: Bool { isAble && holdOffUntil == nil }

    /// Whose is a group that nobody holds: the fitter director's, else the preferred one's, else the one's with the
    /// lower name.
    private func isOurs(_ peer: GroupBeat) -> Bool {
        peer.fitness == 0 || isFitter(than: peer) || comesFirst && !isLessFit(than: peer)
    }

    private var comesFirst: Bool {
        switch settings.preference {
        case .local: true
        case .peer: false
        case .none: hasLowerName
        }
    }

    /// The higher term wins; a tie keeps who is active, then the preferred director, then the lower name.
    private func isWeaker(than peer: GroupBeat) -> Bool {
        guard peer.term == term else { return peer.term > term }
        let isActiveHere = role != .claiming
        let isActiveThere = peer.role != .claiming
        guard isActiveHere == isActiveThere else { return isActiveThere }
        return !comesFirst
    }

    /// Why the holder should hand the group over without being asked to, if it should.
    ///
    /// - Parameter isApart: whether the peer has the groups that this one belongs to.
    func motive(isApart: Bool, now: Instant) -> Reason? {
        guard role == .active, restUntil == nil else { return nil }
        if isStandby { return .standby }
        guard !isPaused else { return nil }
        if fitness == 0 { return .unfit }
        if isApart { return .together }
        if isGatewayOnlyThere(now) { return .gatewayLost }
        if let peerFitterSince, now - peerFitterSince >= Self.fitterFor + takeoverTime, now - since >= Self.stay,
            now >= restraint.until
        {
            return .fitter
        }
        guard settings.preference == .peer, let preempt = settings.preempt, let peerFitSince else { return nil }
        return now - peerFitSince >= preempt ? .preferred : nil
    }

    /// Whether the peer could take the group now.
    func canBeTaken(_ peerState: PeerState) -> Bool {
        guard peerState == .heard, let peer else { return false }
        return peer.fitness > 0 && (peer.role == .backup || peer.role == .waiting)
    }
}
