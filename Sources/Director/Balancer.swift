package import Addresses
package import Agreement
package import Balancing
import Linux
package import Netlink
package import Settings

/// Keeps the kernel's table what it should be: verdicts, reloads and drift all end in the same plan.
///
/// A thread of its own, because netlink may wait for kernel locks.
package struct Balancer: ~Copyable {
    package enum Message: Sendable {
        /// With what services lack since then, or no more, and with the servers that came back since then, or went
        /// down again: one without the other would be a table that nobody wants.
        case decisions([Decision], shortages: [String: Shortage?] = [:], rises: [ServerKey: Rise?] = [:])
        case advice([ServerKey: Advice])
        /// The same, all of it, in the place of what was said before.
        case everything(
            [Decision], shortages: [String: Shortage], rises: [ServerKey: Rise], advice: [ServerKey: Advice])
        case adopt(Settings)
        case override(Overrides)
        /// Takes over services that somebody else wrote.
        case own([ServiceIdentity])
        /// Removes what was held back.
        case confirm
        /// Reads the kernel's table back at once, and tries again whatever was refused.
        case look(Answer<Repair>)
        /// What these settings would change in the kernel; absent: those in force.
        case plan(Settings?, Answer<Result<Preview, NetlinkError>>)
        /// Ends the thread, and the sync daemons if nobody follows; the table stays: what is connected lives on.
        case stop(keepsSync: Bool)
    }

    package struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var heart: Mailbox<HeartMessage>
        var board: BalancerBoard
        var kernel: Kernel
        var say: @Sendable (String) -> Void
        /// A sentence for the log alone.
        var inform: @Sendable (String) -> Void
        /// What happened to the kernel's table, and the service that it is about.
        var tell: @Sendable (String, String?) -> Void
        /// The virtual addresses that are withdrawn, and the services that want it so.
        var withdraw: @Sendable ([IPAddress: [String]]) -> Void
        /// A server that is looked on at sends nothing back, or does again.
        var notice: @Sendable (SilenceChange) -> Void
        var stopped: @Sendable () -> Void

        package init(
            inbox: Mailbox<Message>, heart: Mailbox<HeartMessage>, board: BalancerBoard, kernel: Kernel = Kernel(),
            say: @escaping @Sendable (String) -> Void, inform: @escaping @Sendable (String) -> Void,
            tell: @escaping @Sendable (String, String?) -> Void,
            withdraw: @escaping @Sendable ([IPAddress: [String]]) -> Void = { _ in },
            notice: @escaping @Sendable (SilenceChange) -> Void = { _ in },
            stopped: @escaping @Sendable () -> Void
        ) {
            self.inbox = inbox
            self.heart = heart
            self.board = board
            self.kernel = kernel
            self.say = say
            self.inform = inform
            self.tell = tell
            self.withdraw = withdraw
            self.notice = notice
            self.stopped = stopped
        }
    }

    /// How ip_vs is reached.
    package struct Kernel: Sendable {
        var open: @Sendable () throws(NetlinkError) -> IPVSSocket
        var load: @Sendable () throws(NetlinkError) -> Void

        /// That of this machine, in this thread's network namespace.
        package init() {
            open = { () throws(NetlinkError) -> IPVSSocket in try IPVSSocket() }
            load = { () throws(NetlinkError) -> Void in try KernelModule.ipvs.load() }
        }

        /// One that somebody plays.
        package init(
            open: @escaping @Sendable () throws(NetlinkError) -> IPVSSocket,
            load: @escaping @Sendable () throws(NetlinkError) -> Void
        ) {
            self.open = open
            self.load = load
        }
    }

    // Implementation constants

    static var newness: Duration { .seconds(30) }
    /// How soon a kernel that cannot be asked, or has no ip_vs, is asked again.
    static var retryPeriod: Duration { .seconds(2) }
    /// How many services are named of those that somebody else changed, and how many refusals are.
    static var driftLimit: Int { 10 }
    static var repairedLimit: Int { 100 }
    static var failureLimit: Int { 10 }
    private static var longestRest: Duration { .milliseconds(100) }

    let ports: Ports
    let director: Int
    var settings: Settings
    /// Of the settings; absent: not made yet, for the kernel's table goes first.
    var configurationDigest: UInt64?
    var verdicts = Verdicts()
    var overrides: Overrides
    /// Of servers whose agents spoke.
    var advice: [ServerKey: Advice] = [:]
    /// Of services that lack their quorum.
    var shortages: [String: Shortage] = [:]
    /// Whether what follows from them for addresses was not told yet.
    private var isWithdrawalStale = false
    /// Of servers that came back, what of their weight they have, and when that is next looked at.
    var rises: [ServerKey: Rise] = [:]
    var shares: [ServerKey: WeightShare] = [:]
    var nextStep = Instant.never
    /// What follows from all that, absent if one of them has changed since; and its digest, once needed.
    var wanted: (table: Table, digest: UInt64?)?
    /// Services that are to be made anew in it.
    var stale: Set<String> = []
    /// Something was said that the kernel's table does not have yet.
    private var isBehind = false
    /// No plan before that.
    private var restsUntil = Instant(nanoseconds: 0)
    var ownership: Ownership
    var ownershipFile: OwnershipFile
    /// Ours, and not removed although the configuration has them no more: an earlier life left them, and they are too
    /// many. Nothing is held back any more once that is judged, and confirmed.
    var heldBack: Set<ServiceIdentity>?
    var kernel: IPVSSocket?
    /// Whether its switches were looked at since it was reached and since the settings changed.
    var isPrepared = false
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
    /// Why the kernel's timeouts are not what they should be, and which they were made.
    var timeoutProblem: NetlinkError?
    var keptTimeouts: TimeoutSettings?
    var masquerader = Masquerader()
    /// Servers that are looked on at, and what came of it.
    var watched: [(key: ServerKey, passive: PassiveSettings, places: [Place])]
    var passive = PassiveWatch()
    /// Of the sync daemons' interface.
    var syncIndex: UInt32?
    /// Until when the kernel is looked at more often: who just came is waited for.
    var isNewUntil = Instant(nanoseconds: 0)
    var nextLook = Instant(nanoseconds: 0)
    private var poller: Poller
    private var messages: [Message] = []
    private var isStopping = false

    package init(
        settings: Settings, director: Int, overrides: Overrides, shortages: [String: Shortage] = [:],
        state: OwnershipFile, ports: Ports
    ) throws {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        self.ports = ports
        self.director = director
        self.settings = settings
        watched = Self.watched(settings)
        self.overrides = overrides
        self.shortages = shortages
        self.poller = poller
        ownershipFile = state
        let (services, warning) = ownershipFile.restore()
        ownership = Ownership(services)
        if let warning { ports.say(warning) }
    }

    package consuming func run() {
        while !isStopping {
            poller.wait(until: min(nextLook, nextStep, isBehind ? restsUntil : .never)) { _ in }
            isBehind = listen() || isBehind
            let now = Clock.now()
            ports.board.stamp.mark(now)
            if now >= nextStep, !isStopping {
                climb(now)
                isBehind = true
            }
            if now >= nextLook || !askers.isEmpty {
                isBehind = false
                look(now)
            } else if isBehind, now >= restsUntil {
                isBehind = false
                converge(now)
                rest(since: now)
            }
            withdraw()
            if kernel != nil, !isPrepared, !isStopping { prepareKernel() }
        }
        ports.stopped()
    }

    /// After the table, whatever the kernel says to that.
    private mutating func withdraw() {
        guard isWithdrawalStale, !isBehind else { return }
        isWithdrawalStale = false
        ports.withdraw(settings.withdrawals(shortages))
    }

    /// In a mass failure verdicts come faster than plans are made: for as long as the last one took, what comes is
    /// left for the next.
    private mutating func rest(since start: Instant) {
        let now = Clock.now()
        restsUntil = now + min(now - start, Self.longestRest)
    }

    private mutating func take(_ decisions: [Decision]) {
        for decision in decisions where verdicts[decision.server] != decision.isUp {
            verdicts[decision.server] = decision.isUp
            stale.insert(decision.server.service)
        }
    }

    private mutating func lack(_ shortage: Shortage?, _ service: String) {
        if shortages[service] == .withdrawn || shortage == .withdrawn { isWithdrawalStale = true }
        shortages[service] = shortage
        stale.insert(service)
    }

    /// Everything that waits is taken at once: many verdicts make one plan.
    private mutating func listen() -> Bool {
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .decisions(let decisions, let shortages, let rises):
                take(decisions)
                for (service, shortage) in shortages { lack(shortage, service) }
                if !rises.isEmpty { rise(rises, Clock.now()) }
            case .advice(let changes):
                for (server, said) in changes { advice[server] = said == Advice() ? nil : said }
                wanted = nil
            case .everything(let decisions, let shortages, let rises, let advice):
                take(decisions)
                (self.shortages, self.rises, self.advice) = (shortages, rises, advice)
                wanted = nil
                isWithdrawalStale = true
                climb(Clock.now())
            case .override(let overrides):
                self.overrides = overrides
                wanted = nil
            case .adopt(let settings):
                self.settings = settings
                isWithdrawalStale = true
                watched = Self.watched(settings)
                configurationDigest = nil
                wanted = nil
                setbacks.forget()
                verdicts.forgetUnchecked(settings)
                if isHeldKnown { verdicts.assume(held.table, settings, overrides: overrides) }
                isPrepared = false
                if kernel != nil { keepMasquerade() }
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
        return !messages.allSatisfy(\.isQuestion) && !isStopping
    }
}

extension Balancer.Message {
    /// Whether it leaves the table as it is: a plan for somebody who asks is no reason to make and carry out another.
    fileprivate var isQuestion: Bool {
        if case .plan = self { true } else { false }
    }
}
