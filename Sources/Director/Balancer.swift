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
        /// Takes over services that somebody else wrote.
        case own([ServiceIdentity])
        /// Removes what was held back.
        case confirm
        /// Reads the kernel's table back at once, and tries again whatever was refused.
        case look(Answer<Repair>)
        /// What these settings would change in the kernel; absent: those in force.
        case plan(Settings?, Answer<Preview?>)
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
        /// What happened to the kernel's table, and the service that it is about.
        var tell: @Sendable (String, String?) -> Void
        var stopped: @Sendable () -> Void
    }

    // Implementation constants

    /// How often the kernel's table is read back and repaired.
    static var readBackPeriod: Duration { .seconds(5) }
    /// The same for as long as this director is new to the table, unless reading it takes too long for that.
    static var firstPeriod: Duration { .seconds(1) }
    static var newness: Duration { .seconds(30) }
    /// How soon a kernel that cannot be asked, or has no ip_vs, is asked again.
    static var retryPeriod: Duration { .seconds(2) }
    /// How many services are named of those that somebody else changed, and how many refusals are.
    static var driftLimit: Int { 10 }
    static var repairedLimit: Int { 100 }
    static var failureLimit: Int { 10 }

    let ports: Ports
    let director: Int
    var settings: Settings
    var configurationDigest: UInt64
    var verdicts = Verdicts()
    var overrides: Overrides
    var ownership: Ownership
    var ownershipFile: OwnershipFile
    /// Ours, and not removed although the configuration has them no more: an earlier life left them, and they are too
    /// many. Nothing is held back any more once that is judged, and confirmed.
    var heldBack: Set<ServiceIdentity>?
    var kernel: IPVSSocket?
    var held = ReadTable()
    var isHeldKnown = false
    /// How often the kernel's table was read.
    var readings = 0
    /// What the kernel should still hold of ours; absent: nobody knows what became of the last steps.
    var expected: (table: Table, services: Set<ServiceIdentity>)?
    /// What somebody else changed and is not repaired yet.
    var drift: [Drift] = []
    var setbacks = Setbacks<NetlinkError>()
    /// Who waits for the next look.
    var askers: [Answer<Repair>] = []
    /// What the last look repaired, in sentences.
    var repaired: [String] = []
    var traffic = Traffic()
    /// Whether what was read last is counted in it.
    var isTrafficKnown = false
    var isSyncing = false
    /// The backup daemon's life, and whether an earlier life of this director began it.
    var syncLife: (number: UInt64, wasFound: Bool) = (0, false)
    /// What was said last of the timeouts.
    var timeoutProblem: NetlinkError?
    var masquerader = Masquerader()
    /// Of the sync daemons' interface.
    var syncIndex: UInt32?
    /// Until when the kernel is looked at more often: who just came is waited for.
    var isNewUntil = Instant(nanoseconds: 0)
    var nextLook = Instant(nanoseconds: 0)
    private var poller: Poller
    private var messages: [Message] = []
    private var isStopping = false

    init(
        settings: Settings, digest: UInt64, director: Int, overrides: Overrides, state: OwnershipFile, ports: Ports
    ) throws {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        self.ports = ports
        self.director = director
        self.settings = settings
        configurationDigest = digest
        self.overrides = overrides
        self.poller = poller
        ownershipFile = state
        let (services, warning) = ownershipFile.restore()
        ownership = Ownership(services)
        if let warning { ports.say(warning) }
    }

    consuming func run() {
        while !isStopping {
            poller.wait(until: nextLook) { _ in }
            let changed = listen()
            let now = Clock.now()
            ports.board.stamp.mark(now)
            if now >= nextLook || !askers.isEmpty {
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
                setbacks.forget()
                if isHeldKnown { verdicts.assume(held.table, settings, overrides: overrides) }
                if kernel != nil {
                    prepareKernel()
                    keepMasquerade()
                }
            case .own(let services):
                setbacks.forget()
                ownership.adopt(services)
            case .confirm: heldBack = []
            case .look(let answer):
                setbacks.forget()
                askers.append(answer)
            case .plan(let settings, let answer): answer.give(preview(settings ?? self.settings))
            case .stop(let keepsSync):
                isStopping = true
                if !keepsSync { stopSync() }
            }
        }
        return !messages.isEmpty && !isStopping
    }
}
