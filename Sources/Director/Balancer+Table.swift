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
        repaired = []
        defer { answerAskers() }
        guard connect(now) else { return }
        keepSync(now)
        keepTimeouts()
        keepMasquerade()
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
            try? KernelModule.ipvs.load()
        }
        nextLook = now + Self.retryPeriod
        tellHeart(desired: table, kernel: nil)
    }

    mutating func read() {
        isHeldKnown = false
        do throws(NetlinkError) {
            guard let table = try kernel?.readTable() else { return }
            held = table
            isHeldKnown = true
            readings += 1
            noticeDrift()
            isTrafficKnown = false
            verdicts.assume(held.table, settings, overrides: overrides)
        } catch {
            lose(error)
        }
    }

    /// Somebody may have unloaded ip_vs, which can be done once its table is empty.
    private mutating func lose(_ error: NetlinkError) {
        kernel = nil
        isSyncing = false
        expected = nil
        if error.errno == ENOENT {
            ports.say("ip_vs was unloaded from the kernel, and its table with it: it is loaded again")
        } else {
            fail(["\(error)"], isRefused: error.errno == EPERM || error.errno == EACCES)
        }
    }

    private mutating func noticeDrift() {
        guard let expected else { return }
        drift += Drift.all(from: expected.table, to: held.table.only(expected.services))
    }

    /// Of the kernel's table only what is ours counts: what else is there may differ between the directors.
    func tellHeart(desired: Table, kernel: Table?) {
        let ours = kernel?.only(ownership.services)
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
