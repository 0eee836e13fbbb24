import Addresses

/// What is going to happen, in the order of time; of things at the same instant, what was planned first.
///
/// The heap holds two numbers for each event; the events themselves stay where they were put.
struct EventQueue<Event> {
    private struct Entry {
        var at: UInt64
        /// The order of planning, and in the lower bits where the event stands.
        var key: UInt64

        func comesBefore(_ other: Entry) -> Bool {
            at == other.at ? key < other.key : at < other.at
        }
    }

    // Implementation constant: a million events wait at once, at most.
    private static var slotBits: UInt64 { 20 }

    private var heap: [Entry] = []
    private var events: [Event?] = []
    private var free: [Int] = []
    private var planned: UInt64 = 0

    var nextAt: Instant? { heap.first.map { Instant(nanoseconds: $0.at) } }

    mutating func plan(_ event: Event, at instant: Instant) {
        let slot = free.popLast() ?? events.count
        if slot == events.count { events.append(event) } else { events[slot] = event }
        precondition(slot < 1 << Self.slotBits, "too many events wait in the simulation")
        planned += 1
        rise(Entry(at: instant.nanoseconds, key: planned << Self.slotBits | UInt64(slot)))
    }

    mutating func next() -> Event? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty { sink(last) }
        let slot = Int(first.key & (1 << Self.slotBits - 1))
        free.append(slot)
        return events[slot].take()
    }

    private mutating func rise(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0, entry.comesBefore(heap[(child - 1) / 2]) {
            heap[child] = heap[(child - 1) / 2]
            child = (child - 1) / 2
        }
        heap[child] = entry
    }

    /// Finds the place of what stood last, from the top.
    private mutating func sink(_ entry: Entry) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].comesBefore(heap[child]) { child += 1 }
            guard heap[child].comesBefore(entry) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = entry
    }
}
