import Addresses
import Agreement
import Checks
import Control
import Election
import Heartbeat
import Linux
import Logging
import Settings
import Synchronization

/// Brings this director's verdicts and the peer's together, and tells the balancer what follows.
///
/// It is called on the checker's loop, the messenger's thread and the scribe's. What it does with its lock held grows
/// with what has changed; only another holder, life of the peer or configuration makes it look at each server.
final class VerdictKeeper: Sendable {
    struct Ports: Sendable {
        var balancer: Mailbox<Balancer.Message>
        var heart: Mailbox<HeartMessage>
        var messenger: Mailbox<Messenger.Message>
        var trackers: Mailbox<Trackers.Message>
        var board: HeartBoard
        var journal: Journal
        /// Makes the scribe come and look.
        var wake: @Sendable () -> Void
    }

    struct State {
        var shared: SharedVerdicts
        var consequences: Consequences
        /// No look before that unless there is news.
        var restsUntil = Instant(nanoseconds: 0)
        /// The balancer's queue was full.
        var isBalancerBehind = false
        /// Since when what is known of the peer's verdicts is not what it says of them.
        var differsSince: Instant?
        var toldAllAt: Instant?
        /// Disputes that people know of.
        var told: Set<ServerKey> = []
        /// Servers of which people know that they are held down.
        var toldHolds: Set<ServerKey> = []
        /// What the trackers know.
        var losses: [Int] = []
    }

    // Implementation constants

    /// A change under way explains a difference for so long.
    static let patience = Duration.seconds(1)
    /// How soon after news the heart's board shows what they are about.
    static let afterNews = Duration.milliseconds(50)
    /// How long it is from one look to the next: a mass failure wakes the scribe with each batch of verdicts, and the
    /// checker waits for the lock meanwhile.
    static let rest = Duration.milliseconds(50)

    let ports: Ports
    let state: Mutex<State>
    let local: String
    let peer: String

    init(_ start: DirectorStart, ports: Ports) {
        self.ports = ports
        let consequences = Consequences(start.settings, present: start.present, now: Clock.now())
        state = Mutex(State(shared: SharedVerdicts(start.settings), consequences: consequences))
        local = start.local.name
        peer = start.peer.name
    }

    /// A copy.
    var current: SharedVerdicts { state.withLock { $0.shared } }

    /// A copy.
    var consequences: Consequences { state.withLock { $0.consequences } }

    /// To be called before the checker takes over the same configuration.
    func adopt(_ settings: Settings) {
        state.withLock { state in
            let before = state.shared.toldDigest
            let now = Clock.now()
            let decisions = state.shared.adopt(settings, now: now)
            state.consequences.adopt(settings, &state.shared)
            carryOut(decisions, .all, now, &state)
            if state.shared.toldDigest != before { tellAll(&state) }
        }
    }

    /// Somebody says that these servers are ready: those that are held down are let go.
    func release(_ servers: [ServerKey]) {
        state.withLock { state in
            let now = Clock.now()
            carryOut(state.consequences.release(servers, &state.shared, now: now), now, &state)
            ports.wake()
        }
    }

    /// What this director's checks have decided.
    func take(_ changes: [VerdictChange]) {
        state.withLock { state in
            let now = Clock.now()
            let views = changes.map { ($0.server, View(verdict: $0.verdict, since: $0.at)) }
            let decisions = state.shared.observe(views, now: now)
            // Before what follows from them: the peer is to come to the same with the same numbers.
            tell(state.shared.entries(changes.map(\.server), now: now), isEverything: false, &state)
            carryOut(decisions, .decisions, now, &state)
            if state.shared.hasDisputes || !state.consequences.holds.isEmpty { ports.wake() }
        }
    }

    /// What this director's agents and scripts said, of each server all of it.
    func take(_ said: [ServerKey: Advice]) {
        state.withLock { state in
            let now = Clock.now()
            carryOut(state.consequences.hear(said, &state.shared, now: now), now, &state)
        }
    }

    // MARK: The peer

    /// The stream begins anew: what was sent and not delivered is lost, and another life of the peer knows nothing.
    func peerBegan() {
        state.withLock { state in
            let now = Clock.now()
            carryOut(state.shared.forgetPeer(now: now), .all, now, &state)
            tellAll(&state)
            if state.consequences.deadline != .never { ports.wake() }
        }
    }

    /// A message of the peer's. What cannot be read changes nothing.
    func receive(_ bytes: [UInt8]) {
        guard let message = VerdictMessage(bytes) else { return }
        state.withLock { state in
            let now = Clock.now()
            let scope = state.shared.scope(of: message)
            let decisions = state.shared.hear(message, now: now)
            defer { if state.consequences.deadline != .never { ports.wake() } }
            if message.isOfWords {
                let marks = message.entries.lazy.map(\.mark)
                return carryOut(state.consequences.hear(wordsOf: marks, &state.shared, now: now), now, &state)
            }
            carryOut(decisions, scope, now, &state)
            if state.shared.hasDisputes { ports.wake() }
            guard message.part.contains(.asksForAll) else { return }
            if let last = state.toldAllAt, now - last < Self.patience { return }
            tellAll(&state)
        }
    }

    // With the lock held, so that nobody's older words come later.

    private func tellAll(_ state: inout State) {
        let now = Clock.now()
        state.toldAllAt = now
        tell(state.shared.entries(now: now), isEverything: true, &state)
    }

    private func tell(_ entries: [VerdictMessage.Entry], isEverything: Bool, _ state: inout State) {
        guard isEverything || !entries.isEmpty else { return }
        // What the stream has no room for shows in the digest, and is asked for.
        ports.heart.post(.verdicts(state.shared.toldDigest))
        for message in VerdictMessage.messages(entries, isEverything: isEverything) {
            ports.messenger.post(.send(.verdicts, message.bytes))
        }
    }

    private func carryOut(_ decisions: [Decision], _ scope: Scope, _ now: Instant, _ state: inout State) {
        let effects = state.consequences.follow(decisions, scope, &state.shared, now: now)
        carryOut(effects, now, &state)
    }

    private func carryOut(_ effects: Consequences.Effects, _ now: Instant, _ state: inout State) {
        if !effects.latches.isEmpty {
            tell(state.shared.entries(latches: effects.latches, now: now), isEverything: false, &state)
        }
        for change in effects.changes { ports.journal.record(change) }
        if !effects.advice.isEmpty {
            if !ports.balancer.post(.advice(effects.advice)) { state.isBalancerBehind = true }
        }
        guard !effects.decisions.isEmpty || effects.shortages != nil || effects.rises != nil else { return }
        let message = Balancer.Message.decisions(
            effects.decisions, shortages: effects.shortages, rises: effects.rises)
        if !ports.balancer.post(message) { state.isBalancerBehind = true }
    }
}

// MARK: What time brings

extension VerdictKeeper {
    /// Who holds what, whether the peer's verdicts are known, and what lasts. On the scribe's thread; says when to come
    /// again.
    ///
    /// - Parameter hasNews: the heart has told of something, and may be about to show it on its board.
    func look(_ now: Instant, hasNews: Bool) -> Instant {
        let restsUntil = state.withLock { $0.restsUntil }
        guard hasNews || now >= restsUntil else { return restsUntil }
        let view = ports.board.current
        let isHeard = view.peerState == .heard
        let (new, ended, isWaiting, deadline) = state.withLock { state in
            let holders = view.groups.map { Holder($0, isPeerHeard: isHeard) }
            state.restsUntil = now + Self.rest
            let isNew = !state.shared.isPlaced(holders, isPeerHeard: isHeard)
            let decisions = state.shared.place(holders, isPeerHeard: isHeard, now: now)
            carryOut(decisions, isNew ? .all : .latches([]), now, &state)
            if state.isBalancerBehind {
                let all = Balancer.Message.decisions(
                    state.consequences.decisions(state.shared), shortages: state.consequences.shortages,
                    rises: state.consequences.rises)
                let advice = Balancer.Message.allAdvice(state.consequences.advice)
                state.isBalancerBehind = !(ports.balancer.post(all) && ports.balancer.post(advice))
            }
            askForAll(isHeard ? view.peerVerdictDigest : 0, now, &state)
            let settled = state.shared.settledDisputes(now: now)
            tellTrackers(now, &state)
            tellHolds(&state)
            let (new, ended) = state.takeNews(settled)
            let isWaiting = state.shared.hasDisputes || state.differsSince != nil
            return (new, ended, isWaiting, state.consequences.deadline)
        }
        tell(new)
        tell(ended: ended)
        // Who is held by the peer's word alone is let go by the peer's word.
        let due = deadline > now ? deadline : now + Self.patience
        return hasNews ? now + Self.afterNews : isWaiting || !new.isEmpty ? min(due, now + Self.patience) : due
    }

    /// - Parameter digest: what the peer says of its verdicts; 0: nothing.
    private func askForAll(_ digest: UInt64, _ now: Instant, _ state: inout State) {
        guard digest != 0, !state.shared.isKnown(digest) else { return state.differsSince = nil }
        guard let since = state.differsSince else { return state.differsSince = now }
        guard now - since >= Self.patience else { return }
        state.differsSince = now
        ports.messenger.post(.send(.verdicts, VerdictMessage(part: .asksForAll).bytes))
    }

    private func tellTrackers(_ now: Instant, _ state: inout State) {
        let losses = state.shared.losses(now: now)
        guard losses.map(\.lost) != state.losses else { return }
        state.losses = losses.map(\.lost)
        for (group, loss) in losses.enumerated() {
            ports.trackers.post(.losses(group: group, lost: loss.lost, all: loss.all))
        }
    }

    // MARK: Telling people

    private func tellHolds(_ state: inout State) {
        let holds = state.consequences.holds
        guard !holds.isEmpty || !state.toldHolds.isEmpty else { return }
        let new = holds.keys.filter { !state.toldHolds.contains($0) }.sorted { "\($0)" < "\($1)" }
        let ended = state.toldHolds.filter { holds[$0] == nil }.sorted { "\($0)" < "\($1)" }
        state.toldHolds = Set(holds.keys)
        for server in new.prefix(VerdictTale.longest) {
            let why = state.consequences.damping(of: server).map(\.why) ?? ""
            record(
                "service \(server.service): server \(server.server) is held down: \(why)", server, "held",
                level: .warning)
        }
        for server in ended.prefix(VerdictTale.longest) {
            record("service \(server.service): server \(server.server) is held down no more", server, "let go")
        }
        for (count, what) in [(new.count, "are held down"), (ended.count, "are held down no more")]
        where count > VerdictTale.longest {
            record("\(count - VerdictTale.longest) servers more \(what)", nil, "held")
        }
    }

    private func tell(_ disputes: [Dispute]) {
        for dispute in disputes.prefix(VerdictTale.longest) {
            let own = "\(local) sees it \(words(dispute.own))"
            let theirs = "\(peer) sees it \(words(dispute.peer))"
            let server = "service \(dispute.server.service): server \(dispute.server.server)"
            record("\(server) is disputed: \(own), \(theirs)", dispute.server, "disputed", level: .warning)
        }
        if disputes.count > VerdictTale.longest {
            let more = disputes.count - VerdictTale.longest
            record("\(more) servers more are disputed", nil, "disputed", level: .warning)
        }
    }

    private func tell(ended: [ServerKey]) {
        for server in ended.prefix(VerdictTale.longest) {
            record("service \(server.service): server \(server.server) is not disputed any more", server, "agreed")
        }
        if ended.count > VerdictTale.longest {
            record("\(ended.count - VerdictTale.longest) servers more are not disputed any more", nil, "agreed")
        }
    }

    private func record(_ sentence: String, _ server: ServerKey?, _ state: String, level: Logger.Level = .notice) {
        ports.journal.record(.verdict, sentence, level: level) { event in
            event.service = server?.service
            event.server = server.map { "\($0.server)" }
            event.to = state
        }
    }

    private func words(_ view: View) -> String {
        switch view.verdict {
        case .up: "up"
        case .down(let failure): "down (\(failure))"
        }
    }

    private func words(_ view: PeerView) -> String {
        view.isUp ? "up" : "down" + (view.reason.map { " (\($0))" } ?? "")
    }
}

extension VerdictKeeper.State {
    /// Which disputes nobody has been told of, and which are over.
    fileprivate mutating func takeNews(_ settled: [Dispute]) -> (new: [Dispute], ended: [ServerKey]) {
        let new = settled.filter { !told.contains($0.server) }
        guard !new.isEmpty || !told.isEmpty else { return ([], []) }
        let standing = Set(shared.disputes.map(\.server))
        let ended = told.subtracting(standing).sorted { "\($0)" < "\($1)" }
        told = told.intersection(standing).union(new.map(\.server))
        return (new.sorted { "\($0.server)" < "\($1.server)" }, ended)
    }
}

extension Holder {
    fileprivate init(_ group: HeartBoard.GroupView, isPeerHeard: Bool) {
        if group.role.holds {
            self = .own
        } else if isPeerHeard, group.peer?.role.holds == true {
            self = .peer
        } else {
            self = .nobody
        }
    }
}
