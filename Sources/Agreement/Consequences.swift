package import Addresses
package import Settings

/// What follows from the decisions about single servers for their services, with a memory that both directors share.
///
/// It is told of every change of the shared verdicts and works anew what is concerned. What it remembers it writes into
/// them as latches, so both directors come to the same, whoever started when.
package struct Consequences: Sendable {
    /// A service that has a quorum.
    private struct Ward {
        var quorum: QuorumSettings
        /// Those that are checked.
        var servers: [ServerKey]
        /// How many are not, and so up.
        var unchecked: Int
        var total: Int { servers.count + unchecked }
        /// Of the group whose holder decides.
        var group: Int?
        /// What the latches are called between the directors: that the quorum is there, and which servers are kept.
        var mark: UInt64
        var kept: [UInt64]
    }

    /// What has to be told.
    package struct Effects: Sendable {
        /// What counts for the tables.
        package var decisions: [Decision] = []
        /// Latches that the peer has to know.
        package var latches: [UInt64] = []
        /// Of services of which that changed; nil: they lack nothing any more.
        package var shortages: [String: Shortage?] = [:]
        /// Of servers that came back, and nil of those that went down meanwhile. That a rise is over is not told.
        package var rises: [ServerKey: Rise?] = [:]
        /// Of servers of which something else counts now.
        package var advice: [ServerKey: Advice] = [:]
        package var changes: [QuorumChange] = []
    }

    private var wards: [String: Ward] = [:]
    /// Which service's latch has a mark.
    private var marks: [UInt64: String] = [:]
    /// Services whose addresses may be withdrawn: time and the peer's view of each server concern them as well.
    private var withdrawing: Set<String> = []
    private var damping: Damping
    private var returns: Returns
    private var reticence: Reticence
    private var agreed: AgreedAdvice
    private var views: [String: QuorumView] = [:]
    /// The servers of the last table that had quorum, where it matters.
    private var lastGood: [String: Set<ServerKey>] = [:]
    /// By service.
    package private(set) var shortages: [String: Shortage] = [:]

    /// - Parameter present: the virtual addresses that stand on this director.
    package init(_ settings: Settings, present: Set<IPAddress> = [], now: Instant) {
        damping = Damping(settings)
        returns = Returns(settings)
        reticence = Reticence(settings, present: present, now: now)
        agreed = AgreedAdvice(settings)
        take(settings)
        for service in reticence.ends.keys { shortages[service] = .withdrawn }
    }

    /// What counts of what agents and scripts say, of servers of which they say something.
    package var advice: [ServerKey: Advice] { agreed.counted }

    /// Servers that are held down, whatever their verdicts.
    package var holds: [ServerKey: Hold] { damping.holds }

    /// nil: the service of this server has none.
    package func damping(of server: ServerKey) -> DampingSettings? { damping.settings(of: server) }

    /// When time alone may change something.
    package var deadline: Instant { min(damping.deadline, reticence.deadline, agreed.deadline) }

    /// All that counts for the tables, in no order.
    package func decisions(_ shared: SharedVerdicts) -> [Decision] { shared.decisions.map(counting) }

    private func counting(_ decision: Decision) -> Decision {
        Decision(server: decision.server, isUp: decision.isUp && damping.holds[decision.server] == nil)
    }

    private func isUp(_ server: ServerKey, _ shared: SharedVerdicts) -> Bool? {
        damping.isUp(server, decided: shared.decision(on: server))
    }

    /// Servers that came back and have not their whole weight yet.
    package var rises: [ServerKey: Rise] { returns.rises }

    /// nil: the service has none, or it is not known yet.
    package func quorum(of service: String) -> QuorumView? { views[service] }

    /// A configuration that takes the place of the one in force; `follow` has to come next.
    package mutating func adopt(_ settings: Settings, _ shared: inout SharedVerdicts) {
        take(settings)
        damping.take(settings)
        returns.take(settings)
        agreed.take(settings)
        views = views.filter { wards[$0.key] != nil }
        reticence.keep(withdrawing)
        lastGood = lastGood.filter { wards[$0.key]?.quorum.tooFew == .keep }
        let marks = wards.values.flatMap { [$0.mark] + $0.kept } + returns.marks + damping.marks + agreed.marks
        shared.forgetLatches(except: Set(marks))
    }

    private mutating func take(_ settings: Settings) {
        (wards, marks) = ([:], [:])
        for service in settings.services {
            guard let quorum = service.quorum else { continue }
            let checked = service.checkedServers
            guard !checked.isEmpty else { continue }
            let ward = Ward(
                quorum: quorum,
                servers: checked.map { ServerKey(service: service.name, server: $0.endpoint) },
                unchecked: service.servers.count - checked.count,
                group: settings.groups.firstIndex { $0.name == service.group },
                mark: textDigest("quorum of \(service.name)"),
                kept: quorum.tooFew == .keep
                    ? checked.map { textDigest("kept \($0.endpoint) of \(service.name)") } : [])
            wards[service.name] = ward
            for mark in [ward.mark] + ward.kept { marks[mark] = service.name }
        }
        withdrawing = Set(wards.filter { $0.value.quorum.tooFew == .withdraw }.keys)
    }

    /// - Parameters:
    ///   - decisions: what changed.
    ///   - scope: what else may have.
    package mutating func follow(
        _ decisions: [Decision], _ scope: Scope, _ shared: inout SharedVerdicts, now: Instant
    ) -> Effects {
        var effects = Effects()
        effects.decisions = decisions
        if scope != .decisions { settleAdvice(&shared, &effects, now) }
        guard !wards.isEmpty || !shortages.isEmpty || !returns.isEmpty || !damping.isEmpty else { return effects }
        effects.latches += damping.follow(decisions, &shared, now: now)
        let decisions =
            scope == .decisions
            ? decisions.map(counting) : settleHolds(decisions, scope, &shared, &effects, now)
        let (latches, advice) = (effects.latches, effects.advice)
        effects = consider(decisions, scope, &shared, now: now)
        effects.latches = latches + effects.latches
        effects.advice = advice
        return effects
    }

    /// This director's agents and scripts said something else.
    ///
    /// - Parameter said: of each all that was said so far.
    package mutating func hear(
        _ said: [ServerKey: Advice], _ shared: inout SharedVerdicts, now: Instant
    ) -> Effects {
        var effects = Effects()
        agreed.hear(said)
        settleAdvice(of: Array(said.keys), &shared, &effects, now)
        return effects
    }

    /// The peer said something else of its agents and scripts, and of nothing besides.
    package mutating func hear(
        wordsOf marks: some Sequence<UInt64>, _ shared: inout SharedVerdicts, now: Instant
    ) -> Effects {
        var effects = Effects()
        settleAdvice(of: agreed.servers(marks), &shared, &effects, now)
        return effects
    }

    private mutating func settleAdvice(
        of servers: [ServerKey]? = nil, _ shared: inout SharedVerdicts, _ effects: inout Effects, _ now: Instant
    ) {
        let outcome = agreed.settle(servers, &shared, now: now)
        effects.latches += outcome.marks
        effects.advice = outcome.changes
    }

    /// What follows from decisions as they count.
    private mutating func consider(
        _ decisions: [Decision], _ scope: Scope, _ shared: inout SharedVerdicts, now: Instant
    ) -> Effects {
        var effects = Effects(decisions: decisions)
        if scope == .all {
            for service in shortages.keys where wards[service] == nil { lack(nil, service, &effects) }
            for service in wards.keys { judge(service, &shared, &effects, now) }
        } else {
            var services = Set(decisions.map(\.server.service)).union(scope.marks.compactMap { marks[$0] })
            if scope != .decisions { services.formUnion(withdrawing) }
            for service in services { judge(service, &shared, &effects, now) }
        }
        effects.latches += returns.follow(decisions, &shared, now: now)
        if scope != .decisions { effects.latches += returns.settle(scope, &shared, now: now) }
        effects.rises = returns.takeTurns()
        return effects
    }

    private mutating func lack(_ shortage: Shortage?, _ service: String, _ effects: inout Effects) {
        guard shortages[service] != shortage else { return }
        shortages[service] = shortage
        effects.shortages.updateValue(shortage, forKey: service)
    }

    /// - Returns: these decisions as they count, and those that count again or no more.
    private mutating func settleHolds(
        _ decisions: [Decision], _ scope: Scope, _ shared: inout SharedVerdicts, _ effects: inout Effects,
        _ now: Instant
    ) -> [Decision] {
        let before = damping.holds
        effects.latches += damping.settle(scope, &shared, now: now)
        let fresh = Set(decisions.map(\.server))
        let turned = Set(before.keys).symmetricDifference(damping.holds.keys).subtracting(fresh)
        let others = turned.compactMap { server in
            shared.decision(on: server).map { Decision(server: server, isUp: $0) }
        }
        return (decisions + others).map(counting)
    }

    /// Somebody says that these servers are ready, and those that are held down are let go.
    package mutating func release(
        _ servers: [ServerKey], _ shared: inout SharedVerdicts, now: Instant
    ) -> Effects {
        let held = servers.filter { damping.holds[$0] != nil }
        let marks = damping.release(held, &shared, now: now)
        let decisions = held.compactMap { server in
            shared.decision(on: server).map { Decision(server: server, isUp: $0) }
        }
        var effects = consider(decisions, .decisions, &shared, now: now)
        effects.latches = marks + effects.latches
        return effects
    }

    private mutating func judge(
        _ service: String, _ shared: inout SharedVerdicts, _ effects: inout Effects, _ now: Instant
    ) {
        guard let ward = wards[service] else { return }
        let count = count(ward, shared, now)
        let (up, total) = (count.up, ward.total)
        let latch = shared.settled(ward.mark, group: ward.group)
        // What the other director alone could serve keeps an address, and brings none back.
        let counting = latch?.isOn == false ? up : up + count.spared
        let isThere =
            holdersWord(ward, count, shared)
            ?? ward.quorum.isThere(up: counting, unknown: count.unknown, of: total, before: latch?.isOn)
        guard let isThere else {
            if views[service] == nil {
                lack(reticence.isOn(service, now: now) ? .withdrawn : nil, service, &effects)
            }
            if !reticence.isOn(service, now: now) { reticence.forget(service) }
            return
        }
        reticence.forget(service)
        let wasThere = shared.latch(ward.mark)?.isOn
        if shared.remember(isThere, as: ward.mark, now: now) { effects.latches.append(ward.mark) }
        let old = views[service]
        let view = QuorumView(
            isThere: isThere, since: old?.isThere == isThere ? old?.since ?? now : now, up: up, total: total,
            wanted: ward.quorum.wanted(of: total), hysteresis: ward.quorum.hysteresis, tooFew: ward.quorum.tooFew)
        views[service] = view
        if old?.isThere ?? true != isThere { effects.changes.append(QuorumChange(service: service, view: view)) }
        let shortage =
            isThere ? nil : self.shortage(of: service, ward, hasLost: wasThere == true, &shared, &effects, now)
        lack(shortage, service, &effects)
        if isThere, ward.quorum.tooFew == .keep {
            lastGood[service] = Set(ward.servers.filter { isUp($0, shared) == true })
        }
    }

    private struct Count {
        var up = 0
        /// Of these nothing is known.
        var unknown = 0
        /// Down, and up for the director that does not hold the group.
        var contested = 0
        /// Those of them for which that director may still get it.
        var spared = 0
    }

    private func count(_ ward: Ward, _ shared: SharedVerdicts, _ now: Instant) -> Count {
        var count = Count(up: ward.unchecked)
        // A handover is the better remedy: a director that has lost its own link has lost all servers.
        let isPatient = ward.quorum.tooFew == .withdraw && shared.hasDisputes
        for server in ward.servers {
            switch isUp(server, shared) {
            case true?: count.up += 1
            case false?:
                guard isPatient, damping.holds[server] == nil, let until = shared.contested(server) else { continue }
                count.contested += 1
                if now < until { count.spared += 1 }
            case nil: count.unknown += 1
            }
        }
        return count
    }

    /// How long the handover is waited for is said by one clock, the holder's.
    private func holdersWord(_ ward: Ward, _ count: Count, _ shared: SharedVerdicts) -> Bool? {
        guard count.contested > 0, shared.holder(of: ward.group) == .peer else { return nil }
        return shared.peerLatch(ward.mark)?.isOn
    }

    // MARK: What stays

    /// - Parameter hasLost: the quorum was there until now.
    private func shortage(
        of service: String, _ ward: Ward, hasLost: Bool, _ shared: inout SharedVerdicts, _ effects: inout Effects,
        _ now: Instant
    ) -> Shortage {
        switch ward.quorum.tooFew {
        case .all: return .all
        case .fallback: return .fallback
        case .withdraw: return .withdrawn
        case .keep: break
        }
        let good = lastGood[service] ?? []
        // What the peer kept in an earlier shortage is of no use in this one.
        let knowsPeers = shared.peerLatch(ward.mark)?.isOn == false
        var kept: Set<ServerKey> = []
        for (server, mark) in zip(ward.servers, ward.kept) {
            if hasLost, shared.remember(good.contains(server), as: mark, now: now) { effects.latches.append(mark) }
            let latch = knowsPeers ? shared.settled(mark, group: ward.group) : shared.latch(mark)
            guard let isKept = latch?.isOn else { continue }
            if shared.remember(isKept, as: mark, now: now) { effects.latches.append(mark) }
            if isKept { kept.insert(server) }
        }
        return .kept(kept)
    }
}
