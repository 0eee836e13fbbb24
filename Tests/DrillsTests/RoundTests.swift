import Drills
import Testing

/// A pair at 50 ms x 4: claims after 200 ms of silence, after 250 where a policy asks somebody; leases of 2 s.
enum Rounds {
    static func facts(_ policy: PartitionPolicy = .keepActive) -> PairFacts {
        PairFacts(pair: "lab", policy: policy, intervalMS: 50, misses: 4)
    }

    /// lb1 is active; its address is on its wire from before.
    static func round(_ moments: [Moment], outages: [Outage] = [], after: String? = "lb1") -> Round {
        let frame = [
            Moment(-900, .address, "lb1", address: "192.0.2.10", isThere: true), Moment(0, .begun, "lb1"),
            Moment(9000, .over),
        ]
        return Round(holder: "lb1", other: "lb2", timeline: frame + moments, outages: outages, holderAfter: after)
    }

    /// lb2 takes over after so much silence, its address comes with it; lb1's goes at `gone`, and the fault ends at 4 s.
    static func takeover(
        silence: Double? = 200.4, at: Double = 180, gone: Double? = nil, settled: Bool = true, more: [Moment] = [],
        outages: [Outage] = [Outage(address: "192.0.2.10", lost: 181, longestMS: 181.5, answeredMS: 181)]
    ) -> Round {
        var moments = [
            Moment(at, .role, "lb2", from: "backup", to: "claiming", term: 5, silenceMS: silence),
            Moment(at + 0.3, .address, "lb2", address: "192.0.2.10", isThere: true),
            Moment(at + 0.5, .role, "lb2", from: "claiming", to: "active", term: 5),
            Moment(4000, .ended, "lb1"),
        ]
        if let gone { moments.append(Moment(gone, .address, "lb1", address: "192.0.2.10", isThere: false)) }
        if settled { moments.append(Moment(4060, .settled)) }
        return round(moments + more, outages: outages, after: "lb2")
    }

    static func quiet(_ more: [Moment] = [], outages: [Outage] = [], after: String? = "lb1") -> Round {
        round([Moment(4000, .ended, "lb1"), Moment(4010, .settled)] + more, outages: outages, after: after)
    }
}

@Suite struct RoundTests {
    private func rules(_ round: Round, _ drill: Drill, _ policy: PartitionPolicy = .keepActive) -> [Int] {
        round.judged(drill.expectation(Rounds.facts(policy))).map(\.rule)
    }

    @Test func `a takeover in time passes`() {
        #expect(rules(Rounds.takeover(gone: 4040), .cut) == [])
        #expect(rules(Rounds.takeover(silence: 250.2, at: 230, gone: 170), .cut, .requireGateway) == [])
    }

    @Test(arguments: [(198.9, [3]), (199.1, []), (204.9, []), (205.1, [3]), (nil, [3])])
    func `a director takes over neither early nor late, nor from one it never heard`(silence: Double?, broken: [Int]) {
        #expect(rules(Rounds.takeover(silence: silence, gone: 4040, outages: []), .cut) == broken)
    }

    @Test func `an address that answers too late after the last heartbeat breaks rule 3`() {
        let late = [Outage(address: "192.0.2.10", lost: 190, longestMS: 190, answeredMS: 190)]
        let round = Rounds.takeover(gone: 4040, outages: late)
        #expect(
            round.judged(Drill.cut.expectation(Rounds.facts())).map(\.line) == [
                "rule 3: 192.0.2.10 answered 210.4 ms after the last heartbeat, 205.0 ms allowed"
            ])
    }

    @Test func `an address that never answers again breaks the drill's rule`() {
        #expect(rules(Rounds.takeover(gone: 4040, outages: [Outage(address: "v", lost: 9)]), .cut) == [3])
        #expect(rules(Rounds.quiet(outages: [Outage(address: "v", lost: 9)]), .rtnl) == [3])
    }

    @Test func `two actives are allowed where the policy allows them, and not otherwise`() {
        let round = Rounds.takeover(silence: 250.2, at: 230, gone: 4040)
        #expect(rules(round, .cut, .requireGateway) == [4])
        #expect(rules(round, .cut, .requireWitness) == [4])
        #expect(rules(round, .partition, .requireGateway) == [])
    }

    @Test func `two actives are named with their time`() {
        let round = Rounds.takeover(gone: 992.3, outages: [])
        let broken = round.judged(Drill.oneWayCut.expectation(Rounds.facts()))
        #expect(broken.map(\.line) == ["rule 4: two actives for 812.0 ms, 155.0 ms allowed"])
    }

    @Test(arguments: [(4154.0, []), (4156.0, [4])])
    func `a partition that heals leaves one active soon`(gone: Double, broken: [Int]) {
        #expect(rules(Rounds.takeover(gone: gone), .cut) == broken)
    }

    @Test func `two actives that stay are counted to the end`() {
        #expect(rules(Rounds.takeover(), .cut) == [4])
    }

    @Test(arguments: [Drill.kill, .freeze], [(2454.0, []), (2456.0, [5])])
    func `a dead director's address leaves within lease and takeover`(drill: Drill, gone: (Double, [Int])) {
        #expect(rules(Rounds.takeover(gone: gone.0, outages: []), drill) == gone.1)
    }

    @Test func `a dead director's address that stays breaks rules 4 and 5`() {
        #expect(rules(Rounds.takeover(outages: []), .kill) == [4, 4, 5])
    }

    @Test func `a frozen director that takes its address back breaks rule 4`() {
        let back = [
            Moment(4100, .address, "lb1", address: "192.0.2.10", isThere: true),
            Moment(4400, .address, "lb1", address: "192.0.2.10", isThere: false),
        ]
        #expect(rules(Rounds.takeover(gone: 2100, outages: []), .freeze) == [])
        #expect(rules(Rounds.takeover(gone: 2100, more: back, outages: []), .freeze) == [4])
    }

    @Test func `nobody who takes over breaks the drill's rule`() {
        #expect(rules(Rounds.quiet(), .cut) == [3])
        #expect(rules(Rounds.quiet(), .handover) == [6])
        #expect(rules(Rounds.quiet(), .linkDown) == [10])
        #expect(rules(Rounds.quiet(after: nil), .stop) == [6])
    }

    @Test func `a group that goes back and forth breaks the drill's rule`() {
        let back = Moment(2000, .role, "lb1", from: "backup", to: "claiming")
        #expect(rules(Rounds.takeover(gone: 4040, more: [back], outages: []), .cut) == [3])
    }

    @Test(arguments: [
        (Drill.loss, 3), (.starvation, 3), (.rtnl, 3), (.restart, 7), (.gatewayLossBoth, 9), (.witnessLoss, 9),
    ])
    func `a role that must stay stays`(drill: Drill, rule: Int) {
        #expect(rules(Rounds.quiet(), drill) == [])
        let moved = Rounds.quiet([Moment(300, .role, "lb2", to: "claiming", reason: "the peer is lost")], after: "lb2")
        #expect(rules(moved, drill) == [rule])
        // Even when it came back until the end.
        #expect(rules(Rounds.quiet([Moment(300, .role, "lb2", to: "claiming")]), drill) == [rule])
        #expect(rules(Rounds.quiet(after: nil), drill) == [rule])
    }

    @Test func `only a restarted director's own role may come and go`() {
        let own = Rounds.quiet([Moment(90, .role, "lb1", to: "returning"), Moment(190, .role, "lb1", to: "active")])
        #expect(rules(own, .restart) == [])
        #expect(rules(own, .rtnl) == [3])
    }

    @Test(arguments: [Drill.handover, .stop, .gatewayLossOne, .restart, .gatewayLossBoth, .witnessLoss])
    func `a planned change loses no probe`(drill: Drill) {
        let one = [Outage(address: "v", lost: 1, longestMS: 2, answeredMS: 5)]
        let moves = drill.expectation(Rounds.facts()).moves
        let good = moves ? Rounds.takeover(gone: 190, outages: []) : Rounds.quiet()
        #expect(rules(good, drill) == [])
        #expect(rules(moves ? Rounds.takeover(gone: 190, outages: one) : Rounds.quiet(outages: one), drill).count == 1)
    }

    @Test(arguments: [(54.9, []), (55.1, [10])])
    func `a lost carrier costs an interval`(longest: Double, broken: [Int]) {
        let outage = Outage(address: "v", lost: 50, longestMS: longest, answeredMS: 60)
        #expect(rules(Rounds.takeover(at: 52, gone: 60, outages: [outage]), .linkDown) == broken)
    }

    @Test func `a witness lets nobody take over from an active director that it hears`() {
        #expect(rules(Rounds.quiet(), .partition, .requireWitness) == [])
        #expect(rules(Rounds.takeover(gone: 4040), .partition, .requireWitness).contains(9))
        #expect(rules(Rounds.takeover(gone: 4040), .oneWayCut, .requireWitness).contains(3))
    }

    @Test func `a foreign claim is noticed in time`() {
        #expect(rules(Rounds.quiet(), .foreignClaim) == [11])
        #expect(rules(Rounds.quiet([Moment(900, .alarm, "lb1")]), .foreignClaim) == [])
        #expect(rules(Rounds.quiet([Moment(1200, .alarm, "lb1")]), .foreignClaim) == [11])
        #expect(rules(Rounds.quiet([Moment(900, .alarm, "lb2")]), .foreignClaim) == [11])
    }

    @Test(arguments: Drill.allCases)
    func `a pair that is not one again breaks rule 4, whatever the drill was`(drill: Drill) {
        #expect(rules(Rounds.takeover(gone: 190, settled: false), drill).contains(4))
    }

    @Test func `a probe's report becomes an outage on the drill's clock`() {
        var report = ProbeReport(target: "192.0.2.10", sent: 900, lost: 12)
        report.gaps = [
            .init(lost: 2, lastAnswered: 5_000_000, firstAnswered: 8_000_000),
            .init(lost: 10, lastAnswered: 20_000_000, firstAnswered: 31_000_000),
        ]
        #expect(
            Outage(report, origin: 6_000_000)
                == Outage(address: "192.0.2.10", lost: 12, longestMS: 11, answeredMS: 25))
        report.gaps.append(.init(lost: 1, lastAnswered: 40_000_000, firstAnswered: nil))
        #expect(Outage(report, origin: 6_000_000).answeredMS == nil)
    }

    @Test func `a series adds its rounds up`() {
        var series = DrillSeries(drill: .cut, rounds: [Rounds.takeover(at: 180), Rounds.takeover(at: 200)])
        series.rounds[1].broken = [BrokenRule(rule: 3, sentence: "late")]
        #expect(series.passed == 1)
        #expect(series.detection?.mean == 190)
        #expect(series.outage?.greatest == 181.5)
        #expect(series.mostLost == 181)
        #expect(series.brokenConnections == nil)
        #expect(!DrillReport(pair: Rounds.facts(), drills: [series]).passes)
    }

    @Test func `leases are those of the directors`() {
        #expect(Rounds.facts().leaseMS == 2000)
        #expect(PairFacts(pair: "", intervalMS: 200, misses: 5).leaseMS == 3000)
        #expect(PairFacts(pair: "", intervalMS: 500, misses: 6).leaseMS == 7000)
    }
}
