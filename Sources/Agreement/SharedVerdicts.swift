package import Addresses
package import Settings

/// What both directors think of the servers, and what follows from it for both tables.
///
/// A server that the holder of its group sees down gets no new connections, in either table; one that only the other
/// director sees down stays in. Where one of the two has no view of its own yet, the other's counts; where the peer is
/// not heard, this director's does. Of servers that are not checked nothing is thought.
package struct SharedVerdicts: Sendable {
    /// A server of the configuration.
    struct Place: Sendable {
        /// What it is called between the directors, whose configurations may differ for a while.
        var mark: UInt64
        var policy: VerdictPolicy
        /// Absent: no group's address is listened on.
        var group: Int?
        /// How long the directors may differ before it is more than one having looked earlier.
        var patience: Duration
    }

    // Implementation constant: from a lasting dispute until the fitter director has the group
    // (`GroupElection.fitterFor`), in most cases.
    package static let handoverTime = Duration.seconds(10)

    /// More of the peer's verdicts are not kept.
    package static let mostServers = 100_000

    private(set) var places: [ServerKey: Place] = [:]
    private var keys: [UInt64: ServerKey] = [:]
    private var own: [ServerKey: View] = [:]
    private var peer: [UInt64: PeerView] = [:]
    /// What has come of a list of everything, until its end comes.
    private var staged: [UInt64: PeerView]?
    private var decided: [ServerKey: Bool] = [:]
    /// What this director remembers besides, by mark.
    private var latches: [UInt64: Latch] = [:]
    /// Since when the directors differ.
    private var disputed: [ServerKey: Instant] = [:]
    /// No dispute has lasted before that: in a mass failure thousands begin and end, and none is worth a walk.
    private var firstLasting = Instant.never
    private var holders: [Holder] = []
    /// For each group, how many of its servers are checked.
    private var totals: [Int] = []
    private(set) var isPeerHeard = false

    /// Of this director's verdicts, and of what is known of the peer's.
    package private(set) var ownDigest: UInt64 = 0
    package private(set) var peerDigest: UInt64 = 0
    /// Of the words that go with latches, and of the peer's.
    private(set) var ownWordDigest: UInt64 = 0
    private(set) var peerWordDigest: UInt64 = 0
    /// An earlier version tells no words, and its digests do without them.
    private var tellsPeerWords = false

    package init(_ settings: Settings) {
        holders = Array(repeating: .nobody, count: settings.groups.count)
        take(settings)
    }

    /// A configuration that takes the place of the one in force. What changes for servers that are still there.
    package mutating func adopt(_ settings: Settings, now: Instant) -> [Decision] {
        take(settings)
        own = own.filter { places[$0.key] != nil }
        decided = decided.filter { places[$0.key] != nil }
        disputed = disputed.filter { places[$0.key] != nil }
        firstLasting = disputed.reduce(.never) { first, entry in
            places[entry.key].map { min(first, entry.value + $0.patience) } ?? first
        }
        ownDigest = own.reduce(0) { sum, entry in
            sum &+ (places[entry.key].map { Self.digest($0.mark, isUp: entry.value.verdict.isUp) } ?? 0)
        }
        ownDigest = latches.reduce(ownDigest) { $0 &+ Self.digest($1.key, isUp: $1.value.isOn) }
        ownWordDigest = latches.reduce(0) { $0 &+ Self.digest($1.key, word: $1.value.word) }
        return decide(places.keys, now)
    }

    private mutating func take(_ settings: Settings) {
        let count = settings.services.reduce(0) { $0 + $1.servers.count }
        places = Dictionary(minimumCapacity: count)
        own.reserveCapacity(count)
        decided.reserveCapacity(count)
        keys = Dictionary(minimumCapacity: count)
        totals = Array(repeating: 0, count: settings.groups.count)
        for service in settings.services {
            let group = settings.groups.firstIndex { $0.name == service.group }
            let common = service.check.patience
            for server in service.everyServer where service.isChecked(server) {
                let patience = server.check?.patience ?? common
                let key = ServerKey(service: service.name, server: server.endpoint)
                let mark = textDigest("\(server.endpoint) of \(service.name)")
                places[key] = Place(mark: mark, policy: service.verdicts, group: group, patience: patience)
                keys[mark] = key
            }
        }
        for place in places.values { if let group = place.group { totals[group] += 1 } }
    }

    /// This director's own checks have decided. Servers that the configuration has no more are passed over.
    package mutating func observe(_ views: [(server: ServerKey, view: View)], now: Instant) -> [Decision] {
        var changed: [ServerKey] = []
        changed.reserveCapacity(views.count)
        for (server, view) in views {
            guard let place = places[server] else { continue }
            if let old = own.updateValue(view, forKey: server) {
                ownDigest &-= Self.digest(place.mark, isUp: old.verdict.isUp)
            }
            ownDigest &+= Self.digest(place.mark, isUp: view.verdict.isUp)
            changed.append(server)
        }
        return decide(changed, now)
    }

    /// The peer tells of its verdicts, all of them or those that changed.
    package mutating func hear(_ message: VerdictMessage, now: Instant) -> [Decision] {
        if message.part.contains(.first) { staged = [:] }
        if message.entries.contains(where: { $0.word != nil }) { tellsPeerWords = true }
        guard staged == nil else {
            for entry in message.entries where staged?.count ?? 0 < Self.mostServers {
                staged?[entry.mark] = entry.view(now: now)
            }
            return message.part.contains(.last) ? replacePeer(now) : []
        }
        for entry in message.entries {
            let view = peer.count < Self.mostServers || peer[entry.mark] != nil ? entry.view(now: now) : nil
            if let old = peer[entry.mark] {
                peerDigest &-= Self.digest(entry.mark, isUp: old.isUp)
                peerWordDigest &-= Self.digest(entry.mark, word: old.word)
            }
            if let view {
                peerDigest &+= Self.digest(entry.mark, isUp: view.isUp)
                peerWordDigest &+= Self.digest(entry.mark, word: view.word)
            }
            peer[entry.mark] = view
        }
        return decide(message.entries.compactMap { keys[$0.mark] }, now)
    }

    private mutating func replacePeer(_ now: Instant) -> [Decision] {
        peer = staged ?? [:]
        staged = nil
        peerDigest = peer.reduce(0) { $0 &+ Self.digest($1.key, isUp: $1.value.isUp) }
        peerWordDigest = peer.reduce(0) { $0 &+ Self.digest($1.key, word: $1.value.word) }
        return decide(places.keys, now)
    }

    /// Another life of the peer: what the last one thought is of no use.
    package mutating func forgetPeer(now: Instant) -> [Decision] {
        staged = [:]
        tellsPeerWords = false
        return replacePeer(now)
    }

    /// Who holds the groups, and whether the peer is heard. Groups about which nothing is said have no holder.
    package mutating func place(_ said: [Holder], isPeerHeard: Bool, now: Instant) -> [Decision] {
        guard !isPlaced(said, isPeerHeard: isPeerHeard) else { return [] }
        holders = whole(said)
        self.isPeerHeard = isPeerHeard
        return decide(places.keys, now)
    }

    /// Whether that is what was said last.
    package func isPlaced(_ said: [Holder], isPeerHeard: Bool) -> Bool {
        isPeerHeard == self.isPeerHeard && whole(said) == holders
    }

    private func whole(_ said: [Holder]) -> [Holder] {
        holders.indices.map { said.indices.contains($0) ? said[$0] : .nobody }
    }

    // MARK: What is remembered

    /// Whether that made a difference.
    mutating func remember(_ isOn: Bool, as mark: UInt64, now: Instant) -> Bool {
        let old = latches[mark]
        guard old?.isOn != isOn else { return false }
        if let old { ownDigest &-= Self.digest(mark, isUp: old.isOn) }
        ownDigest &+= Self.digest(mark, isUp: isOn)
        latches[mark] = Latch(isOn: isOn, since: now)
        return true
    }

    /// The same of a word, with a latch that is on for as long as there is one.
    mutating func remember(word: UInt32, as mark: UInt64, now: Instant) -> Bool {
        let old = latches[mark]
        guard old?.word != word else { return false }
        if old == nil { ownDigest &+= Self.digest(mark, isUp: true) }
        ownWordDigest &+= Self.digest(mark, word: word) &- Self.digest(mark, word: old?.word)
        latches[mark] = Latch(isOn: true, since: now, word: word)
        return true
    }

    mutating func forgetLatches(except marks: Set<UInt64>) {
        for (mark, latch) in latches where !marks.contains(mark) {
            ownDigest &-= Self.digest(mark, isUp: latch.isOn)
            ownWordDigest &-= Self.digest(mark, word: latch.word)
            latches[mark] = nil
        }
    }

    func latch(_ mark: UInt64) -> Latch? { latches[mark] }

    func peerLatch(_ mark: UInt64) -> Latch? {
        peer[mark].map { Latch(isOn: $0.isUp, since: $0.since, word: $0.word) }
    }

    /// - Parameter group: absent: none.
    func holder(of group: Int?) -> Holder { group.map { holders[$0] } ?? .nobody }

    // MARK: What follows

    private mutating func decide(_ servers: some Sequence<ServerKey>, _ now: Instant) -> [Decision] {
        var decisions: [Decision] = []
        for server in servers {
            guard let place = places[server] else { continue }
            let (mine, theirs) = (own[server]?.verdict.isUp, peer[place.mark]?.isUp)
            let differ = isPeerHeard && mine != nil && theirs != nil && mine != theirs
            if differ || hasDisputes { dispute(server, place, differ, now) }
            guard let isUp = differ ? judge(place, mine) : mine ?? theirs, decided[server] != isUp else { continue }
            decided[server] = isUp
            decisions.append(Decision(server: server, isUp: isUp))
        }
        return decisions
    }

    private mutating func dispute(_ server: ServerKey, _ place: Place, _ differ: Bool, _ now: Instant) {
        if !differ {
            disputed[server] = nil
            if disputed.isEmpty { firstLasting = .never }
        } else if disputed[server] == nil {
            disputed[server] = now
            firstLasting = min(firstLasting, now + place.patience)
        }
    }

    /// Of a server that one of the two sees up, and the other down.
    private func judge(_ place: Place, _ mine: Bool?) -> Bool? {
        switch place.policy {
        case .both: return true
        case .any: return false
        case .holder:
            switch holder(of: place.group) {
            case .own: return mine
            case .peer: return mine.map { !$0 }
            case .nobody: return true
            }
        }
    }

    private static func digest(_ mark: UInt64, isUp: Bool) -> UInt64 {
        mixed(mark ^ (isUp ? 0x9E37_79B9_7F4A_7C15 : 0))
    }

    /// 0: there is no word.
    private static func digest(_ mark: UInt64, word: UInt32?) -> UInt64 {
        word.map { mixed(mixed(mark) ^ UInt64($0)) } ?? 0
    }

    /// The finalizer of SplitMix64: sums of marks as they are would be equal where two verdicts are exchanged.
    private static func mixed(_ mark: UInt64) -> UInt64 {
        var word = mark
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

extension SharedVerdicts {
    package func peerView(of server: ServerKey) -> PeerView? { places[server].flatMap { peer[$0.mark] } }

    /// Whether a list of all of the peer's verdicts is coming.
    var isStaging: Bool { staged != nil }

    func isServer(_ mark: UInt64) -> Bool { keys[mark] != nil }

    /// nil: neither director knows anything.
    package func decision(on server: ServerKey) -> Bool? { decided[server] }

    package func isDisputed(_ server: ServerKey) -> Bool { disputed[server] != nil }

    /// All of them, in no order.
    package var decisions: [Decision] { decided.map { Decision(server: $0, isUp: $1) } }

    package var hasDisputes: Bool { !disputed.isEmpty }

    /// Until when a server that counts as down, and is up for the director that does not hold the group, may bring that
    /// one the group: trackers lower the holder's fitness once the dispute has lasted, and the election takes its time.
    /// Absent: it is down for both.
    func contested(_ server: ServerKey) -> Instant? {
        guard let since = disputed[server], let place = places[server], place.policy == .holder else { return nil }
        return since + place.patience + Self.handoverTime
    }

    /// Servers that the directors see differently now, in no order.
    package var disputes: [Dispute] {
        disputed.compactMap { dispute(on: $0, since: $1) }
    }

    private func dispute(on server: ServerKey, since: Instant) -> Dispute? {
        guard let own = own[server], let peer = peerView(of: server) else { return nil }
        return Dispute(server: server, own: own, peer: peer, since: since)
    }

    /// Those about which one of the two cannot just have looked earlier.
    package func settledDisputes(now: Instant) -> [Dispute] {
        guard now >= firstLasting else { return [] }
        return disputed.compactMap { server, since in
            guard let place = places[server], now - since >= place.patience else { return nil }
            return dispute(on: server, since: since)
        }
    }

    /// For each group, how many of its servers are checked, and of those in lasting dispute how many more the peer sees
    /// up than this director; less than 0: the other way round.
    package func losses(now: Instant) -> [(lost: Int, all: Int)] { losses(settledDisputes(now: now)) }

    /// - Parameter settled: the disputes that last.
    package func losses(_ settled: [Dispute]) -> [(lost: Int, all: Int)] {
        var losses = holders.indices.map { (lost: 0, all: totals.indices.contains($0) ? totals[$0] : 0) }
        for dispute in settled {
            guard let group = places[dispute.server]?.group else { continue }
            losses[group].lost += dispute.own.verdict.isUp ? -1 : 1
        }
        return losses
    }

    /// What the heartbeats say of this director's verdicts.
    package var toldDigest: UInt64 { ownDigest &+ (tellsPeerWords ? ownWordDigest : 0) }

    /// Whether all is known of which the peer's heartbeats say this.
    package func isKnown(_ digest: UInt64) -> Bool {
        digest == peerDigest || digest == peerDigest &+ peerWordDigest
    }

    /// What the peer is told: everything.
    package func entries(now: Instant) -> [VerdictMessage.Entry] {
        entries(own.map { ($0.key, $0.value) }, now) + entries(latches: latches.map(\.key), now: now)
    }

    /// What the peer is told of these servers.
    package func entries(_ servers: [ServerKey], now: Instant) -> [VerdictMessage.Entry] {
        entries(servers.compactMap { server in own[server].map { (server, $0) } }, now)
    }

    private func entries(_ views: [(ServerKey, View)], _ now: Instant) -> [VerdictMessage.Entry] {
        views.compactMap { server, view in
            places[server].map { VerdictMessage.Entry(mark: $0.mark, view, now: now) }
        }
    }

    /// What the peer is told of these latches.
    package func entries(latches marks: [UInt64], now: Instant) -> [VerdictMessage.Entry] {
        marks.compactMap { mark in
            latches[mark].map { latch in
                if let word = latch.word { return VerdictMessage.Entry(mark: mark, word: word) }
                let age = (now - latch.since).nanoseconds / 1_000_000
                return VerdictMessage.Entry(mark: mark, isUp: latch.isOn, age: UInt32(clamping: age))
            }
        }
    }
}

extension CheckSettings {
    /// The other director comes to the same verdict within this time, if the server does the same to both.
    var patience: Duration { interval * (max(rise, fall) + 1) + timeout }
}
