import Commands
import Drills
import Testing

struct DrillTextTests {
    private static let address = "192.0.2.10"

    private static func round(_ number: Int = 1, broken: [BrokenRule] = []) -> Round {
        let moments = [
            Moment(-700, .address, "lb1", address: address, isThere: true),
            Moment(0, .begun, "lb1"),
            Moment(301.2, .role, "lb2", from: "backup", to: "claiming", term: 5, silenceMS: 350.1),
            Moment(301.4, .address, "lb2", address: address, isThere: true),
            Moment(301.6, .role, "lb2", from: "claiming", to: "active", term: 5),
            Moment(4200.4, .ended, "lb1"),
            Moment(4250, .role, "lb1", from: "active", to: "releasing", term: 5),
            Moment(4250.4, .address, "lb1", address: address, isThere: false),
            Moment(4251, .role, "lb1", from: "releasing", to: "backup", term: 5),
            Moment(4300, .settled), Moment(4801, .over),
        ]
        let outage = Outage(address: address, lost: 302, longestMS: 302.9, answeredMS: 302.1)
        var round = Round(number: number, holder: "lb1", other: "lb2", timeline: moments, outages: [outage])
        round.broken = broken
        return round
    }

    private static let facts = PairFacts(pair: "lab", intervalMS: 100, misses: 3)

    @Test func `shows a drill in a table, and how its last round went`() {
        let report = DrillReport(pair: Self.facts, drills: [DrillSeries(drill: .cut, rounds: [Self.round()])])
        #expect(
            DrillText.report(report) == """
                pair lab, 100 ms × 3, keep-active, margin 5 ms

                DRILL  PASSED     DETECTED AFTER, MS             OUTAGE, MS  PROBES LOST
                cut    1 of 1  301.2 / 301.2 / 301.2  302.9 / 302.9 / 302.9          302

                The last round of each, in seconds:
                  cut: 0.000 cut lb1 · 0.302 lb2 active, term 5 · 4.200 ended · 4.250 lb1 off the wire · 4.251 lb1 backup \
                · 4.300 one pair

                No rule was broken.

                """)
    }

    @Test func `names the rule that was broken`() {
        let broken = BrokenRule(rule: 4, sentence: "two actives for 812.0 ms, 155.0 ms allowed")
        var report = DrillReport(
            pair: Self.facts,
            drills: [DrillSeries(drill: .oneWayCut, rounds: [Self.round(), Self.round(2, broken: [broken])])])
        #expect(
            DrillText.report(report).hasSuffix(
                "FAIL  one-way-cut, round 2: rule 4: two actives for 812.0 ms, 155.0 ms allowed\n"))
        #expect(DrillText.report(report).contains("one-way-cut  1 of 2"))
        report.failure = "freeze, round 1: the fault program is gone"
        #expect(DrillText.report(report).hasSuffix("FAIL  freeze, round 1: the fault program is gone\n"))
    }

    @Test func `says how a round went in a line`() {
        #expect(
            DrillText.progress(Self.round(3), of: .cut)
                == "cut 3: pass  detected after 301.2 ms, outage 302.9 ms\n")
        let broken = DrillText.progress(
            Self.round(3, broken: [BrokenRule(rule: 3, sentence: "lb2 did not take over")]), of: .cut)
        #expect(broken.hasPrefix("cut 3: FAIL  rule 3: lb2 did not take over\n  0.000 cut lb1"))
    }

    @Test func `lists every drill with what it proves`() {
        let lines = DrillText.list().split(separator: "\n")
        #expect(lines.count == Drill.allCases.count + 1)
        #expect(lines[0].hasPrefix("DRILL              ON         WHAT HAPPENS"))
        #expect(lines.contains { $0.hasPrefix("handover           live pair  An operator asks for a handover.") })
        #expect(lines.count { $0.contains("live pair  ") } == 1)
    }
}
