import Addresses
import Heartbeat

/// What every transition may need to know and to fill.
struct Situation {
    var now: Instant
    var peerState: PeerState
    var lastHeard: Instant?
    var orders = Orders.none
}

extension GroupElection {
    /// The table of Docs/Election.md: what happens to a group, role by role. Whatever is not named changes nothing.
    mutating func step(_ input: Input, _ situation: inout Situation) {
        switch (role, input) {
        // Just started. Whoever holds the group is left alone, and what an earlier life left here goes.
        case (.waiting, .occupied): yield(.peerActive, &situation)
        case (.waiting, .reserved): yield(.peerIdle, &situation)
        case (.waiting, .vacant): claim(vacancy(situation.peerState), &situation)
        case (.waiting, .offered): claim(.peerGives, &situation)
        case (.waiting, .unanswered): claimAlone(&situation)
        case (.waiting, .answered), (.waiting, .overslept): wait(&situation)
        case (.waiting, .overdue): probe(&situation)

        // Restarted, with the addresses of the earlier life still here: keeps the group unless somebody else has it.
        case (.returning, .occupied): release(.peerActive, &situation)
        case (.returning, .vacant): claim(.returned, &situation)
        case (.returning, .offered): claim(.peerGives, &situation)
        case (.returning, .unanswered): claimAlone(&situation)
        case (.returning, .answered): release(.somebodyAnswers, &situation)
        case (.returning, .retired): release(retirement, &situation)
        case (.returning, .overdue): probe(&situation)
        case (.returning, .overslept): wait(&situation)

        // Takes what is free or offered, and nothing else. What an earlier life left here goes, however often the
        // hand has to be told.
        case (.backup, .vacant): claim(vacancy(situation.peerState), &situation)
        case (.backup, .offered): claim(.peerGives, &situation)
        case (.backup, .released): overdueAt = .never
        case (.backup, .overdue): order(.release, &situation)

        // The hand is at work. A stronger claim ends this one; a failed claim has only taught its term.
        case (.claiming, .claimed): become(.active, .claimed, &situation)
        case (.claiming, .claimFailed), (.claiming, .overdue): fail(&situation)
        case (.claiming, .outranked), (.claiming, .outbid): release(.peerStronger, &situation)
        case (.claiming, .retired): release(.stopping, &situation)
        case (.claiming, .overslept): release(.overslept, &situation)

        // Holds on, whatever a weaker claim says, and answers it by announcing again.
        case (.active, .outranked): release(.peerStronger, &situation)
        case (.active, .contested), (.active, .settled), (.active, .lapsed): announce(&situation)
        case (.active, .asked): give(&situation)
        case (.active, .retired): release(retirement, &situation)
        case (.active, .overslept): release(.overslept, &situation)

        // Still answers for the addresses until the peer says that it does.
        case (.giving, .outranked): move(&situation)
        case (.giving, .alone), (.giving, .overdue): keep(&situation)
        case (.giving, .retired): release(retirement, &situation)
        case (.giving, .overslept): release(.overslept, &situation)

        // Forwards what still comes here; answers no ARP any more.
        case (.moving, .moved): become(.backup, .moved, &situation)
        case (.moving, .overdue), (.moving, .overslept): release(.peerTookOver, &situation)

        // Says nothing and claims nothing until the addresses are gone.
        case (.releasing, .released): released(&situation)
        case (.releasing, .overdue): order(.release, &situation)

        case (_, .unpermitted) where role.holds: release(abandonment, &situation)
        default: break
        }
    }

    // MARK: What a transition does

    private mutating func become(_ next: Role, _ reason: Reason, _ situation: inout Situation) {
        let change = RoleChange(
            group: index, from: role, to: next, term: role.holds || next.holds ? term : highest, reason: reason,
            at: situation.now, since: since, lastHeard: situation.lastHeard, peerHeld: peer?.role.holds ?? false)
        situation.orders.add(.note(.role(change)))
        situation.orders.add(.sendHeartbeat)
        if next == .backup || next == .waiting { term = 0 }
        if next == .backup { restUntil = nil }
        if next == .active { holdOff = Self.firstHoldOff }
        role = next
        self.reason = reason
        since = situation.now
        overdueAt = .never
        if !next.touches { leaseEnds = nil }
        announceAgainAt = .never
        if next == .active, let ends = peerLeaseEnds, ends > situation.now { announceAgainAt = ends + Self.afterLease }
        reservedSince = nil
        peerFitSince = nil
        peerFitterSince = nil
        isContested = false
        if !next.holds { termWhenLost = nil }
        askingUntil = nil
        awaitsPermit = false
        probesWithPermit = false
    }

    private mutating func claim(_ reason: Reason, _ situation: inout Situation) {
        // A term beyond the highest would be refused by the peer; equal terms have an order, too.
        if let grant, grant.until > situation.now, grant.term > highest { highest = grant.term - 1 }
        highest = min(highest + 1, GroupBeat.highestTerm)
        term = highest
        if reason == .peerGives, let peer, isFitter(than: peer) { restraint.moved(now: situation.now) }
        if reason == .peerGives, peer?.lacksGateways == true { gatewaysMovedAt = situation.now }
        become(.claiming, reason, &situation)
        order(.claim, &situation)
    }

    /// Somebody else has the group: make sure that nothing of it is left here.
    private mutating func yield(_ reason: Reason, _ situation: inout Situation) {
        become(.backup, reason, &situation)
        order(.release, &situation)
    }

    /// A director that cannot hold the group does not begin to, alone or not.
    private mutating func claimAlone(_ situation: inout Situation) {
        if role == .returning ? mayKeep : isAble { claim(.nobodyAnswered, &situation) } else { wait(&situation) }
    }

    private mutating func wait(_ situation: inout Situation) {
        overdueAt = situation.now + bootTime
    }

    private mutating func probe(_ situation: inout Situation) {
        order(.probe, &situation)
    }

    private mutating func fail(_ situation: inout Situation) {
        holdOff = min(holdOff * 2, Self.longestHoldOff)
        holdOffUntil = situation.now + holdOff
        release(.claimFailed, &situation)
    }

    private mutating func release(_ reason: Reason, _ situation: inout Situation) {
        become(.releasing, reason, &situation)
        order(.release, &situation)
    }

    /// After a stall, or when somebody unheard has the addresses, this director knows nothing: it waits as if it had
    /// just started.
    private mutating func released(_ situation: inout Situation) {
        guard reason == .overslept || reason == .somebodyAnswers else {
            become(.backup, .released, &situation)
            return
        }
        become(.waiting, reason, &situation)
        wait(&situation)
    }

    private mutating func give(_ situation: inout Situation) {
        become(.giving, givingBecause, &situation)
        overdueAt = situation.now + givingTime
    }

    private mutating func keep(_ situation: inout Situation) {
        situation.orders.add(.note(.notHandedOver(group: index, .peerSilent)))
        if givingBecause != .requested { restUntil = situation.now + Self.rest }
        become(.active, .peerSilent, &situation)
    }

    private mutating func move(_ situation: inout Situation) {
        if givingBecause == .gatewayLost { gatewaysMovedAt = situation.now }
        if givingBecause == .fitter { restraint.moved(now: situation.now) }
        become(.moving, .peerTookOver, &situation)
        order(.move, &situation)
    }

    private mutating func announce(_ situation: inout Situation) {
        situation.orders.add(.hand(HandOrder(task: .announce, group: index, ticket: ticket)))
    }

    /// Each order of the hand outdates the ones before it, and is given again when it takes too long.
    private mutating func order(_ task: HandOrder.Task, _ situation: inout Situation) {
        ticket &+= 1
        situation.orders.add(.hand(HandOrder(task: task, group: index, ticket: ticket)))
        overdueAt = situation.now + (task == .claim ? claimTime : handTime)
    }

    private var retirement: Reason { isStopping ? .stopping : .unfit }

    private var abandonment: Reason { rule == .requireWitness ? .noWitness : .noGateway }

    private func vacancy(_ state: PeerState) -> Reason {
        switch state {
        case .lost, .never: .peerLost
        case .left: .peerLeft
        case .heard: .peerIdle
        }
    }
}
