import Addresses
import Election
import Heartbeat
import Testing

struct WitnessMachineTests {
    /// A second for a takeover, 200 ms of grace: a grant is kept for 1.2 s and 1/64 of a second.
    private static let takeover = Duration.milliseconds(1000)
    private static let kept = Duration.milliseconds(1200) + takeover / 64
    private static let web: UInt64 = 1

    private struct Court {
        var machine = WitnessMachine(now: Instant(nanoseconds: 0))
        var numbers: [WitnessMachine.Petitioner: UInt64] = [:]
        var changes: [WitnessMachine.Change] = []

        static let start = Instant(nanoseconds: 0)

        /// Asks for one group; nil where nothing is answered.
        mutating func ask(
            _ who: WitnessMachine.Petitioner, _ role: PetitionBody.Role, term: UInt64, left: UInt32 = 0,
            group: UInt64 = web, at time: Duration, takeover: UInt32 = 1_000_000, number: UInt64? = nil
        ) -> GrantBody.Entry? {
            let next = number ?? (numbers[who] ?? 0) + 1
            numbers[who] = max(next, numbers[who] ?? 0)
            let petition = PetitionBody(
                number: next, takeoverTime: takeover, grace: 200_000,
                groups: [.init(id: group, term: term, role: role, left: left)])
            return machine.judge(petition, from: who, now: Self.start + time, into: &changes)?.groups.first
        }
    }

    private static func director(_ name: UInt64, pair: UInt64 = 1, life: UInt64 = 1) -> WitnessMachine.Petitioner {
        .init(pair: pair, director: name, boot: BootID(high: name, low: life))
    }

    private let one = director(11)
    private let other = director(22)
    private let late = Duration.seconds(10)

    @Test func `a claim gets what nobody has, for a takeover time`() {
        var court = Court()
        let entry = court.ask(one, .claiming, term: 5, at: late)
        #expect(entry == .init(id: Self.web, term: 5, verdict: .granted, left: 1_000_000, holder: 11))
        #expect(court.machine.holding(pair: 1, group: Self.web, now: Court.start + late)?.holder == one)
        #expect(court.changes == [.init(pair: 1, group: Self.web, from: nil, to: one, term: 5)])
    }

    @Test func `the other gets nothing before the grant and its grace have ended, whatever its term`() {
        var court = Court()
        _ = court.ask(one, .holding, term: 5, at: late)
        for time in [.zero, Self.takeover, Self.kept - .nanoseconds(1)] {
            let entry = court.ask(other, .claiming, term: 99, at: late + time)
            #expect(entry?.verdict == .held && entry?.term == 5 && entry?.holder == 11)
            let left = (Self.kept - time).nanoseconds / 1000
            #expect(entry?.left == UInt32(left))
        }
        #expect(court.ask(other, .claiming, term: 6, at: late + Self.kept)?.verdict == .granted)
        #expect(court.ask(one, .holding, term: 5, at: late + Self.kept)?.verdict == .held)
    }

    @Test func `the holder has it for as long as it asks, and a new claim of its own renews it as well`() {
        var court = Court()
        for round in 0..<50 {
            let time = late + .milliseconds(900 * round)
            let term = UInt64(5 + round / 25)
            #expect(court.ask(one, round == 0 ? .claiming : .holding, term: term, at: time)?.verdict == .granted)
            #expect(court.ask(other, .claiming, term: 50, at: time)?.verdict == .held)
        }
        #expect(court.changes.count == 2)
    }

    @Test func `what the holder gives up is free at once, and a refused one gives up nothing of it`() {
        var court = Court()
        _ = court.ask(one, .holding, term: 5, at: late)
        #expect(court.ask(other, .none, term: 0, at: late)?.verdict == .held)
        #expect(court.ask(one, .none, term: 5, at: late)?.verdict == GrantBody.Verdict.none)
        #expect(court.ask(other, .claiming, term: 6, at: late)?.verdict == .granted)
        #expect(court.ask(one, .none, term: 5, at: late)?.verdict == .held)
        #expect(court.changes.map(\.to) == [one, nil, other])
    }

    @Test func `an older term of the holder's renews nothing`() {
        var court = Court()
        _ = court.ask(one, .holding, term: 5, at: late)
        let entry = court.ask(one, .holding, term: 4, at: late + .milliseconds(500))
        #expect(entry?.verdict == GrantBody.Verdict.none)
        #expect(court.ask(other, .claiming, term: 6, at: late + Self.kept)?.verdict == .granted)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `a request that is not newer than the last changes nothing`(
        number: UInt64
    ) {
        var court = Court()
        for _ in 0..<3 { _ = court.ask(one, .holding, term: 5, at: late) }
        #expect(court.ask(one, .none, term: 5, at: late, number: number) == nil)
        #expect(court.ask(other, .claiming, term: 6, at: late)?.verdict == .held)
        #expect(court.ask(one, .none, term: 5, at: late, number: 4)?.verdict == GrantBody.Verdict.none)
    }

    @Test func `directors that swap their names keep what they have until it ends`() {
        var court = Court()
        _ = court.ask(one, .holding, term: 5, at: late)
        // Both restarted under each other's name: neither life has the grant.
        let (first, second) = (Self.director(22, life: 2), Self.director(11, life: 2))
        for who in [first, second] { #expect(court.ask(who, .claiming, term: 9, at: late)?.verdict == .held) }
        #expect(court.ask(second, .none, term: 9, at: late)?.verdict == .held)
        #expect(court.ask(first, .claiming, term: 9, at: late + Self.kept)?.verdict == .granted)
        #expect(court.ask(second, .claiming, term: 9, at: late + Self.kept)?.verdict == .held)
    }

    @Test func `pairs and groups have nothing to do with each other`() {
        var court = Court()
        _ = court.ask(one, .holding, term: 5, at: late)
        #expect(court.ask(other, .claiming, term: 1, group: 2, at: late)?.verdict == .granted)
        #expect(court.ask(Self.director(22, pair: 2), .claiming, term: 1, at: late)?.verdict == .granted)
        #expect(court.machine.grants(now: Court.start + late) == 3)
    }

    @Test func `one that has just started grants nothing for so long, except to who has a grant`() {
        var court = Court()
        let entry = court.ask(one, .claiming, term: 5, at: .milliseconds(200))
        #expect(
            entry?.verdict == .waiting && entry?.left == UInt32((Self.kept - .milliseconds(200)).nanoseconds / 1000))
        #expect(court.ask(other, .holding, term: 4, at: .milliseconds(300))?.verdict == .waiting)
        #expect(court.ask(other, .holding, term: 4, left: 1, at: .milliseconds(400))?.verdict == .granted)
        #expect(court.ask(one, .claiming, term: 5, at: .milliseconds(500))?.verdict == .held)
    }

    @Test func `one that has just started waits for the longest takeover time of the pair`() {
        var court = Court()
        _ = court.ask(one, .none, term: 0, at: .zero, takeover: 5_000_000)
        #expect(court.ask(other, .claiming, term: 1, at: .seconds(5))?.verdict == .waiting)
        #expect(court.ask(other, .claiming, term: 1, at: .milliseconds(5300))?.verdict == .granted)
    }

    @Test(arguments: [(0, 10_000), (9000, 10_000), (60_000_000, 60_000_000), (.max, 60_000_000)] as [(UInt32, UInt32)])
    func `a grant lasts 10 ms to a minute`(asked: UInt32, granted: UInt32) {
        var court = Court()
        #expect(court.ask(one, .claiming, term: 1, at: .seconds(1000), takeover: asked)?.left == granted)
        #expect(
            court.ask(other, .claiming, term: 2, at: .seconds(1059))?.verdict == (granted > 60_000 ? .held : .granted))
        #expect(court.ask(other, .claiming, term: 2, at: .seconds(1122))?.verdict == .granted)
    }

    @Test func `what a pair can ask it to remember is bounded`() {
        var court = Court()
        let verdicts = (0..<1000).map { court.ask(one, .claiming, term: 1, group: UInt64($0), at: late)?.verdict }
        #expect(verdicts.count { $0 == .granted } == 64 && verdicts.last == GrantBody.Verdict.none)
        for life in 0..<100 {
            let who = Self.director(33, life: UInt64(life))
            #expect(court.ask(who, .claiming, term: 1, group: 2000, at: late)?.verdict == GrantBody.Verdict.none)
        }
        #expect(court.ask(one, .claiming, term: 1, group: 2000, at: late + Self.kept)?.verdict == .granted)
    }
}
