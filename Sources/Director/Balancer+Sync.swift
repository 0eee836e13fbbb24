import Addresses
import Linux
import Netlink
import Settings

extension Balancer {
    /// Both daemons run on both directors: a master that sends under this director's id, a backup that takes what comes
    /// under the peer's. Roles never touch them; one that is gone, or listens to an interface that is gone, is started
    /// again.
    mutating func keepSync(_ now: Instant) {
        guard let wanted = wantedDaemons, let interface = wanted.first?.interface else { return }
        guard let index = interfaceIndex(interface) else {
            syncIndex = nil
            return failSync(
                "there is no interface \(interface) here, which pair.sync names: create it or correct the name")
        }
        do throws(NetlinkError) {
            let running = try kernel?.syncDaemons() ?? []
            let isMoved = syncIndex.map { $0 != index } ?? false
            syncIndex = index
            var hasStarted = false
            for daemon in wanted where isMoved || !running.contains(where: { $0.isSame(as: daemon) }) {
                try kernel?.stopSync(daemon.role)
                try kernel?.startSync(daemon)
                hasStarted = true
                if daemon.role == .backup { syncLife = (now.nanoseconds, false) }
                if isSyncing { ports.say("the kernel's \(daemon.role) sync daemon was gone: started it again") }
            }
            if !isSyncing || hasStarted {
                // They are ordinary threads: on a busy machine a packet could overtake what they have to tell.
                KernelThreads.hasten(wanted.map { "ipvs-\($0.role == .master ? "m" : "b"):\($0.id)" })
            }
            if syncLife.number == 0 { syncLife = (now.nanoseconds, true) }
            try publishSync()
        } catch {
            failSync("\(error)")
        }
    }

    /// A backup takes messages as long as its interface allows; the master's hold one connection each, so that none
    /// waits for a second.
    private var wantedDaemons: [SyncDaemon]? {
        guard let sync = settings.pair.sync else { return nil }
        let interface = settings.pair.directors[director].interface(sync.interface)
        let ids = settings.pair.syncIDs
        return [
            SyncDaemon(role: .master, interface: interface, id: ids[director], maxLength: 60),
            SyncDaemon(role: .backup, interface: interface, id: ids[1 - director]),
        ]
    }

    private mutating func publishSync() throws(NetlinkError) {
        let running = try kernel?.syncDaemons() ?? []
        isSyncing = true
        let life = syncLife
        ports.board.update { view in
            view.syncProblem = nil
            view.daemons = SyncDaemons(
                master: running.first { $0.role == .master }, backup: running.first { $0.role == .backup },
                life: life.number, wasFound: life.wasFound)
        }
    }

    private mutating func failSync(_ sentence: String) {
        isSyncing = false
        syncLife = (0, false)
        if ports.board.current.syncProblem != sentence { ports.say(sentence) }
        ports.board.update { view in
            view.syncProblem = sentence
            view.daemons = SyncDaemons()
        }
    }
}
