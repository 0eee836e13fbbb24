import Addresses
import Balancing
import Election
import Glibc
import Linux
import Netlink
import Settings

extension Balancer {
    /// Reads the kernel's table back and repairs what differs. Waits for a kernel that has no ip_vs yet.
    mutating func look(_ now: Instant) {
        nextLook = now + Self.readBackPeriod
        guard connect(now) else { return }
        keepSync(now)
        read()
        if now < isNewUntil { nextLook = now + max(Self.firstPeriod, (Clock.now() - now) * 10) }
        guard isHeldKnown else {
            nextLook = now + Self.retryPeriod
            return
        }
        converge(now)
    }

    private mutating func connect(_ now: Instant) -> Bool {
        if kernel != nil { return true }
        do throws(NetlinkError) {
            kernel = try IPVSSocket()
        } catch {
            miss(error, now)
            return false
        }
        prepareKernel()
        isNewUntil = now + Self.newness
        return true
    }

    private mutating func miss(_ error: NetlinkError, _ now: Instant) {
        let isNew = if case .missing = ports.board.current.state { false } else { true }
        let table = desired(settings, verdicts: verdicts, overrides: overrides)
        ports.board.update { view in
            view.state = .missing
            view.desired = table
            view.read = nil
            view.daemons = SyncDaemons()
        }
        if isNew {
            ports.say("\(error)")
            try? IPVSModule.load()
        }
        nextLook = now + Self.retryPeriod
        tellHeart(desired: table, kernel: nil)
    }

    private mutating func read() {
        isHeldKnown = false
        do throws(NetlinkError) {
            guard let table = try kernel?.readTable() else { return }
            held = table
            isHeldKnown = true
            readings += 1
            traffic.observe(table, of: owned)
            verdicts.assume(held.table, settings, overrides: overrides)
        } catch {
            fail([error])
            kernel = nil
            isSyncing = false
        }
    }

    /// The one way to change the table.
    mutating func converge(_ now: Instant) {
        let wanted = desired(settings, verdicts: verdicts, overrides: overrides)
        guard kernel != nil, isHeldKnown else {
            ports.board.update { $0.desired = wanted }
            return
        }
        let steps = plan(from: held.table, to: wanted, owned: owned)
        let problems = (kernel?.apply(steps, to: held.table) ?? []).compactMap { $0 }
        if problems.isEmpty {
            for step in steps { try? held.table.apply(step) }
            let (read, readings, owned) = (held, readings, owned)
            ports.board.update { view in
                view.state = .ok
                view.desired = wanted
                view.read = read
                view.readings = readings
                view.owned = owned
                view.isRefused = false
            }
        } else {
            ports.board.update { $0.desired = wanted }
            fail(problems)
            // What the kernel really holds now is not what was planned: look again soon.
            isHeldKnown = false
            nextLook = min(nextLook, now + Self.retryPeriod)
        }
        tellHeart(desired: wanted, kernel: held.table)
    }

    private mutating func fail(_ problems: [NetlinkError]) {
        refuse(problems.contains { $0.errno == EPERM || $0.errno == EACCES })
        let sentences = problems.prefix(10).map { "\($0)" }
        if case .failed(let before) = ports.board.current.state, before == sentences { return }
        ports.board.update { $0.state = .failed(sentences) }
        for sentence in sentences { ports.say(sentence) }
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

    /// Of the kernel's table only what is ours counts: what else is there may differ between the directors.
    private func tellHeart(desired: Table, kernel: Table?) {
        let ours = kernel.map { kernel in Table(services: kernel.services.filter { owned.contains($0.key) }) }
        var figures = TableFigures()
        figures.configuration = configurationDigest
        figures.desired = desired.digest
        figures.kernel = ours?.digest ?? 0
        figures.connections = UInt32(clamping: traffic.established)
        figures.young = UInt32(clamping: traffic.young)
        let told = figures
        ports.board.update { $0.figures = told }
        ports.heart.post(.table(figures))
    }
}
