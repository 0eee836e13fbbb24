import Addresses
import Agreement
import Settings
import Simulation
import Testing

/// A server that goes up and down is held down.
struct DampingTests {
    static let start = SharedVerdictsTests.start
    static let first = SharedVerdictsTests.first

    private static func settings(
        falls: Int = 3, window: Duration = .seconds(60), hold: Duration = .seconds(100), group: String? = "web"
    ) -> Settings {
        var settings = SharedVerdictsTests.settings(group: group)
        settings.services[0].damping = DampingSettings(falls: falls, window: window, hold: hold)
        return settings
    }

    /// A director, and what its balancer has been told of the first server.
    private struct Side {
        var shared: SharedVerdicts
        var consequences: Consequences
        var told: Bool?

        init(_ settings: Settings, _ holder: Holder) {
            shared = SharedVerdictsTests.director(settings, holder: holder)
            consequences = Consequences(settings, now: SharedVerdictsTests.start)
        }

        var isHeld: Bool { consequences.holds[DampingTests.first] != nil }

        mutating func observe(_ isUp: Bool, at now: Instant) {
            let view = SharedVerdictsTests.view(isUp, at: now)
            follow(shared.observe([(DampingTests.first, view)], now: now), isAll: false, now)
        }

        mutating func observe(_ isUp: Bool, after seconds: Int) {
            observe(isUp, at: DampingTests.start + .seconds(seconds))
        }

        mutating func follow(_ decisions: [Decision], isAll: Bool, _ now: Instant) {
            take(consequences.follow(decisions, isAll ? .all : .decisions, &shared, now: now))
        }

        mutating func take(_ effects: Consequences.Effects) {
            for decision in effects.decisions where decision.server == DampingTests.first { told = decision.isUp }
        }

        mutating func wait(until seconds: Int) {
            follow([], isAll: true, DampingTests.start + .seconds(seconds))
        }

        mutating func hear(_ other: Side, at now: Instant) {
            for message in VerdictMessage.messages(other.shared.entries(now: now), isEverything: true) {
                guard let message = VerdictMessage(message.bytes) else { continue }
                follow(shared.hear(message, now: now), isAll: true, now)
            }
        }

        mutating func release(after seconds: Int) {
            take(consequences.release([DampingTests.first], &shared, now: DampingTests.start + .seconds(seconds)))
        }
    }

    @Test func `a server that falls three times within the window is held until it keeps its verdict`() {
        var side = Side(Self.settings(), .own)
        for fall in 0..<3 {
            side.observe(true, after: fall * 20)
            #expect(side.told == true && !side.isHeld)
            side.observe(false, after: fall * 20 + 10)
        }
        #expect(side.isHeld && side.told == false)
        side.observe(true, after: 55)
        #expect(side.isHeld && side.told == false && side.consequences.deadline == Self.start + .seconds(155))
        side.wait(until: 154)
        #expect(side.isHeld && side.told == false)
        side.wait(until: 155)
        #expect(!side.isHeld && side.told == true)
        // What it did before counts no more.
        side.observe(false, after: 156)
        #expect(!side.isHeld && side.told == false && side.consequences.deadline == .never)
    }

    @Test func `falls that are further apart than the window are none of its business`() {
        var side = Side(Self.settings(), .own)
        for fall in 0..<9 {
            side.observe(true, after: fall * 31)
            side.observe(false, after: fall * 31 + 1)
        }
        #expect(!side.isHeld)
        side.observe(true, after: 250)
        side.observe(false, after: 251)
        #expect(side.isHeld)
    }

    @Test func `each change while it is held makes it longer, and ready ends it`() {
        var side = Side(Self.settings(hold: .seconds(10)), .own)
        for change in 0..<40 { side.observe(change % 2 == 0, after: change * 5) }
        #expect(side.isHeld)
        side.observe(true, after: 200)
        side.release(after: 201)
        #expect(!side.isHeld && side.told == true)
        side.wait(until: 202)
        #expect(!side.isHeld)
    }

    @Test func `a held server counts as down for a quorum, and rises when it is let go`() {
        var settings = Self.settings(falls: 2)
        settings.services[0].quorum = QuorumSettings(.count(1), tooFew: .all)
        settings.services[0].slowStart = .seconds(30)
        var side = Side(settings, .own)
        side.follow(
            side.shared.observe([(SharedVerdictsTests.second, SharedVerdictsTests.view(false))], now: Self.start),
            isAll: false, Self.start)
        for change in 0..<5 { side.observe(change % 2 == 0, after: change) }
        #expect(side.isHeld && side.consequences.shortages == ["web": .all])
        #expect(side.consequences.rises.isEmpty)
        side.wait(until: 104)
        #expect(!side.isHeld && side.consequences.shortages.isEmpty)
        #expect(side.consequences.rises[Self.first]?.since == Self.start + .seconds(104))
    }

    @Test func `a director that starts meanwhile holds what the peer holds, as long as the peer does`() {
        let settings = Self.settings(falls: 2)
        var old = Side(settings, .own)
        for change in 0..<5 { old.observe(change % 2 == 0, after: change) }
        var fresh = Side(settings, .peer)
        fresh.hear(old, at: Self.start + .seconds(50))
        fresh.observe(true, after: 51)
        old.hear(fresh, at: Self.start + .seconds(51))
        #expect(old.isHeld && fresh.isHeld && fresh.told == false)
        fresh.wait(until: 103)
        #expect(fresh.isHeld)
        old.wait(until: 104)
        fresh.hear(old, at: Self.start + .seconds(104))
        #expect(!old.isHeld && !fresh.isHeld && fresh.told == true)
        // Without the peer it counts from when the server was held.
        var alone = Side(settings, .peer)
        for change in 0..<5 { old.observe(change % 2 == 0, after: 200 + change) }
        alone.hear(old, at: Self.start + .seconds(210))
        _ = alone.shared.place([.own], isPeerHeard: false, now: Self.start + .seconds(211))
        alone.wait(until: 300)
        #expect(alone.isHeld)
        alone.wait(until: 304)
        #expect(!alone.isHeld)
    }

    @Test func `without damping nothing is held, and taking it out lets go`() {
        let settings = Self.settings(falls: 2)
        var side = Side(settings, .own)
        for change in 0..<5 { side.observe(change % 2 == 0, after: change) }
        #expect(side.isHeld)
        side.consequences.adopt(SharedVerdictsTests.settings(), &side.shared)
        side.wait(until: 5)
        #expect(!side.isHeld && side.told == true)
        for change in 0..<9 { side.observe(change % 2 == 0, after: 6 + change) }
        #expect(!side.isHeld && side.told == true)
    }

    /// With a group and without one, and with a peer that starts anew.
    @Test(arguments: 0..<40)
    func `both directors hold the same once they have told each other, and let go at last`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let settings = Self.settings(
            falls: Int.random(in: 2...4, using: &random), hold: .seconds(10),
            group: Bool.random(using: &random) ? "web" : nil)
        var (one, other) = (Side(settings, .own), Side(settings, .peer))
        var (now, isUp) = (Self.start, true)
        for _ in 0..<200 {
            now = now + .milliseconds(Int.random(in: 1...4000, using: &random))
            isUp = Int.random(in: 0..<3, using: &random) == 0 ? isUp : !isUp
            // Half a period apart, and told at once.
            one.observe(isUp, at: now)
            other.hear(one, at: now)
            now = now + .milliseconds(Int.random(in: 0...200, using: &random))
            other.observe(isUp, at: now)
            one.hear(other, at: now)
            if Int.random(in: 0..<25, using: &random) == 0 {
                other = Side(settings, .peer)
                one.follow(one.shared.forgetPeer(now: now), isAll: true, now)
                other.hear(one, at: now)
                other.observe(isUp, at: now)
                one.hear(other, at: now)
            }
            for _ in 0..<3 {
                other.hear(one, at: now)
                one.hear(other, at: now)
            }
            #expect(one.isHeld == other.isHeld, "seed \(seed)")
            #expect(one.told == other.told, "seed \(seed)")
            #expect(one.shared.ownDigest == other.shared.peerDigest)
        }
        for _ in 0..<30 {
            now = now + .seconds(1)
            one.follow([], isAll: true, now)
            other.hear(one, at: now)
            one.hear(other, at: now)
        }
        #expect(!one.isHeld && !other.isHeld && one.told == isUp && other.told == isUp)
    }
}
