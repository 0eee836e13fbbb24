import Drills
import Pages
import Testing

@Suite struct DrillPageTests {
    private static let page = Page("Docs/Drills.md")

    @Test func `the page lists every drill, and no other`() {
        let rows = Page.rows(of: Self.page.section("## The drills")).dropFirst(2)
        #expect(rows.map { $0[0] } == Drill.allCases.map { "`\($0.rawValue)`" })
    }

    @Test(arguments: Drill.allCases, PartitionPolicy.allCases)
    func `the page explains every rule that a drill may break`(drill: Drill, policy: PartitionPolicy) {
        let rows = Page.rows(of: Self.page.section("## The rules")).dropFirst(2)
        let rules = Set(rows.compactMap { Int($0[0]) })
        let worst = Rounds.round([], outages: [Outage(address: "v", lost: 1)], after: nil)
        let broken = worst.judged(drill.expectation(Rounds.facts(policy))).map(\.rule)
        #expect(!broken.isEmpty)
        #expect(Set(broken).isSubset(of: rules))
    }
}
