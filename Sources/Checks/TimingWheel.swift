package import Addresses

/// What is due when: a hashed timing wheel, in which putting in and taking out cost the same however many wait
/// (Varghese and Lauck 1987, scheme 6).
///
/// Time is counted in ticks. Nothing comes before it is due, and what is asked for at each tick comes at most one tick
/// late. What is due more than a turn of the wheel ahead is passed by until its turn has come.
package struct TimingWheel<Element> {
    private struct Entry {
        var tick: UInt64
        var element: Element
    }

    private let tick: UInt64
    private var slots: [[Entry]]
    /// The newest tick that is over.
    private var position: UInt64
    private var count = 0

    /// - Parameters:
    ///   - tick: the finest difference in time, at least 1 ns.
    ///   - slots: how many ticks a turn has, at least 1.
    package init(tick: Duration, slots: Int, start: Instant) {
        precondition(tick.nanoseconds >= 1 && slots >= 1, "a wheel of \(slots) slots, \(tick) each, does not turn")
        self.tick = UInt64(tick.nanoseconds)
        self.slots = Array(repeating: [], count: slots)
        position = start.nanoseconds / self.tick
    }

    /// When to ask again: nothing is due earlier, though something need not be due then. Absent: nothing waits.
    package var next: Instant? {
        guard count > 0 else { return nil }
        var turn = position + 1
        while slots[slot(turn)].isEmpty { turn += 1 }
        return Instant(nanoseconds: turn * tick)
    }

    /// Waits from now on; what is due already comes with the next tick.
    ///
    /// - Returns: when it will come.
    @discardableResult
    package mutating func insert(_ element: Element, due: Instant) -> Instant {
        let (ticks, rest) = due.nanoseconds.quotientAndRemainder(dividingBy: tick)
        let entry = Entry(tick: max(rest == 0 ? ticks : ticks + 1, position + 1), element: element)
        slots[slot(entry.tick)].append(entry)
        count += 1
        return Instant(nanoseconds: entry.tick * tick)
    }

    /// Takes out what is due at `now`, in the order of its ticks if it is asked at least once a turn.
    package mutating func advance(to now: Instant, into due: inout [Element]) {
        let last = now.nanoseconds / tick
        guard last > position else { return }
        for turn in (position + 1)...min(last, position + UInt64(slots.count)) where !slots[slot(turn)].isEmpty {
            let before = slots[slot(turn)].count
            slots[slot(turn)].removeAll { entry in
                guard entry.tick <= last else { return false }
                due.append(entry.element)
                return true
            }
            count -= before - slots[slot(turn)].count
        }
        position = last
    }

    /// Takes out what need not wait any more.
    package mutating func removeAll(where isUnwanted: (Element) -> Bool) {
        for index in slots.indices where !slots[index].isEmpty {
            slots[index].removeAll { isUnwanted($0.element) }
        }
        count = slots.reduce(0) { $0 + $1.count }
    }

    private func slot(_ tick: UInt64) -> Int { Int(tick % UInt64(slots.count)) }
}
