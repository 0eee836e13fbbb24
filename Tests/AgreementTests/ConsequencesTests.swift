import Addresses
import Agreement
import Settings
import Simulation
import Testing

/// One director: what it and its peer think of the servers, and what follows for the service.
struct Side {
    var shared: SharedVerdicts
    var consequences: Consequences
    /// Latches that the peer was not told of yet.
    var untold: [VerdictMessage.Entry] = []
    var changes: [QuorumChange] = []

    init(_ settings: Settings, _ holder: Holder, present: Set<IPAddress> = []) {
        shared = SharedVerdictsTests.director(settings, holder: holder)
        consequences = Consequences(settings, present: present, now: SharedVerdictsTests.start)
    }

    var shortage: Shortage? { consequences.shortages["web"] }

    mutating func follow(_ decisions: [Decision], _ scope: Scope, now: Instant) {
        let effects = consequences.follow(decisions, scope, &shared, now: now)
        untold += shared.entries(latches: effects.latches, now: now)
        changes += effects.changes
    }

    mutating func observe(_ server: ServerKey, _ isUp: Bool, now: Instant) {
        let decisions = shared.observe([(server, SharedVerdictsTests.view(isUp, at: now))], now: now)
        untold += shared.entries([server], now: now)
        follow(decisions, .decisions, now: now)
    }

    mutating func hold(_ holder: Holder, now: Instant) {
        follow(shared.place([holder], isPeerHeard: true, now: now), .all, now: now)
    }

    /// What is told of arrives at the other, in the messages of the wire.
    mutating func tell(_ other: inout Side, now: Instant) {
        let entries = untold
        untold = []
        guard !entries.isEmpty else { return }
        for message in VerdictMessage.messages(entries, isEverything: false) { other.take(message, now: now) }
    }

    mutating func tellAll(_ other: inout Side, now: Instant) {
        untold = []
        for message in VerdictMessage.messages(shared.entries(now: now), isEverything: true) {
            other.take(message, now: now)
        }
    }

    private mutating func take(_ message: VerdictMessage, now: Instant) {
        guard let read = VerdictMessage(message.bytes) else { return }
        let decisions = shared.hear(read, now: now)
        follow(decisions, .all, now: now)
    }
}

/// What follows from many servers' verdicts, on both directors the same.
struct ConsequencesTests {
    static let start = SharedVerdictsTests.start

    private static func settings(_ quorum: QuorumSettings, servers: Int = 10) -> Settings {
        var settings = SharedVerdictsTests.settings(servers: servers)
        settings.services[0].quorum = quorum
        return settings
    }

    private static func keys(_ settings: Settings) -> [ServerKey] {
        settings.services[0].servers.map { ServerKey(service: "web", server: $0.endpoint) }
    }

    /// All servers up, on a director that holds the group.
    private static func side(_ settings: Settings) -> Side {
        var side = Side(settings, .own)
        for key in keys(settings) { side.observe(key, true, now: start) }
        return side
    }

    @Test func `a service that loses its quorum says so with numbers, once, and again when it has it`() {
        let settings = Self.settings(QuorumSettings(.count(5), hysteresis: 1, tooFew: .all))
        let keys = Self.keys(settings)
        var side = Self.side(settings)
        #expect(side.shortage == nil && side.changes.isEmpty)
        for key in keys.prefix(6) { side.observe(key, false, now: Self.start) }
        #expect(side.shortage == nil && side.changes.isEmpty)
        side.observe(keys[6], false, now: Self.start)
        side.observe(keys[7], false, now: Self.start)
        #expect(side.shortage == .all)
        #expect(side.changes.map(\.view.up) == [3] && side.changes.map(\.view.wanted) == [5])
        for key in keys.prefix(4) { side.observe(key, true, now: Self.start) }
        #expect(side.shortage == nil && side.changes.map(\.view.isThere) == [false, true])
        #expect(side.changes.last?.view.up == 6 && side.consequences.quorum(of: "web")?.up == 6)
    }

    @Test func `servers that are not checked count as up for the quorum`() {
        var settings = Self.settings(QuorumSettings(.count(3), tooFew: .keep), servers: 4)
        for place in [2, 3] { settings.services[0].servers[place].check = CheckSettings(kind: .none) }
        let keys = Self.keys(settings)
        var side = Side(settings, .own)
        side.observe(keys[0], true, now: Self.start)
        side.observe(keys[1], true, now: Self.start)
        #expect(side.consequences.quorum(of: "web")?.up == 4 && side.consequences.quorum(of: "web")?.total == 4)
        side.observe(keys[1], false, now: Self.start)
        #expect(side.shortage == nil && side.consequences.quorum(of: "web")?.up == 3)
        side.observe(keys[0], false, now: Self.start)
        #expect(side.shortage == .kept([keys[0]]) && side.changes.map(\.view.up) == [2])
    }

    @Test func `keep means the servers of the last table that had quorum`() {
        let settings = Self.settings(QuorumSettings(.count(2), tooFew: .keep), servers: 4)
        let keys = Self.keys(settings)
        var side = Self.side(settings)
        side.observe(keys[0], false, now: Self.start)
        side.observe(keys[1], false, now: Self.start)
        #expect(side.shortage == nil)
        side.observe(keys[2], false, now: Self.start)
        side.observe(keys[3], false, now: Self.start)
        #expect(side.shortage == .kept([keys[2], keys[3]]))
        // Who comes back joins them, by its verdict.
        side.observe(keys[0], true, now: Self.start)
        #expect(side.shortage == .kept([keys[2], keys[3]]))
        side.observe(keys[1], true, now: Self.start)
        #expect(side.shortage == nil)
        side.observe(keys[0], false, now: Self.start)
        #expect(side.shortage == .kept([keys[0], keys[1]]))
    }

    @Test func `a director that starts meanwhile comes to the same, whichever way the quorum was reached`() {
        for tooFew in TooFewPolicy.allCases {
            let settings = Self.settings(QuorumSettings(.count(6), hysteresis: 2, tooFew: tooFew))
            let keys = Self.keys(settings)
            for lost in [true, false] {
                var old = Self.side(settings)
                for key in keys.prefix(lost ? 8 : 5) { old.observe(key, false, now: Self.start) }
                // In between: what holds is what was.
                for key in keys.prefix(lost ? 4 : 0) { old.observe(key, true, now: Self.start) }
                #expect((old.shortage != nil) == lost)
                var fresh = Side(settings, .peer)
                old.tellAll(&fresh, now: Self.start)
                for (place, key) in keys.enumerated() {
                    fresh.observe(key, lost ? place < 4 || place >= 8 : place >= 5, now: Self.start)
                }
                fresh.tell(&old, now: Self.start)
                #expect(old.shortage == fresh.shortage && (fresh.shortage != nil) == lost)
                // It goes on as the other would have.
                old.hold(.peer, now: Self.start)
                fresh.hold(.own, now: Self.start)
                #expect(old.shortage == fresh.shortage && (fresh.shortage != nil) == lost)
            }
        }
    }

    @Test func `a service without a check, and one that has no quorum, lack nothing`() {
        var settings = Self.settings(QuorumSettings(.count(5), tooFew: .all))
        settings.services[0].check.kind = .none
        #expect(Self.side(settings).shortage == nil)
        settings.services[0].quorum = nil
        #expect(Self.side(settings).consequences.quorum(of: "web") == nil)
    }

    @Test func `a new configuration without the quorum ends the shortage, and one with it begins anew`() {
        let settings = Self.settings(QuorumSettings(.count(5), tooFew: .all))
        var side = Self.side(settings)
        for key in Self.keys(settings).prefix(8) { side.observe(key, false, now: Self.start) }
        #expect(side.shortage == .all)
        var without = settings
        without.services[0].quorum = nil
        side.consequences.adopt(without, &side.shared)
        side.follow([], .all, now: Self.start)
        #expect(side.shortage == nil)
        side.consequences.adopt(settings, &side.shared)
        side.follow([], .all, now: Self.start)
        #expect(side.shortage == .all)
    }

    /// Two directors that see different things, tell each other late, change roles and start anew: once everything is
    /// told, both want the same.
    @Test(arguments: 0..<80)
    func `directors that have told each other everything want the same`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let settings = Self.settings(
            QuorumSettings(
                .count(Int.random(in: 2...4, using: &random)), hysteresis: Int.random(in: 0...1, using: &random),
                tooFew: TooFewPolicy.allCases.randomElement(using: &random) ?? .all), servers: 6)
        let keys = Self.keys(settings)
        var (one, other) = (Side(settings, .own), Side(settings, .peer))
        var (isOneHolder, now) = (true, Self.start)
        for key in keys {
            one.observe(key, true, now: now)
            other.observe(key, true, now: now)
        }
        for _ in 0..<300 {
            now = now + .milliseconds(Int.random(in: 1...900, using: &random))
            let key = keys[Int.random(in: 0..<keys.count, using: &random)]
            let isUp = Bool.random(using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<7: one.observe(key, isUp, now: now)
            case 7..<14: other.observe(key, isUp, now: now)
            case 14, 15: one.tell(&other, now: now)
            case 16, 17: other.tell(&one, now: now)
            case 18:
                isOneHolder.toggle()
                one.hold(isOneHolder ? .own : .peer, now: now)
                other.hold(isOneHolder ? .peer : .own, now: now)
            default:
                other = Side(settings, isOneHolder ? .peer : .own)
                one.follow(one.shared.forgetPeer(now: now), .all, now: now)
                one.tellAll(&other, now: now)
                other.tellAll(&one, now: now)
                for key in keys { other.observe(key, Bool.random(using: &random), now: now) }
            }
            guard Int.random(in: 0..<5, using: &random) == 0 else { continue }
            for _ in 0..<4 {
                one.tell(&other, now: now)
                other.tell(&one, now: now)
            }
            #expect(one.untold.isEmpty && other.untold.isEmpty)
            #expect(one.shared.ownDigest == other.shared.peerDigest && other.shared.ownDigest == one.shared.peerDigest)
            for key in keys { #expect(one.shared.decision(on: key) == other.shared.decision(on: key)) }
            #expect(one.shortage == other.shortage, "seed \(seed)")
        }
    }
}
