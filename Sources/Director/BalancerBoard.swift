package import Balancing
package import Election
import Linux
package import Netlink
import Settings
import Synchronization

/// The kernel's two sync daemons, as they were read back.
struct SyncDaemons: Hashable, Sendable {
    var master: SyncDaemon?
    var backup: SyncDaemon?
    /// A number of the backup daemon's life; 0 while none runs.
    var life: UInt64 = 0
    /// It ran already when this director started, and has missed nothing.
    var wasFound = false
}

/// What the balancer lets others see.
package final class BalancerBoard: Sendable {
    package enum State: Sendable {
        case pending, ok
        /// With the first sentences of what the kernel refused.
        case failed([String])
        /// The kernel has no ip_vs.
        case missing
    }

    package struct View: Sendable {
        package var state: State = .pending
        package var desired = Table()
        /// As read back last; absent while there is no ip_vs.
        package var read: ReadTable?
        /// How often it was: between two readings the counts of connections stay as they were.
        package var readings = 0
        /// Whose services are ours; what else was read back is somebody else's.
        package var owned: Set<ServiceIdentity> = []
        var warnings: [String] = []
        /// Services that somebody else has in the place of wanted ones.
        package var taken: [ServiceIdentity] = []
        /// What is held back, and why what is ours cannot be written down, in sentences.
        var ownershipWarnings: [String] = []
        /// What stands in nf_tables; absent: nothing is masqueraded.
        var masquerade: Masquerade?
        var isMasqueradeKept = false
        /// The kernel does not let this director change or read its table.
        var isRefused = false
        /// Servers that send nothing back.
        var silent: [ServerKey: Silence] = [:]
        /// Since this director started: what others had changed, and steps that the kernel refused.
        var drifts: UInt64 = 0
        var refused: UInt64 = 0
        /// Why connections are not synced, if they should be.
        var syncProblem: String?
        var daemons = SyncDaemons()
        /// As the heartbeats carry them.
        package var figures = TableFigures()

        package init() {}

        /// The services that stand in nf_tables.
        var masqueraded: Set<ServiceIdentity> { isMasqueradeKept ? masquerade?.listens ?? [] : [] }

        /// What was read back of our services.
        package var ours: Table? {
            read?.table.only(owned)
        }

        /// What was read back of everybody else's.
        package var foreign: Table? {
            read?.table.without(owned)
        }
    }

    let stamp = Stamp(Clock.now())
    private let view = Mutex(View())

    package init() {}

    package var current: View { view.withLock { $0 } }

    func update(_ change: (inout View) -> Void) { view.withLock { change(&$0) } }
}
