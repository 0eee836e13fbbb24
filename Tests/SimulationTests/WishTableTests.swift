import Pages
import Simulation
import Testing

/// The table of Docs/Election.md about standby and pause, played.
struct WishTableTests {
    private static let happenings: [String: @Sendable (inout SimulatedPair) -> Void] = [
        "the holder dies": { $0.crash(.lb1) },
        "the holder is told to stop": { $0.terminate(.lb1) },
        "the holder becomes unfit": { $0.setFitness(0, of: .lb1) },
        "the group prefers the other one": { _ in },
        "a handover is asked for": { $0.handOver(at: .lb1) },
        "the holder goes into standby": { $0.setStandby(of: .lb1, at: .lb2) },
        "the other one dies": { $0.crash(.lb2) },
        "both restart": { pair in
            for seat in Seat.allCases {
                pair.restart(seat)
                pair.run(for: .milliseconds(400))
                pair.start(seat)
                pair.run(for: .seconds(1))
            }
        },
    ]

    private static let wishes: [String: @Sendable (inout SimulatedPair) -> Void] = [
        "as usual": { _ in },
        "while paused": { $0.pause(seconds: 600, at: .lb2) },
        "other one in standby": { $0.setStandby(of: .lb2, at: .lb1) },
    ]

    private static let rows = Page.rows(of: Page("Docs/Election.md").section("## Standby and pause"))

    @Test func `the page has a row for everything that is played, and nothing else`() throws {
        let heading = try #require(Self.rows.first)
        #expect(Set(heading.dropFirst()) == Set(Self.wishes.keys))
        #expect(Set(Self.rows.dropFirst(2).map { $0[0] }) == Set(Self.happenings.keys))
    }

    @Test(arguments: rows.dropFirst(2))
    func `the page's row is what the pair does`(row: [String]) throws {
        let heading = try #require(Self.rows.first)
        for (column, cell) in row.enumerated().dropFirst() {
            let wish = try #require(Self.wishes[heading[column]])
            let happening = try #require(Self.happenings[row[0]], "\(row[0])")
            let pair = play(prefersOther: row[0].contains("prefers"), wish, happening)
            let holders: [Seat] = cell == "moves" ? [.lb2] : cell == "stays" ? [.lb1] : []
            #expect(pair.holders() == holders, "\(row[0]), \(heading[column])\n\(pair.story)")
            if cell != "nobody", !row[0].contains("dies") {
                #expect(pair.oracle.vacancy == [.zero], "\(row[0]), \(heading[column])\n\(pair.story)")
            }
            expectPeace(pair)
        }
    }

    /// lb1 holds the group when it begins.
    private func play(
        prefersOther: Bool, _ wish: (inout SimulatedPair) -> Void, _ happening: (inout SimulatedPair) -> Void
    ) -> SimulatedPair {
        var options = SimulatedPair.Options()
        options.groups = [
            .init(name: "web", prefers: prefersOther ? .lb2 : .lb1, preempt: prefersOther ? .seconds(3) : nil)
        ]
        var pair = SimulatedPair(options)
        pair.start(.lb1)
        pair.run(for: .seconds(2))
        pair.start(.lb2)
        pair.run(for: .seconds(1))
        pair.startWatch()
        wish(&pair)
        pair.run(for: .milliseconds(500))
        happening(&pair)
        pair.run(for: .seconds(8))
        return pair
    }
}
