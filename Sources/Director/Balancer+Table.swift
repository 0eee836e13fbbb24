import Addresses
import Balancing
import Election
import Glibc
import Linux
import Netlink
import Settings

extension NetlinkError {
    /// This process may not do it.
    var isRefusal: Bool { errno == EPERM || errno == EACCES }
}

extension Balancer {
    /// Reads the kernel's table back and repairs what differs. Waits for a kernel that has no ip_vs yet.
    mutating func look(_ now: Instant) {
        nextLook = now + LookPeriod.usual
        repaired = []
        defer { answerAskers() }
        guard connect(now) else { return }
        keepSync(now)
        keepTimeouts()
        keepMasquerade()
        read()
        nextLook = now + LookPeriod.next(isNew: now < isNewUntil, spent: Clock.now() - now)
        guard isHeldKnown else {
            nextLook = now + Self.retryPeriod
            return tellHeart(kernel: nil)
        }
        converge(now)
    }

    private mutating func connect(_ now: Instant) -> Bool {
        if kernel != nil { return true }
        do throws(NetlinkError) {
            kernel = try ports.kernel.open()
        } catch {
            miss(error, now)
            return false
        }
        isPrepared = false
        isNewUntil = now + Self.newness
        return true
    }

    private mutating func miss(_ error: NetlinkError, _ now: Instant) {
        let isNew = if case .missing = ports.board.current.state { false } else { true }
        let table = wantedTable()
        ports.board.update { $0.desired = table }
        if error == .noIPVS {
            showMissing()
            if isNew {
                ports.say("\(error)")
                try? ports.kernel.load()
            }
        } else {
            fail(["\(error)"], isRefused: error.isRefusal)
        }
        nextLook = now + Self.retryPeriod
        tellHeart(kernel: nil)
    }

    private func showMissing() {
        ports.board.update { view in
            view.state = .missing
            view.read = nil
            view.daemons = SyncDaemons()
        }
    }

    mutating func read() {
        isHeldKnown = false
        let known = ownedPlaces
        do throws(NetlinkError) {
            let table = try kernel?.readTable(known: known, after: held, hasStatistics: !watched.isEmpty)
            guard let table else { return }
            held = table
            isHeldKnown = true
            readings += 1
            noticeDrift()
            lookOn()
            isTrafficKnown = false
            if verdicts.assume(held.table, settings, overrides: overrides) { wanted = nil }
        } catch {
            lose(error)
        }
    }

    /// The services of ours that the kernel should still hold.
    var ownedPlaces: Set<ServiceIdentity> { Set(expected?.table.services.keys.map { $0 } ?? []) }

    /// Somebody may have unloaded ip_vs, which can be done once its table is empty.
    private mutating func lose(_ error: NetlinkError) {
        kernel = nil
        isSyncing = false
        (expected, keptTimeouts) = (nil, nil)
        if error.errno == ENOENT {
            showMissing()
            ports.say("ip_vs was unloaded from the kernel, and its table with it: it is loaded again")
            try? ports.kernel.load()
        } else {
            fail(["\(error)"], isRefused: error.isRefusal)
        }
    }

    private mutating func noticeDrift() {
        guard let expected else { return }
        drift += Drift.all(from: expected.table, to: held.table.only(expected.services))
    }

    /// Of the kernel's table only what is ours counts: what else is there may differ between the directors.
    mutating func tellHeart(kernel: Table?) {
        let table = wantedTable()
        let whole = wholeTable()
        let desired = wanted?.digest ?? whole.digest
        wanted?.digest = desired
        let configuration = configurationDigest ?? settings.digest
        configurationDigest = configuration
        let ours = kernel?.only(ownership.services).risen(from: table, to: whole)
        var figures = TableFigures()
        figures.configuration = configuration
        figures.desired = desired
        figures.kernel = ours?.digest ?? 0
        figures.connections = UInt32(clamping: traffic.established)
        figures.young = UInt32(clamping: traffic.young)
        let told = figures
        ports.board.update { $0.figures = told }
        ports.heart.post(.table(figures))
    }
}
