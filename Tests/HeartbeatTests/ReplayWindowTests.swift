import Heartbeat
import Testing

/// In the manner of wireguard-go's replay_test.go; RFC 6479.
struct ReplayWindowTests {
    /// A sequence and whether a window that has seen the ones before it takes it.
    private static let numbered: [(sequence: UInt64, isTaken: Bool)] = {
        let size = ReplayWindow.size
        return [
            (0, true), (1, true), (1, false), (9, true), (8, true), (7, true), (7, false), (size - 1, true),
            (size - 1, false), (size, true), (size - 1, false), (size, false), (size + 1, true), (size + 1, false),
            (2, true), (2, false), (size * 4, true), (size * 3 + 10, true), (size + 1, false), (size * 4 - 1, true),
            (size * 4 - 1, false), (size * 3 + 1, true), (size * 3, false), (1 << 55, true), ((1 << 55) - 1, true),
            ((1 << 55) - size, false), (3, false), (1 << 55, false), ((1 << 56) - 1, true), ((1 << 56) - 1, false),
        ]
    }()

    @Test func `takes each sequence once, in any order inside the window`() {
        var window = ReplayWindow()
        for (row, step) in Self.numbered.enumerated() {
            #expect(take(step.sequence, &window) == step.isTaken, "row \(row): \(step.sequence)")
        }
    }

    @Test func `takes whole windows forward, backward and in steps`() {
        let size = ReplayWindow.size
        let orders: [[UInt64]] = [
            Array(1...size), Array((1...size).reversed()), Array((0..<size).reversed()),
            Array(stride(from: 1, to: 20 * size, by: 7)), [size * 9] + Array((size * 8 + 1)..<(size * 9)),
        ]
        for order in orders {
            var window = ReplayWindow()
            #expect(order.allSatisfy { take($0, &window) })
            #expect(order.allSatisfy { !take($0, &window) })
        }
    }

    @Test func `says whether a sequence was seen or is too old`() {
        var window = ReplayWindow()
        window.commit(1000)
        #expect(throws: Refusal.replayed) { try window.check(1000) }
        #expect(throws: Refusal.tooOld) { try window.check(1000 - ReplayWindow.size) }
        #expect(throws: Never.self) { try window.check(1001 - ReplayWindow.size) }
    }

    @Test func `a check alone moves nothing`() {
        var window = ReplayWindow()
        window.commit(5)
        #expect(throws: Never.self) { try window.check(100_000) }
        #expect(take(4, &window))
    }

    private func take(_ sequence: UInt64, _ window: inout ReplayWindow) -> Bool {
        do {
            try window.check(sequence)
            window.commit(sequence)
            return true
        } catch {
            return false
        }
    }
}
