import Addresses
import Agreement
import Settings
import Testing

/// Two directors' verdicts, and what follows from them for both tables.
struct SharedVerdictsTests {
    static let start = Instant(nanoseconds: 1_000_000_000_000)
    static let first = ServerKey(service: "web", server: Endpoint("10.1.0.21:80") ?? .none)
    static let second = ServerKey(service: "web", server: Endpoint("10.1.0.22:80") ?? .none)

    static func settings(_ policy: VerdictPolicy = .holder, group: String? = "web", servers: Int = 2) -> Settings {
        let list = (0..<servers).map { number in
            ServerSettings(endpoint: Endpoint("10.1.\(number / 200).\(21 + number % 200):80") ?? .none, forwarding: .dr)
        }
        return Settings(
            pair: PairSettings(name: "edge", keys: "k", directors: [DirectorSettings(name: "lb1", addresses: [])]),
            groups: [GroupSettings(name: "web", addresses: [])],
            services: [
                ServiceSettings(
                    name: "web", group: group, listens: [],
                    check: CheckSettings(interval: .seconds(2), timeout: .seconds(1), rise: 2, fall: 3),
                    verdicts: policy, servers: list)
            ])
    }

    /// A director that hears its peer.
    static func director(_ settings: Settings = settings(), holder: Holder) -> SharedVerdicts {
        var shared = SharedVerdicts(settings)
        _ = shared.place([holder], isPeerHeard: true, now: start)
        return shared
    }

    static func view(_ isUp: Bool, at now: Instant = start) -> View {
        View(verdict: isUp ? .up : .down(.refused), since: now)
    }

    /// What a director tells of its own verdicts, as it arrives at the other.
    static func tell(_ teller: SharedVerdicts, to listener: inout SharedVerdicts, now: Instant = start) -> [Decision] {
        VerdictMessage.messages(teller.entries(now: now), isEverything: true).flatMap { message in
            VerdictMessage(message.bytes).map { listener.hear($0, now: now) } ?? []
        }
    }

    // What the holder sees, what the backup sees, and what both tables have, by each policy.
    static let cases: [(holder: Bool?, backup: Bool?, holders: Bool?, both: Bool?, any: Bool?)] = [
        (true, true, true, true, true), (false, false, false, false, false), (false, true, false, true, false),
        (true, false, true, true, false), (nil, true, true, true, true), (nil, false, false, false, false),
        (true, nil, true, true, true), (false, nil, false, false, false), (nil, nil, nil, nil, nil),
    ]

    @Test(arguments: cases, VerdictPolicy.allCases)
    func `both directors come to the same decision`(
        views: (holder: Bool?, backup: Bool?, holders: Bool?, both: Bool?, any: Bool?), policy: VerdictPolicy
    ) {
        let settings = Self.settings(policy)
        var holder = Self.director(settings, holder: .own)
        var backup = Self.director(settings, holder: .peer)
        if let isUp = views.holder { _ = holder.observe([(Self.first, Self.view(isUp))], now: Self.start) }
        if let isUp = views.backup { _ = backup.observe([(Self.first, Self.view(isUp))], now: Self.start) }
        let before = holder
        _ = Self.tell(backup, to: &holder)
        _ = Self.tell(before, to: &backup)
        let wanted = policy == .holder ? views.holders : policy == .both ? views.both : views.any
        #expect(holder.decision(on: Self.first) == wanted)
        #expect(backup.decision(on: Self.first) == wanted)
        let differ = views.holder != nil && views.backup != nil && views.holder != views.backup
        #expect(holder.isDisputed(Self.first) == differ && backup.isDisputed(Self.first) == differ)
    }

    @Test func `a service of no group is down only if both see it down, unless it says any`() {
        for (policy, isUp) in [(VerdictPolicy.holder, true), (.both, true), (.any, false)] {
            var one = Self.director(Self.settings(policy, group: nil), holder: .own)
            var other = Self.director(Self.settings(policy, group: nil), holder: .peer)
            _ = one.observe([(Self.first, Self.view(false))], now: Self.start)
            _ = other.observe([(Self.first, Self.view(true))], now: Self.start)
            let before = one
            _ = Self.tell(other, to: &one)
            _ = Self.tell(before, to: &other)
            #expect(one.decision(on: Self.first) == isUp && other.decision(on: Self.first) == isUp)
        }
    }

    @Test func `a takeover asks nobody anew, and whoever holds the group decides what is disputed`() {
        var backup = Self.director(holder: .peer)
        var holder = Self.director(holder: .own)
        _ = holder.observe([(Self.first, Self.view(false)), (Self.second, Self.view(true))], now: Self.start)
        _ = backup.observe([(Self.first, Self.view(true)), (Self.second, Self.view(true))], now: Self.start)
        _ = Self.tell(holder, to: &backup)
        #expect(backup.decision(on: Self.first) == false)
        let decisions = backup.place([.own], isPeerHeard: true, now: Self.start)
        #expect(decisions == [Decision(server: Self.first, isUp: true)])
        #expect(backup.decision(on: Self.second) == true)
    }

    @Test func `of a server that is not checked nothing is decided or told, whatever was before`() {
        var shared = Self.director(holder: .own)
        #expect(shared.observe([(Self.first, Self.view(false))], now: Self.start).count == 1)
        var settings = Self.settings()
        settings.services[0].check.kind = .none
        #expect(shared.adopt(settings, now: Self.start).isEmpty && shared.decision(on: Self.first) == nil)
        #expect(shared.observe([(Self.first, Self.view(true))], now: Self.start).isEmpty)
        #expect(shared.entries(now: Self.start).isEmpty && shared.ownDigest == 0)
        #expect(shared.adopt(Self.settings(), now: Self.start).isEmpty && shared.decision(on: Self.first) == nil)
        #expect(shared.observe([(Self.first, Self.view(true))], now: Self.start).count == 1)
    }

    @Test func `of a server whose own check is none nothing is decided, and of one with a slow one differences last`() {
        var settings = Self.settings()
        settings.services[0].servers[0].check = CheckSettings(kind: .none)
        settings.services[0].servers[1].check = CheckSettings(interval: .seconds(60), timeout: .seconds(1), fall: 1)
        var shared = Self.director(settings, holder: .own)
        #expect(shared.observe([(Self.first, Self.view(false))], now: Self.start).isEmpty)
        #expect(shared.observe([(Self.second, Self.view(false))], now: Self.start).count == 1)
        #expect(shared.losses(now: Self.start).map(\.all) == [1])
        var peer = Self.director(settings, holder: .peer)
        _ = peer.observe([(Self.second, Self.view(true))], now: Self.start)
        _ = Self.tell(peer, to: &shared)
        #expect(shared.isDisputed(Self.second))
        #expect(shared.settledDisputes(now: Self.start + .seconds(180)).isEmpty)
        #expect(shared.settledDisputes(now: Self.start + .seconds(181)).map(\.server) == [Self.second])
    }

    @Test func `before anybody knows who holds a group nobody does`() {
        var shared = Self.director(holder: .own)
        #expect(shared.place([], isPeerHeard: true, now: Self.start).isEmpty)
        #expect(shared.observe([(Self.first, Self.view(false))], now: Self.start).count == 1)
    }

    @Test func `where the peer is lost the own view counts, and the peer's where there is none`() {
        var alone = Self.director(holder: .peer)
        var peer = Self.director(holder: .own)
        _ = peer.observe([(Self.first, Self.view(false)), (Self.second, Self.view(false))], now: Self.start)
        _ = alone.observe([(Self.first, Self.view(true))], now: Self.start)
        _ = Self.tell(peer, to: &alone)
        #expect(alone.decision(on: Self.first) == false && alone.decision(on: Self.second) == false)
        let decisions = alone.place([.nobody], isPeerHeard: false, now: Self.start)
        #expect(decisions == [Decision(server: Self.first, isUp: true)])
        #expect(alone.decision(on: Self.second) == false)
        #expect(alone.disputes.isEmpty)
    }

    @Test func `another life of the peer knows nothing, and changes nothing that the own view decides`() {
        var shared = Self.director(holder: .own)
        var peer = Self.director(holder: .peer)
        _ = peer.observe([(Self.first, Self.view(false)), (Self.second, Self.view(true))], now: Self.start)
        _ = shared.observe([(Self.first, Self.view(true))], now: Self.start)
        _ = Self.tell(peer, to: &shared)
        #expect(shared.forgetPeer(now: Self.start).isEmpty)
        #expect(shared.decision(on: Self.first) == true && shared.decision(on: Self.second) == true)
        #expect(shared.peerDigest == 0 && shared.peerView(of: Self.second) == nil)
    }

    @Test func `digests are equal when everything has arrived, and only then`() {
        var teller = Self.director(Self.settings(servers: 300), holder: .own)
        var listener = Self.director(Self.settings(servers: 300), holder: .peer)
        let servers = teller.entries(now: Self.start).count
        #expect(servers == 0 && teller.ownDigest == 0)
        let views = Self.settings(servers: 300).services[0].servers.enumerated().map { number, server in
            (server: ServerKey(service: "web", server: server.endpoint), view: Self.view(number % 3 > 0))
        }
        _ = teller.observe(views, now: Self.start)
        _ = Self.tell(teller, to: &listener)
        #expect(listener.peerDigest == teller.ownDigest && teller.ownDigest != 0)
        for (server, view) in views {
            _ = teller.observe([(server, Self.view(!view.verdict.isUp))], now: Self.start)
            #expect(listener.peerDigest != teller.ownDigest)
            for message in VerdictMessage.messages(teller.entries([server], now: Self.start), isEverything: false) {
                _ = listener.hear(message, now: Self.start)
            }
            #expect(listener.peerDigest == teller.ownDigest)
        }
    }

    @Test func `a list of everything counts once it is whole, and forgets what it does not name`() {
        var listener = Self.director(holder: .peer)
        var teller = Self.director(holder: .own)
        _ = teller.observe([(Self.first, Self.view(false)), (Self.second, Self.view(false))], now: Self.start)
        _ = Self.tell(teller, to: &listener)
        let entries = teller.entries([Self.first], now: Self.start)
        #expect(listener.hear(VerdictMessage(part: .first, entries: entries), now: Self.start).isEmpty)
        #expect(listener.peerView(of: Self.second) != nil)
        _ = listener.hear(VerdictMessage(part: .last), now: Self.start)
        #expect(listener.peerView(of: Self.first)?.isUp == false && listener.peerView(of: Self.second) == nil)
    }

    @Test func `a new configuration forgets servers that it lacks, and what it says of the rest counts at once`() {
        var shared = Self.director(Self.settings(servers: 3), holder: .own)
        var peer = Self.director(holder: .peer)
        let third = ServerKey(service: "web", server: Endpoint("10.1.0.23:80") ?? .none)
        _ = shared.observe([(Self.first, Self.view(false)), (third, Self.view(true))], now: Self.start)
        _ = peer.observe([(Self.first, Self.view(true))], now: Self.start)
        _ = Self.tell(peer, to: &shared)
        #expect(shared.adopt(Self.settings(.both), now: Self.start) == [Decision(server: Self.first, isUp: true)])
        #expect(shared.entries(now: Self.start).count == 1 && shared.decision(on: third) == nil)
        #expect(shared.observe([(third, Self.view(true))], now: Self.start).isEmpty)
        var fresh = Self.director(holder: .own)
        _ = fresh.observe([(Self.first, Self.view(false))], now: Self.start)
        #expect(shared.ownDigest == fresh.ownDigest)
    }

    @Test func `a dispute lasts when one director cannot just have looked earlier`() {
        var shared = Self.director(Self.settings(servers: 10), holder: .own)
        var peer = Self.director(Self.settings(servers: 10), holder: .peer)
        let views = Self.settings(servers: 10).services[0].servers.enumerated().map { number, server in
            (server: ServerKey(service: "web", server: server.endpoint), view: Self.view(number >= 4))
        }
        _ = shared.observe(views, now: Self.start)
        _ = peer.observe(views.map { ($0.server, Self.view(true)) }, now: Self.start)
        _ = Self.tell(peer, to: &shared)
        _ = Self.tell(shared, to: &peer)
        #expect(shared.disputes.count == 4)
        // Four intervals of 2 s, since three results in a row decide, and a timeout of 1 s.
        let (early, late) = (Self.start + .milliseconds(8999), Self.start + .seconds(9))
        #expect(shared.settledDisputes(now: early).isEmpty && shared.losses(now: early)[0].lost == 0)
        #expect(shared.settledDisputes(now: late).count == 4)
        #expect(shared.losses(now: late)[0] == (4, 10) && peer.losses(now: late)[0] == (-4, 10))
    }
}

extension Endpoint {
    fileprivate static var none: Endpoint { Endpoint(address: .v4(IPv4Address(number: 0)), port: 0) }
}
