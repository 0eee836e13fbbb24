import Addresses
import Agreement
import Settings
import Simulation
import Testing

/// A server that came back takes its weight in steps.
struct RiseTests {
    static let start = SharedVerdictsTests.start

    @Test(arguments: [(10, 30), (100, 30), (1, 30), (3, 5), (2_147_483_647, 3600), (50, 1), (0, 30), (7, 100)])
    func `a weight grows, in 20 steps at most and of a second at least, and ends whole`(weight: UInt32, seconds: Int) {
        let rise = Rise(since: Self.start, time: .seconds(seconds))
        var steps: [(at: Int, weight: UInt32)] = []
        for tick in 0..<seconds * 10 {
            guard let share = rise.share(now: Self.start + .milliseconds(tick * 100)) else {
                Issue.record("over after \(tick) tenths of \(seconds) s")
                return
            }
            let now = share.of(weight)
            if steps.last?.weight != now { steps.append((tick, now)) }
        }
        #expect(rise.share(now: Self.start + .seconds(seconds)) == nil)
        #expect(steps.count <= Rise.mostSteps && steps.map(\.weight) == steps.map(\.weight).sorted())
        #expect(steps.allSatisfy { $0.weight <= weight && ($0.weight > 0) == (weight > 0) })
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $1.at - $0.at >= 10 })
        if weight > 1, seconds > 1 { #expect(steps[0].weight < weight) }
    }

    @Test func `any weight, time and moment make a part of the weight`() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<10_000 {
            let weight = UInt32.random(in: 0...2_147_483_647, using: &random)
            let time = Duration.milliseconds(Int.random(in: 1...3_600_000, using: &random))
            let rise = Rise(since: Self.start, time: time)
            let now = Self.start + .milliseconds(Int.random(in: -1000...3_700_000, using: &random))
            guard let share = rise.share(now: now) else {
                #expect(now - Self.start >= time)
                continue
            }
            #expect(share.of(weight) <= weight && (share.of(weight) > 0) == (weight > 0))
        }
    }

    // MARK: Who rises

    private static var settings: Settings {
        var settings = SharedVerdictsTests.settings()
        settings.services[0].slowStart = .seconds(30)
        return settings
    }

    /// A director, and what it knows of who rises.
    private struct Side {
        var shared: SharedVerdicts
        var consequences = Consequences(RiseTests.settings, now: SharedVerdictsTests.start)

        init(_ holder: Holder) { shared = SharedVerdictsTests.director(RiseTests.settings, holder: holder) }

        mutating func observe(_ isUp: Bool, after seconds: Int) -> [ServerKey: Rise?] {
            let now = RiseTests.start + .seconds(seconds)
            let view = SharedVerdictsTests.view(isUp, at: now)
            let decisions = shared.observe([(SharedVerdictsTests.first, view)], now: now)
            return consequences.follow(decisions, .decisions, &shared, now: now).rises
        }

        mutating func hear(_ other: Side, after seconds: Int) {
            let now = RiseTests.start + .seconds(seconds)
            for message in VerdictMessage.messages(other.shared.entries(now: now), isEverything: true) {
                let decisions = VerdictMessage(message.bytes).map { shared.hear($0, now: now) } ?? []
                _ = consequences.follow(decisions, .all, &shared, now: now)
            }
        }
    }

    @Test func `a server rises when it comes back, not when a director starts`() {
        var side = Side(.own)
        let first = SharedVerdictsTests.first
        #expect(side.observe(true, after: 0).isEmpty && side.consequences.rises.isEmpty)
        #expect(side.observe(false, after: 1).isEmpty)
        #expect(side.observe(true, after: 5) == [first: Rise(since: Self.start + .seconds(5), time: .seconds(30))])
        #expect(side.observe(false, after: 9) == [first: nil])
        #expect(side.observe(true, after: 20)[first]??.since == Self.start + .seconds(20))
        _ = side.consequences.follow([], .all, &side.shared, now: Self.start + .seconds(50))
        #expect(side.consequences.rises.isEmpty)
    }

    @Test func `another life of a director goes on where the peer is`() {
        var old = Side(.own)
        _ = old.observe(false, after: 0)
        _ = old.observe(true, after: 10)
        var fresh = Side(.peer)
        fresh.hear(old, after: 22)
        #expect(fresh.consequences.rises == old.consequences.rises && fresh.consequences.rises.count == 1)
        #expect(fresh.observe(true, after: 23).isEmpty)
        old.hear(fresh, after: 24)
        #expect(fresh.consequences.rises == old.consequences.rises)
        #expect(old.shared.peerDigest == fresh.shared.ownDigest && fresh.shared.peerDigest == old.shared.ownDigest)
        var late = Side(.peer)
        late.hear(old, after: 41)
        #expect(late.consequences.rises.isEmpty)
    }

    @Test func `a new time counts for those that rise already, and none ends it`() {
        var side = Side(.own)
        _ = side.observe(false, after: 0)
        _ = side.observe(true, after: 1)
        var settings = Self.settings
        settings.services[0].slowStart = .seconds(60)
        side.consequences.adopt(settings, &side.shared)
        #expect(side.consequences.rises.values.map(\.time) == [.seconds(60)])
        settings.services[0].slowStart = nil
        side.consequences.adopt(settings, &side.shared)
        #expect(side.consequences.rises.isEmpty && side.shared.entries(now: Self.start).count == 1)
    }
}
