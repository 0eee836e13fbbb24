import Addresses
import Election
import Linux
import Netlink
import Settings

/// Carries out what the heart orders: addresses, announcements, leases. Each of its calls may wait for the kernel's
/// RTNL lock, which is why it is not the heart.
struct Hand: ~Copyable {
    struct Ports: Sendable {
        var inbox: Mailbox<HandMessage>
        var heart: Mailbox<HeartMessage>
        var heartBoard: HeartBoard
        var board: HandBoard
        var crier: CrierLine
        var balancerBoard: BalancerBoard
        var withdrawals: WithdrawalBoard
        /// In a sentence: addresses of a group are withdrawn, for want of servers of these services, or, with none of
        /// them, held again.
        var withdrawn: @Sendable (_ group: Int, _ sentence: String, _ services: [String]) -> Void
        /// A warning for the log and the events.
        var say: @Sendable (String) -> Void
        /// A sentence for the log alone.
        var inform: @Sendable (String) -> Void
    }

    let ports: Ports
    var groups: [HandGroup]
    let peers: [PathSettings]
    let sysctl: SysctlPolicy
    let takeoverTime: Duration
    var route: RouteSocket
    var events: RouteEvents
    var packets: PacketSocket
    var poller: Poller
    var messages: [HandMessage] = []
    var frame = [UInt8](repeating: 0, count: AnnouncementFrames.longest)
    var frames = FrameBatch()
    var nextSurvey = Instant(nanoseconds: 0)
    var nextRenewal = Instant.never
    var renewal: Renewal?
    /// When the log was told last of addresses that somebody removed.
    var removalsTold = Instant(nanoseconds: 0)
    /// Whether the heart went round within a takeover time. If not, nobody knows who is active: what is held here is
    /// neither renewed nor put back nor announced.
    var isHeartAlive = true
    /// Of the withdrawals that were carried out last.
    var heeded: UInt64 = 0
    /// Interfaces whose switches were looked at.
    var prepared: Set<String> = []

    init(settings: Settings, director: Int, paths: [PathSettings], ports: Ports) throws {
        let route = try RouteSocket()
        let events = try RouteEvents()
        let packets = try PacketSocket()
        // A director that renews thousands of leases would hear of each.
        _ = PacketFilter.noNewAddresses.attach(to: events.fileDescriptor)
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        try poller.watch(events.fileDescriptor, mark: 1)
        let own = settings.pair.directors[director]
        groups = settings.groups.map { HandGroup($0, of: own, hasServices: settings.hasServices($0)) }
        peers = paths
        sysctl = settings.pair.sysctl
        takeoverTime = settings.pair.timing.takeoverTime
        self.ports = ports
        self.route = route
        self.events = events
        self.packets = packets
        self.poller = poller
    }

    /// Seconds: longer than two takeover times, and at least 2.
    var lease: UInt32 { UInt32(clamping: ElectionSettings.lease(takeoverTime: takeoverTime).components.seconds) }

    /// How long a moved address stays on lo.
    static var loopbackLease: UInt32 { 2 }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: deadline) { _ in }
            // Before the orders are read: a heart that was alive by then has posted everything that it decided.
            isHeartAlive = Clock.now() - ports.heartBoard.lastRound < takeoverTime
            obey()
            notice()
            let now = Clock.now()
            if now >= nextSurvey { survey(now) }
            renewDue(now)
            announceDue(now)
            ports.board.mark(now)
        }
    }

    private var deadline: Instant {
        if renewal != nil { return Instant(nanoseconds: 0) }
        return groups.reduce(min(nextSurvey, nextRenewal)) { deadline, group in
            group.place == .here ? min(deadline, group.nextAnnouncement) : deadline
        }
    }

    private mutating func obey() {
        ports.inbox.drain(into: &messages)
        // Before a claim: what is withdrawn is not to appear in it.
        heedWithdrawals()
        for message in messages {
            switch message {
            case .order(let order):
                let succeeded = carryOut(order)
                ports.heart.post(.handReported(HandReport(order: order, succeeded: succeeded)))
            case .neighbour(let mac, let path): hold(mac, of: path)
            }
        }
    }

    private mutating func carryOut(_ order: HandOrder) -> Bool {
        switch order.task {
        case .claim: claim(order.group)
        case .move: move(order.group)
        case .release: release(order.group)
        case .announce: restartAnnouncing(order.group)
        case .probe: probe(order.group)
        case .topUp: topUp(order.group)
        }
    }
}
