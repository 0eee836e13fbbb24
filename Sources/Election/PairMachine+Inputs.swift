package import Addresses
package import Heartbeat

extension PairMachine {
    /// The first call of every wake. `due` is the deadline that the shell slept for, `now` when it really woke.
    ///
    /// A director that woke later than the takeover time while the peer was alive may have been replaced: it gives up
    /// before it does anything else, and claims nothing on the strength of a silence that it slept through.
    package mutating func wake(due: Instant, now: Instant, into orders: inout Orders) {
        let late = max(.zero, now - due)
        lateness.record(late, now: now)
        if late > settings.interval { orders.add(.note(.late(late))) }
        guard late > settings.takeoverTime, lifeline.state == .heard else { return }
        lifeline.excuse(now: now)
        forgetPeer()
        wokeAt = now
        for index in groups.indices {
            feed(.overslept, to: index, now: now, &orders)
        }
    }

    /// A datagram from a data socket. Whatever is wrong with it is counted and changes nothing.
    ///
    /// - Returns: where a segment of the stream stands in the buffer, if it is one.
    @discardableResult
    package mutating func receive(
        _ buffer: inout [UInt8], count: Int, path: Int, now: Instant, into orders: inout Orders
    ) -> SegmentPlace? {
        do throws(Refusal) {
            let opened = try peering.open(&buffer, count: count, path: path)
            guard opened.body.count >= BodyKind.end else { throw .malformed }
            guard admit(opened, path: path, now: now, &orders) else { return nil }
            switch BodyKind(of: buffer, opened.body) {
            case .heartbeat:
                try incoming.decode(buffer, opened.body)
                accept(opened, path: path, now: now, &orders)
            case .segment:
                guard acceptOther(opened, path: path, now: now) else { return nil }
                return SegmentPlace(boot: opened.boot, body: opened.body)
            case .petition, .grant, nil:
                _ = acceptOther(opened, path: path, now: now)
            }
        } catch {
            refusals.count(error)
        }
        return nil
    }

    /// A datagram from the door: a hello or an answer to one. A welcome to send back stands in the buffer then.
    package mutating func receiveAtDoor(
        _ buffer: inout [UInt8], count: Int, path: Int, mac: UInt64, now: Instant,
        random: inout some RandomNumberGenerator, into orders: inout Orders
    ) -> Peering<S>.Answer? {
        do throws(Refusal) {
            guard count >= Hello.length else { throw .tooShort }
            guard helloBudget > 0 else { throw .overBudget }
            helloBudget -= 1
            let answer = try peering.receiveAtDoor(&buffer, count: count, mac: mac, path: path, random: &random)
            if let id = peering.greetedWith { see(id, now: now) }
            orders.add(.filterSessions)
            if answer == .ready { orders.add(.sendHeartbeat) }
            return answer
        } catch {
            refusals.count(error)
            return nil
        }
    }

    /// The deadline has come, or may have.
    package mutating func tick(now: Instant, into orders: inout Orders) {
        if lifeline.expire(now: now) {
            forgetPeer()
            orders.add(.note(.peer(.lost, restarted: false)))
        }
        endPause(now: now, &orders)
        lookOut(now: now, &orders)
        for index in groups.indices {
            tickGroup(index, now: now, &orders)
        }
        let isDue = now >= nextHeartbeat
        if isDue { beat(now: now, &orders) }
        petition(isDue: isDue, now: now, &orders)
        finish(now: now, &orders)
        prepareRestart(now: now, &orders)
    }

    /// What became of an order of the hand.
    package mutating func handReported(_ report: HandReport, now: Instant, into orders: inout Orders) {
        guard groups.indices.contains(report.order.group), report.order.ticket == groups[report.order.group].ticket
        else { return }
        let input: Input? =
            switch (report.order.task, report.succeeded) {
            case (.claim, true): .claimed
            case (.claim, false): .claimFailed
            case (.move, true): .moved
            case (.move, false): .overdue
            case (.release, true): .released
            case (.probe, true): unanswered(report.order.group, now: now)
            case (.probe, false): .answered
            case (.release, false), (.announce, _), (.topUp, _): nil
            }
        if report.order.task == .probe { groups[report.order.group].probesWithPermit = false }
        if report.order.task == .topUp { toppedUp(report.order.group, now: now, &orders) }
        guard let input else { return }
        feed(input, to: report.order.group, now: now, &orders)
        judge(report.order.group, now: now, &orders)
        finish(now: now, &orders)
    }

    /// Nobody answers for the addresses: they are this director's if it may claim them.
    private mutating func unanswered(_ index: Int, now: Instant) -> Input? {
        guard !isSilent else { return .answered }
        guard groups[index].isBooting, !mayClaim(index, now: now) else { return .unanswered }
        groups[index].overdueAt = .never
        groups[index].awaitsPermit = true
        return nil
    }

    /// The hand has renewed the leases of a group, until then.
    package mutating func leaseRenewed(group index: Int, until end: Instant) {
        guard groups.indices.contains(index), groups[index].role.touches else { return }
        groups[index].leaseEnds = end
    }

    /// Hand a group over, or ask the holder to; false where there is nothing to hand over to.
    package mutating func handOver(group index: Int, now: Instant, into orders: inout Orders) {
        switch groups[index].role {
        case .active:
            guard groups[index].canBeTaken(peerState) else {
                orders.add(.note(.notHandedOver(group: index, whyNotTaken)))
                return
            }
            give(index, because: .requested, now: now, &orders)
        case .backup where wishes.standby.isOn:
            orders.add(.note(.notHandedOver(group: index, .standby)))
        case .backup:
            for mate in groups.indices where areTogether(index, mate) && groups[mate].role == .backup {
                groups[mate].askingUntil = now + groups[mate].givingTime
            }
            orders.add(.sendHeartbeat)
        default:
            orders.add(.note(.notHandedOver(group: index, groups[index].reason)))
        }
    }

    /// Hands everything over that the peer can take, gives up the rest, says goodbye, and orders `.stopped`.
    package mutating func stop(now: Instant, into orders: inout Orders) {
        guard !isStopping, restart == nil else { return }
        isStopping = true
        stopBy = now + max(.seconds(2), settings.takeoverTime) * 5
        for index in groups.indices {
            groups[index].isStopping = true
            groups[index].givingBecause = .stopping
            let isGiven = groups[index].role != .returning && groups[index].canBeTaken(peerState)
            feed(isGiven ? .asked : .retired, to: index, now: now, &orders)
        }
        finish(now: now, &orders)
    }

    /// What the heartbeats carry about configuration and tables.
    package mutating func setTable(_ table: TableFigures) {
        outgoing.configurationDigest = table.configuration
        outgoing.desiredTableDigest = table.desired
        outgoing.kernelTableDigest = table.kernel
        outgoing.connections = table.connections
        outgoing.youngConnections = table.young
    }

    /// What the heartbeats carry about the servers: the digest of what this director's own checks think of them.
    package mutating func setVerdicts(digest: UInt64) { outgoing.verdictDigest = digest }
}
