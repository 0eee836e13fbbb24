import Addresses
import Agreement
import Checks
import Linux
import Settings

/// Brings this director's verdicts and the peer's together, and tells the balancer what follows.
///
/// A thread of its own: nobody who checks, hears the peer or writes the log waits while it looks at thousands of
/// servers. What it does grows with what has changed; only another holder, life of the peer or configuration makes it
/// look at each server.
struct Arbiter: ~Copyable {
    enum Message: Sendable {
        /// To be posted before the checker takes over the same configuration.
        case adopt(Settings)
        /// Somebody says that these servers are ready: those that are held down are let go.
        case release([ServerKey])
        /// The stream begins anew: what was sent and not delivered is lost, and another life of the peer knows nothing.
        case peerBegan
        /// A message of the peer's. What cannot be read changes nothing.
        case peerSays([UInt8])
        /// The heart has told of something, and may be about to show it on its board.
        case news
        /// Addresses on which these services listen are withdrawn, or, with none of them, held again: for somebody who
        /// says it with the reason.
        case sayWhy([String], @Sendable (_ reason: String?) -> Void)
        /// What is known and what follows, for somebody who shows it.
        case report(Answer<Report>)
    }

    struct Report: Sendable {
        var shared: SharedVerdicts
        var consequences: Consequences

        init(_ shared: SharedVerdicts, _ consequences: Consequences) {
            (self.shared, self.consequences) = (shared, consequences)
        }
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        /// What the checker says, beside the inbox.
        var line: ArbiterLine
        var balancer: Mailbox<Balancer.Message>
        var heart: Mailbox<HeartMessage>
        var messenger: Mailbox<Messenger.Message>
        var trackers: Mailbox<Trackers.Message>
        var heartBoard: HeartBoard
        var journal: Journal
        var stamp: Stamp
    }

    // Implementation constants

    /// A change under way explains a difference for so long.
    static var patience: Duration { .seconds(1) }
    /// How soon after news the heart's board shows what they are about.
    static var afterNews: Duration { .milliseconds(50) }
    /// How long it is from one look to the next: in a mass failure there would be one for each batch of verdicts.
    static var rest: Duration { .milliseconds(50) }
    /// How often it says that it lives.
    static var period: Duration { .seconds(5) }

    let ports: Ports
    let local: String
    let peer: String
    var shared: SharedVerdicts
    var consequences: Consequences
    /// No look before that unless there is news.
    var restsUntil = Instant(nanoseconds: 0)
    /// The balancer's queue was full.
    private var isBalancerBehind = false
    /// Since when what is known of the peer's verdicts is not what it says of them.
    var differsSince: Instant?
    private var toldAllAt: Instant?
    /// Disputes that people know of.
    var told: Set<ServerKey> = []
    /// Servers of which people know that they are held down.
    var toldHolds: Set<ServerKey> = []
    /// What the trackers know.
    var losses: [Int] = []
    private var poller: Poller
    private var messages: [Message] = []

    init(_ start: DirectorStart, _ consequences: Consequences, ports: Ports) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        self.ports = ports
        self.consequences = consequences
        self.poller = poller
        shared = SharedVerdicts(start.settings)
        local = start.local.name
        peer = start.peer.name
    }

    /// Works for as long as the process lives.
    consuming func run() {
        var next = Clock.now()
        while true {
            poller.wait(until: min(next, Clock.now() + Self.period)) { _ in }
            ports.stamp.mark(Clock.now())
            next = look(Clock.now(), hasNews: listen())
        }
    }

    /// Whether the heart had news.
    private mutating func listen() -> Bool {
        // Emptied before the inbox: what was checked under a configuration finds that in force.
        let batch = ports.line.take()
        var hasNews = false
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .adopt(let settings): adopt(settings)
            case .release(let servers):
                let now = Clock.now()
                carryOut(consequences.release(servers, &shared, now: now), now)
            case .peerBegan:
                let now = Clock.now()
                carryOut(shared.forgetPeer(now: now), .all, now)
                tellAll()
            case .peerSays(let bytes): receive(bytes)
            case .news: hasNews = true
            case .sayWhy(let services, let say): say(services.isEmpty ? nil : consequences.lack(of: services))
            case .report(let answer): answer.give(Report(shared, consequences))
            }
        }
        if !batch.isEmpty { take(batch) }
        return hasNews
    }

    private mutating func adopt(_ settings: Settings) {
        let before = shared.toldDigest
        let now = Clock.now()
        let decisions = shared.adopt(settings, now: now)
        consequences.adopt(settings, &shared)
        carryOut(decisions, .all, now)
        if shared.toldDigest != before { tellAll() }
    }

    /// What this director's checks have decided, and its agents and scripts said.
    private mutating func take(_ batch: ArbiterLine.Batch) {
        let now = Clock.now()
        if !batch.verdicts.isEmpty {
            let views = batch.verdicts.map { ($0.server, View(verdict: $0.verdict, since: $0.at)) }
            let decisions = shared.observe(views, now: now)
            // Before what follows from them: the peer is to come to the same with the same numbers.
            tell(shared.entries(batch.verdicts.map(\.server), now: now), isEverything: false)
            carryOut(decisions, .decisions, now)
        }
        if !batch.advice.isEmpty { carryOut(consequences.hear(batch.advice, &shared, now: now), now) }
    }

    private mutating func receive(_ bytes: [UInt8]) {
        guard let message = VerdictMessage(bytes) else { return }
        let now = Clock.now()
        let scope = shared.scope(of: message)
        let decisions = shared.hear(message, now: now)
        if message.isOfWords {
            let marks = message.entries.lazy.map(\.mark)
            return carryOut(consequences.hear(wordsOf: marks, &shared, now: now), now)
        }
        carryOut(decisions, scope, now)
        guard message.part.contains(.asksForAll) else { return }
        if let last = toldAllAt, now - last < Self.patience { return }
        tellAll()
    }

    private mutating func tellAll() {
        let now = Clock.now()
        toldAllAt = now
        tell(shared.entries(now: now), isEverything: true)
    }

    private func tell(_ entries: [VerdictMessage.Entry], isEverything: Bool) {
        guard isEverything || !entries.isEmpty else { return }
        // What the stream has no room for shows in the digest, and is asked for.
        ports.heart.post(.verdicts(shared.toldDigest))
        for message in VerdictMessage.messages(entries, isEverything: isEverything) {
            ports.messenger.post(.send(.verdicts, message.bytes))
        }
    }

    mutating func carryOut(_ decisions: [Decision], _ scope: Scope, _ now: Instant) {
        carryOut(consequences.follow(decisions, scope, &shared, now: now), now)
    }

    private mutating func carryOut(_ effects: Consequences.Effects, _ now: Instant) {
        if !effects.latches.isEmpty {
            tell(shared.entries(latches: effects.latches, now: now), isEverything: false)
        }
        if !effects.advice.isEmpty, !ports.balancer.post(.advice(effects.advice)) { isBalancerBehind = true }
        if !effects.decisions.isEmpty || !effects.shortages.isEmpty || !effects.rises.isEmpty {
            let message = Balancer.Message.decisions(
                effects.decisions, shortages: effects.shortages, rises: effects.rises)
            if !ports.balancer.post(message) { isBalancerBehind = true }
        }
        // The table goes before the log.
        for change in effects.changes { ports.journal.record(change) }
    }

    mutating func catchUp() {
        guard isBalancerBehind else { return }
        let all = Balancer.Message.everything(
            consequences.decisions(shared), shortages: consequences.shortages, rises: consequences.rises,
            advice: consequences.advice)
        isBalancerBehind = !ports.balancer.post(all)
    }
}
