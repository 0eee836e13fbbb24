import Addresses
import Heartbeat

extension PairMachine {
    mutating func feed(_ input: Input, to index: Int, now: Instant, _ orders: inout Orders) {
        let situation = Situation(now: now, peerState: lifeline.state, lastHeard: lifeline.lastHeard)
        orders.lend(situation) { situation in
            groups[index].step(input, &situation)
        }
    }

    /// Lets a group see what the peer's state and words mean to it now.
    mutating func judge(_ index: Int, now: Instant, _ orders: inout Orders) {
        let isStale = wokeAt != nil && lifeline.state == .heard
        groups[index].isBlocked = false
        groups[index].blockedUntil = .never
        guard !isStale, !isSilent, let input = groups[index].judge(lifeline.state, now: now) else { return }
        if input == .vacant || input == .offered, !mayClaim(index, now: now) {
            block(index, now: now)
            return
        }
        feed(input, to: index, now: now, &orders)
    }

    /// Whatever was sealed by the peer's present life, or by a newer one; false for an earlier one, which is not
    /// listened to any more.
    mutating func admit(_ opened: Peering<S>.Opened, path: Int, now: Instant, _ orders: inout Orders) -> Bool {
        guard heardFrom == nil || heardFrom?.boot == opened.boot || opened.order > heardFrom?.order ?? 0 else {
            refusals.count(.tooOld)
            return false
        }
        see(opened.keyID, now: now)
        if opened.isFirst { sessionSince = now }
        if opened.mac != 0 {
            orders.add(.holdNeighbour(MACAddress(number: opened.mac), path: path))
            peerMACs[path] = opened.mac
        }
        return true
    }

    /// A genuine heartbeat. Only one that left after all that was heard is news, and life: what was under way for long
    /// says nothing of now.
    mutating func accept(_ opened: Peering<S>.Opened, path: Int, now: Instant, _ orders: inout Orders) {
        let isSameLife = heardFrom?.boot == opened.boot
        let hasRestarted = heardFrom != nil && !isSameLife
        if !isSameLife { restartPaths() }
        let roundTrip: Duration? =
            incoming.echo == 0
            ? nil : now - Instant(nanoseconds: incoming.echo) - .microseconds(Int64(incoming.echoHeld))
        paths[path].hear(round: incoming.round, roundTrip: roundTrip.map { max(.zero, $0) }, now: now)
        guard !isSameLife || incoming.sentAt > heard.sentAt else { return }
        if hasRestarted { peerRestarts += 1 }
        if !isSameLife { orders.add(.meet(opened.boot)) }
        heardFrom = (opened.boot, opened.order)
        swap(&heard, &incoming)
        lastNews = now
        learnPace()
        learnEcho(now: now)
        if let wokeAt, heard.echo >= wokeAt.nanoseconds || !isSameLife { self.wokeAt = nil }
        listen(restarted: hasRestarted, now: now, &orders)
    }

    /// A genuine datagram that is no heartbeat prolongs the peer's life, but does not begin it: it says nothing of
    /// roles. False where it is of a life that no heartbeat has told of yet.
    mutating func acceptOther(_ opened: Peering<S>.Opened, path: Int, now: Instant) -> Bool {
        guard heardFrom?.boot == opened.boot else { return false }
        paths[path].hear(now: now)
        if lifeline.state == .heard { keepAlive(now: now) }
        return true
    }

    private mutating func restartPaths() {
        for index in paths.indices {
            paths[index].restart()
        }
    }

    private mutating func keepAlive(now: Instant) {
        guard !heard.isLeaving else { return }
        guard heard.patience == 0 else { return lifeline.note(now: now) }
        lifeline.hear(
            now: now, peerInterval: .microseconds(Int64(heard.interval)),
            lateness: min(
                settings.takeoverTime, max(lateness.ofTenSeconds, .microseconds(Int64(heard.lateness)))))
    }

    private mutating func listen(restarted: Bool, now: Instant, _ orders: inout Orders) {
        let before = lifeline.state
        if heard.isLeaving { leave() } else { keepAlive(now: now) }
        // A director whose peer was away did not need to be heard until now.
        if before == .left { excusedUntil = now + partitionTimes.holding }
        if heard.patience > 0, !heard.isLeaving { bePatient(now: now, &orders) }
        if restarted || before != .heard { wishes.peerRestarted() }
        if let wish = heard.wish { hearWish(wish, now: now, &orders) }
        if restarted { forgetPeer() }
        if before != lifeline.state || restarted {
            orders.add(.note(.peer(lifeline.state, restarted: restarted)))
        }
        for index in groups.indices {
            groups[index].hear(heard.group(groups[index].settings.id), now: now)
            if groups[index].peer?.isAsking == true, groups[index].role == .active, groups[index].canBeTaken(.heard) {
                give(index, because: .requested, now: now, &orders)
            }
            settleDoubt(index, now: now, &orders)
            judge(index, now: now, &orders)
        }
        if before != .heard { orders.add(.sendHeartbeat) }
        finish(now: now, &orders)
        prepareRestart(now: now, &orders)
    }

    /// Once in a life of the peer, and only for as long as a restart takes.
    private mutating func bePatient(now: Instant, _ orders: inout Orders) {
        guard patientWith != heardFrom?.boot else { return }
        patientWith = heardFrom?.boot
        let asked = Duration.microseconds(Int64(heard.patience))
        let granted = min(asked, .seconds(60))
        lifeline.wait(until: now + granted, now: now)
        excusedUntil = now + granted - partitionTimes.interval
        orders.add(.note(.patience(granted)))
        orders.add(.sendHeartbeat)
    }

    private mutating func leave() {
        lifeline.leave()
        forgetPeer()
    }

    mutating func forgetPeer() {
        for index in groups.indices {
            groups[index].forgetPeer()
        }
    }

    mutating func tickGroup(_ index: Int, now: Instant, _ orders: inout Orders) {
        groups[index].endHoldOff(now: now)
        if groups[index].settings.together != nil { weigh(index, now: now, &orders) }
        noteIsolation(index, now: now, &orders)
        reviewPermit(index, now: now, &orders)
        if let until = groups[index].askingUntil, now >= until {
            groups[index].askingUntil = nil
            orders.add(.note(.notHandedOver(group: index, .peerSilent)))
        }
        if let reason = groups[index].motive(isApart: isApart(index), now: now),
            groups[index].canBeTaken(lifeline.state),
            reason == .unfit || reason == .gatewayLost || warmth?.peer.isWarm == true
        {
            give(index, because: reason, now: now, &orders)
        }
        if now >= groups[index].announceAgainAt {
            groups[index].announceAgainAt = .never
            feed(.lapsed, to: index, now: now, &orders)
        }
        if now >= groups[index].overdueAt {
            groups[index].overdueAt = .never
            if groups[index].isBooting { groups[index].awaitsPermit = true }
            if !groups[index].awaitsPermit { feed(.overdue, to: index, now: now, &orders) }
        }
        awaitPermit(index, now: now, &orders)
        judge(index, now: now, &orders)
        groups[index].mayHoldUntil = mayHoldUntil(index)
        noteTerm(index, &orders)
    }

    /// Told in the wake that learns it, even where that is the last one of this director.
    private mutating func noteTerm(_ index: Int, _ orders: inout Orders) {
        guard groups[index].highest > groups[index].notedTerm else { return }
        groups[index].notedTerm = groups[index].highest
        orders.add(.note(.term(groups[index].highest, group: index)))
    }

    /// The rhythm: the next heartbeat leaves one interval after this one was due; what a stall left out is not made up.
    mutating func beat(now: Instant, _ orders: inout Orders) {
        nextHeartbeat = nextHeartbeat + settings.interval
        if nextHeartbeat <= now { nextHeartbeat = now + settings.interval }
        helloBudget = Peering<S>.hellosPerInterval
        wishes.turnOn()
        orders.add(.sendHeartbeat)
        if lifeline.state != .heard || isRenewalDue(now: now) { orders.add(.sendHello) }
    }

    /// When nothing is held any more by a director that stops, it has stopped.
    mutating func finish(now: Instant, _ orders: inout Orders) {
        guard isStopping, !hasStopped else { return }
        for index in groups.indices where groups[index].role == .active {
            let isNew = groups[index].reason == .claimed && groups[index].canBeTaken(lifeline.state)
            feed(isNew ? .asked : .retired, to: index, now: now, &orders)
        }
        guard now >= stopBy || groups.allSatisfy({ !$0.role.touches }) else { return }
        hasStopped = true
        orders.add(.sendHeartbeat)
        orders.add(.stopped)
    }
}
