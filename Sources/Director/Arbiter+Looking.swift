import Addresses
import Agreement
import Control
import Election
import Heartbeat
import Logging
import Settings

/// What time brings, and what people are told of it.
extension Arbiter {
    /// Who holds what, whether the peer's verdicts are known, and what lasts. Says when to come again.
    ///
    /// - Parameter hasNews: the heart has told of something, and may be about to show it on its board.
    mutating func look(_ now: Instant, hasNews: Bool) -> Instant {
        guard hasNews || now >= restsUntil else { return restsUntil }
        restsUntil = now + Self.rest
        let view = ports.heartBoard.current
        let isHeard = view.peerState == .heard
        let holders = view.groups.map { Holder($0, isPeerHeard: isHeard) }
        let isNew = !shared.isPlaced(holders, isPeerHeard: isHeard)
        let decisions = shared.place(holders, isPeerHeard: isHeard, now: now)
        carryOut(decisions, isNew ? .all : .latches([]), now)
        catchUp()
        askForAll(isHeard ? view.peerVerdictDigest : 0, now)
        let settled = shared.settledDisputes(now: now)
        tellTrackers(settled)
        tellHolds()
        let hasNewDisputes = tellDisputes(settled)
        // Who is held by the peer's word alone is let go by the peer's word.
        let due = consequences.deadline > now ? consequences.deadline : now + Self.patience
        let isWaiting = shared.hasDisputes || differsSince != nil || hasNewDisputes
        return hasNews ? now + Self.afterNews : isWaiting ? min(due, now + Self.patience) : due
    }

    /// - Parameter digest: what the peer says of its verdicts; 0: nothing.
    private mutating func askForAll(_ digest: UInt64, _ now: Instant) {
        guard digest != 0, !shared.isKnown(digest) else { return differsSince = nil }
        guard let since = differsSince else { return differsSince = now }
        guard now - since >= Self.patience else { return }
        differsSince = now
        ports.messenger.post(.send(.verdicts, VerdictMessage(part: .asksForAll).bytes))
    }

    private mutating func tellTrackers(_ settled: [Dispute]) {
        let found = shared.losses(settled)
        guard found.map(\.lost) != losses else { return }
        losses = found.map(\.lost)
        for (group, loss) in found.enumerated() {
            ports.trackers.post(.losses(group: group, lost: loss.lost, all: loss.all))
        }
    }

    // MARK: Telling people

    private mutating func tellHolds() {
        let holds = consequences.holds
        guard !holds.isEmpty || !toldHolds.isEmpty else { return }
        let new = holds.keys.filter { !toldHolds.contains($0) }.inNameOrder()
        let ended = toldHolds.filter { holds[$0] == nil }.inNameOrder()
        toldHolds = Set(holds.keys)
        for server in new.prefix(VerdictTale.longest) {
            let why = consequences.damping(of: server).map(\.why) ?? ""
            record("service \(server.service): server \(server.server) is held down: \(why)", server, "held", .warning)
        }
        for server in ended.prefix(VerdictTale.longest) {
            record("service \(server.service): server \(server.server) is held down no more", server, "let go")
        }
        for (count, what) in [(new.count, "are held down"), (ended.count, "are held down no more")]
        where count > VerdictTale.longest {
            record("\(count - VerdictTale.longest) servers more \(what)", nil, "held")
        }
    }

    /// Whether there was any of which nobody had been told.
    private mutating func tellDisputes(_ settled: [Dispute]) -> Bool {
        let new = settled.filter { !told.contains($0.server) }
        guard !new.isEmpty || !told.isEmpty else { return false }
        let ended = told.filter { !shared.isDisputed($0) }
        told.subtract(ended)
        told.formUnion(new.map(\.server))
        tell(new)
        tell(ended: ended.inNameOrder())
        return !new.isEmpty
    }

    private func tell(_ disputes: [Dispute]) {
        let byServer = Dictionary(uniqueKeysWithValues: disputes.map { ($0.server, $0) })
        for dispute in byServer.keys.inNameOrder().prefix(VerdictTale.longest).compactMap({ byServer[$0] }) {
            let own = "\(local) sees it \(words(dispute.own))"
            let theirs = "\(peer) sees it \(words(dispute.peer))"
            let server = "service \(dispute.server.service): server \(dispute.server.server)"
            record("\(server) is disputed: \(own), \(theirs)", dispute.server, "disputed", .warning)
        }
        let more = disputes.count - VerdictTale.longest
        if more > 0 { record("\(more) servers more are disputed", nil, "disputed", .warning) }
    }

    private func tell(ended: [ServerKey]) {
        for server in ended.prefix(VerdictTale.longest) {
            record("service \(server.service): server \(server.server) is not disputed any more", server, "agreed")
        }
        let more = ended.count - VerdictTale.longest
        if more > 0 { record("\(more) servers more are not disputed any more", nil, "agreed") }
    }

    private func record(_ sentence: String, _ server: ServerKey?, _ state: String, _ level: Logger.Level = .notice) {
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

extension Sequence<ServerKey> {
    /// Each name is made once: there may be thousands.
    fileprivate func inNameOrder() -> [ServerKey] {
        map { (name: "\($0)", server: $0) }.sorted { $0.name < $1.name }.map(\.server)
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
