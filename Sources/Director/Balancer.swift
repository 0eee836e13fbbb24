import Addresses
import Balancing
import Linux
import Netlink
import Settings

/// Keeps the kernel's table what it should be: verdicts, reloads and drift all end in the same plan.
///
/// A thread of its own, because netlink may wait for kernel locks.
struct Balancer: ~Copyable {
    enum Message: Sendable {
        case verdict(ServerKey, isUp: Bool)
        case adopt(Settings, digest: UInt64)
        case override(Overrides)
        /// Ends the thread, and the sync daemons if nobody follows; the table stays: what is connected lives on.
        case stop(keepsSync: Bool)
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var heart: Mailbox<HeartMessage>
        var board: BalancerBoard
        var say: @Sendable (String) -> Void
        /// A sentence for the log alone.
        var inform: @Sendable (String) -> Void
        var stopped: @Sendable () -> Void
    }

    // Implementation constants

    /// How often the kernel's table is read back and repaired.
    static var readBackPeriod: Duration { .seconds(5) }
    /// The same for as long as this director is new to the table, unless reading it takes too long for that.
    static var firstPeriod: Duration { .seconds(1) }
    static var newness: Duration { .seconds(30) }
    /// How soon what failed is tried again.
    static var retryPeriod: Duration { .seconds(2) }

    let ports: Ports
    let director: Int
    var settings: Settings
    var configurationDigest: UInt64
    var verdicts = Verdicts()
    var overrides: Overrides
    /// Services that are or were in the configuration: the others in the kernel are somebody else's.
    var owned: Set<ServiceIdentity>
    var kernel: IPVSSocket?
    var held = ReadTable()
    var isHeldKnown = false
    /// How often the kernel's table was read.
    var readings = 0
    var traffic = Traffic()
    var isSyncing = false
    /// The backup daemon's life, and whether an earlier life of this director began it.
    var syncLife: (number: UInt64, wasFound: Bool) = (0, false)
    /// Of the sync daemons' interface.
    var syncIndex: UInt32?
    /// Until when the kernel is looked at more often: who just came is waited for.
    var isNewUntil = Instant(nanoseconds: 0)
    var nextLook = Instant(nanoseconds: 0)
    private var poller: Poller
    private var messages: [Message] = []
    private var isStopping = false

    init(settings: Settings, digest: UInt64, director: Int, overrides: Overrides, ports: Ports) throws {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        self.ports = ports
        self.director = director
        self.settings = settings
        configurationDigest = digest
        self.overrides = overrides
        owned = identities(settings)
        self.poller = poller
    }

    consuming func run() {
        while !isStopping {
            poller.wait(until: nextLook) { _ in }
            let changed = listen()
            let now = Clock.now()
            ports.board.stamp.mark(now)
            if now >= nextLook {
                look(now)
            } else if changed {
                converge(now)
            }
        }
        ports.stopped()
    }

    /// Everything that waits is taken at once: many verdicts make one plan.
    private mutating func listen() -> Bool {
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .verdict(let server, let isUp): verdicts[server] = isUp
            case .override(let overrides): self.overrides = overrides
            case .adopt(let settings, let digest):
                self.settings = settings
                configurationDigest = digest
                owned.formUnion(identities(settings))
                if kernel != nil { prepareKernel() }
            case .stop(let keepsSync):
                isStopping = true
                if !keepsSync { stopSync() }
            }
        }
        return !messages.isEmpty && !isStopping
    }
}
