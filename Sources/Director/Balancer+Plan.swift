import Addresses
import Balancing
import Glibc
import Linux
import Netlink
import Settings

/// What a look at the kernel's table on request found.
package struct Repair: Sendable {
    /// What somebody else had changed, in sentences.
    package var drift: [String] = []
    /// Why the table is not what it should be, in sentences; empty: it is.
    package var problems: [String] = []
}

extension Balancer {
    /// The one way to change the table.
    mutating func converge(_ now: Instant) {
        let first = wantedTable()
        guard kernel != nil, isHeldKnown else {
            ports.board.update { $0.desired = first }
            return
        }
        var problems = carryOut(first, now)
        if problems.contains(where: { $0.key.isStale($0.value) }) {
            // Somebody else writes as well, or the kernel's list changed while it was read.
            read()
            if isHeldKnown { problems = carryOut(wantedTable(), now) }
        }
        setbacks.observe(problems.filter { !$0.value.isSkipped }, now: now)
        guard isHeldKnown else {
            nextLook = min(nextLook, now + Self.retryPeriod)
            return tellHeart(kernel: nil)
        }
        publish(wantedTable())
        report(problems)
        if problems.values.contains(where: { !$0.isCertain }) { (expected, isHeldKnown) = (nil, false) }
        if let nextTry = setbacks.nextTry { nextLook = min(nextLook, max(nextTry, now)) }
        tellHeart(kernel: held.table)
    }

    /// The table that the settings, the verdicts, the overrides and the agents make, made anew only where one of them
    /// has changed.
    mutating func wantedTable() -> Table {
        guard var made = wanted else {
            let table = desired(
                settings, verdicts: verdicts, overrides: overrides, advice: advice, shortages: shortages,
                shares: shares)
            (wanted, stale) = ((table, nil), [])
            return table
        }
        guard !stale.isEmpty else { return made.table }
        wanted = nil
        made.table.renew(
            stale, of: settings, verdicts: verdicts, overrides: overrides, advice: advice, shortages: shortages,
            shares: shares)
        made.digest = nil
        (wanted, stale) = (made, [])
        return made.table
    }

    /// Makes a plan and carries it out, but for what was refused and has to wait, and says what could not be done.
    private mutating func carryOut(_ wanted: Table, _ now: Instant) -> [Step: NetlinkError] {
        let known = ownership.services
        for service in ownership.judge(held: held.table, desired: wanted) {
            ports.inform("\(service) was in the kernel just as it should be: it is Tandem's now")
        }
        judgeLeftovers(wanted)
        if !isTrafficKnown { traffic.observe(held, of: ownership.services) }
        isTrafficKnown = true
        // Before anything is added: who comes after a crash must know whose it is.
        if let problem = ownershipFile.store(ownership.services) { ports.say(problem) }
        let steps = steps(from: held.table, to: wanted, ownership)
        let problems = carryOut(steps, to: ownership.attainable(wanted), known, now)
        expected = (held.table.only(ownership.services), ownership.services)
        return problems
    }

    /// - Parameter known: what was ours before this plan was made.
    private mutating func carryOut(
        _ steps: [Step], to goal: Table, _ known: Set<ServiceIdentity>, _ now: Instant
    ) -> [Step: NetlinkError] {
        let postponed = setbacks.waiting(now: now)
        guard let results = kernel?.apply(steps, to: held.table, postponed: postponed) else { return [:] }
        guard results.contains(where: { $0 != nil }) else {
            // All was done: what the steps are about is what it was to become.
            for service in Set(steps.map(\.service)) { held.table.services[service] = goal.services[service] }
            return [:]
        }
        var problems: [Step: NetlinkError] = [:]
        var refused: UInt64 = 0
        defer { ports.board.update { $0.refused += refused } }
        for (step, problem) in zip(steps, results) {
            guard let problem else {
                try? held.table.apply(step)
                continue
            }
            problems[step] = problem
            if !problem.isSkipped, postponed[step] == nil { refused += 1 }
            // One that was ours before was left out of what was read.
            if case .addService(let service, _) = step, problem.errno == EEXIST, !known.contains(service) {
                ownership.disown(service)
            }
        }
        return problems
    }

    /// What may be done about the difference: nothing is taken from others, nor what is held back.
    func steps(from held: Table, to wanted: Table, _ ownership: Ownership) -> [Step] {
        plan(from: held, to: ownership.attainable(wanted), owned: ownership.services.subtracting(heldBack ?? []))
    }

    /// Once, at the start: what was taken out of the configuration while nobody ran is removed, but not if that is most
    /// of what there is.
    private mutating func judgeLeftovers(_ wanted: Table) {
        guard heldBack == nil else { return }
        let here = ownership.services.filter { held.table.services[$0] != nil }
        let leftovers = here.filter { wanted.services[$0] == nil }
        let isTooMuch = leftovers.count * 100 > here.count * Removal.usualShare
        heldBack = isTooMuch ? leftovers : []
        if isTooMuch { ports.say(Self.sentence(heldBack: leftovers.count)) }
    }

    private static func sentence(heldBack count: Int) -> String {
        "\(count) services that an earlier life of this director left in the kernel are not in the configuration any "
            + "more, and are most of what there is: they stay until 'tandem apply --force' removes them"
    }

    private func publish(_ wanted: Table) {
        let (read, readings, owned, taken) = (held, readings, ownership.services, ownership.taken)
        var warnings: [String] = ownershipFile.problem.map { [$0] } ?? []
        let kept = (heldBack ?? []).count { held.table.services[$0] != nil && wanted.services[$0] == nil }
        if kept > 0 { warnings.append(Self.sentence(heldBack: kept)) }
        let found = warnings
        ports.board.update { view in
            view.desired = wanted
            view.read = read
            view.readings = readings
            view.owned = owned
            view.taken = taken
            view.ownershipWarnings = found
        }
    }

    /// What the operator is told: first what he can do something about.
    private mutating func report(_ problems: [Step: NetlinkError]) {
        let sentences =
            problems.filter { !$0.value.isSkipped }.map { "\($0.value)" }.sorted()
            + (timeoutProblem.map { ["\($0)"] } ?? []) + ownership.taken.map(Desk.sentence(taken:))
            + (masquerader.problem.map { [$0] } ?? [])
        let isRepaired = sentences.isEmpty
        for change in drift.prefix(Self.driftLimit) {
            let end = isRepaired ? "" : ", and not all of it can be put right now"
            ports.tell("somebody else changed the kernel's table: \(change)\(end)", "\(change.service)")
        }
        if drift.count > Self.driftLimit {
            ports.tell(
                "somebody else changed \(drift.count - Self.driftLimit) more services in the kernel's table", nil)
        }
        let found = UInt64(drift.count)
        if found > 0 { ports.board.update { $0.drifts += found } }
        repaired += drift.prefix(Self.repairedLimit).map(\.description)
        drift = []
        guard isRepaired else {
            return fail(sentences, isRefused: problems.values.contains(where: \.isRefusal))
        }
        if case .failed = ports.board.current.state {
            ports.tell("the kernel's table is what it should be again", nil)
        }
        ports.board.update { view in
            view.state = .ok
            view.isRefused = false
        }
    }

    mutating func fail(_ all: [String], isRefused: Bool) {
        refuse(isRefused)
        var sentences = Array(all.prefix(Self.failureLimit))
        if all.count > sentences.count { sentences.append("and \(all.count - sentences.count) more refusals") }
        let state = ports.board.current.state
        let before = if case .failed(let earlier) = state { Set(earlier) } else { Set<String>() }
        let now = sentences
        ports.board.update { $0.state = .failed(now) }
        for sentence in now where !before.contains(sentence) { ports.say(sentence) }
    }

    /// A director that may not change its table is of no use to the groups with services, at once; the hand, which
    /// knows of other hard faults too, says it again and takes it back.
    private func refuse(_ isRefused: Bool) {
        guard ports.board.current.isRefused != isRefused else { return }
        ports.board.update { $0.isRefused = isRefused }
        guard isRefused else { return }
        for (index, group) in settings.groups.enumerated() where settings.hasServices(group) {
            ports.heart.post(.fitness(0, group: index))
        }
    }

    mutating func answerAskers() {
        var problems: [String] = []
        switch ports.board.current.state {
        case .failed(let sentences): problems = sentences
        case .missing: problems = ["the kernel has no ip_vs (modprobe ip_vs)"]
        case .pending, .ok: break
        }
        for asker in askers { asker.give(Repair(drift: repaired, problems: problems)) }
        askers = []
    }
}
