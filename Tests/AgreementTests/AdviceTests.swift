import Agreement
import Testing

struct AdviceTests {
    /// What was said one after the other, and what becomes of a weight of 50.
    static let rows: [([Advice], UInt32, Bool, String)] = [
        ([Advice()], 50, false, ""),
        ([Advice(percent: 50)], 25, false, "50%"),
        ([Advice(percent: 1)], 1, false, "1%"),
        ([Advice(percent: 0)], 0, false, "0%"),
        ([Advice(percent: 100)], 50, false, ""),
        ([Advice(mode: .drain)], 0, false, "drain"),
        ([Advice(mode: .drain), Advice(percent: 75)], 0, false, "drain, 75%"),
        ([Advice(percent: 75, mode: .drain), Advice(mode: .ready)], 37, false, "75%"),
        ([Advice(state: .down), Advice(percent: 75)], 37, true, "down, 75%"),
        ([Advice(state: .stopped), Advice(mode: .ready)], 50, true, "stopped"),
        ([Advice(state: .fail), Advice(state: .up)], 50, false, ""),
        ([Advice(mode: .maint), Advice(state: .up)], 50, true, "maint"),
        ([Advice(fixed: 8), Advice(percent: 25)], 2, false, "weight 8, 25%"),
        ([Advice(fixed: 8), Advice(fixed: 0)], 0, false, "weight 0"),
        ([Advice(fixed: 8), Advice(mode: .drain)], 0, false, "drain, weight 8"),
        ([Advice(mode: .maint), Advice(mode: .drain)], 0, false, "drain"),
    ]

    @Test(arguments: rows)
    func `only what is said anew changes`(said: [Advice], weight: UInt32, isOut: Bool, words: String) {
        var advice = Advice()
        for newer in said { advice.take(newer) }
        #expect(advice.weight(of: 50) == weight)
        #expect(advice.isOut == isOut)
        #expect("\(advice)" == words)
    }

    @Test func `no weight is too small or too large for a percentage`() {
        #expect(Advice(percent: 99).weight(of: 1) == 1)
        #expect(Advice(percent: 50).weight(of: 0) == 0)
        #expect(Advice(percent: 99).weight(of: 2_147_483_647) == 2_126_008_810)
        #expect(Advice(percent: 255).weight(of: 7) == 7)
    }
}
