import Election
import Heartbeat
import Pages
import Testing

/// Docs/Election.md and the code say the same, for every pair of role and input.
struct TransitionTableTests {
    private struct Row: Hashable {
        var role: Role
        var input: Input
    }

    @Test func `the page's table is what the machine does`() throws {
        let rows = try rowsOfPage()
        #expect(rows.count == 43)
        for role in Role.allCases {
            for input in Input.allCases {
                let unchanged = GroupElection.Outcome(role: role, tasks: [], reason: nil)
                let expected = rows[Row(role: role, input: input)] ?? unchanged
                #expect(GroupElection.rehearse(input, in: role) == expected, "\(role) × \(input)")
            }
        }
    }

    @Test func `every input has a row`() throws {
        let named = Set(try rowsOfPage().keys.map(\.input))
        #expect(Set(Input.allCases).subtracting(named).isEmpty)
    }

    private func rowsOfPage() throws -> [Row: GroupElection.Outcome] {
        var rows: [Row: GroupElection.Outcome] = [:]
        for cells in Page.rows(of: Page("Docs/Election.md").text) {
            guard cells.count == 5, let role = named(cells[0], Role.self) else { continue }
            let input = try #require(named(cells[1], Input.self), "\(cells)")
            let next = try #require(named(cells[2], Role.self), "\(cells)")
            let tasks = try cells[3].split(separator: ",").map {
                try #require(named($0.filter { $0 != " " }, HandOrder.Task.self), "\(cells)")
            }
            let key = Row(role: role, input: input)
            #expect(rows[key] == nil, "twice: \(cells)")
            rows[key] = .init(role: next, tasks: tasks, reason: named(cells[4], Reason.self))
        }
        return rows
    }

    private func named<Value: CaseIterable>(_ name: String, _: Value.Type) -> Value? {
        Value.allCases.first { "\($0)" == name }
    }
}
