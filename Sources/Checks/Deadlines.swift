import NIOCore

/// Until when each of thousands may wait that have few different timeouts. Those of one timeout are late in the order
/// in which they began.
struct Deadlines {
    private struct Queue {
        var timeout: TimeAmount
        var entries = CircularBuffer<(mark: UInt64, deadline: NIODeadline)>()
    }

    private var queues: [Queue] = []

    /// - Parameters:
    ///   - mark: no other one's, ever.
    ///   - start: not before that of the one before.
    mutating func insert(_ mark: UInt64, in timeout: TimeAmount, from start: NIODeadline = .now()) {
        let entry = (mark: mark, deadline: start + timeout)
        if let index = queues.firstIndex(where: { $0.timeout == timeout }) {
            queues[index].entries.append(entry)
        } else {
            queues.append(Queue(timeout: timeout, entries: [entry]))
        }
    }

    /// Takes out one that still waits and is late; nil: none is.
    mutating func popLate(_ now: NIODeadline, isWaiting: (UInt64) -> Bool) -> UInt64? {
        defer { queues.removeAll { $0.entries.isEmpty } }
        for index in queues.indices {
            while let first = queues[index].entries.first {
                let waits = isWaiting(first.mark)
                guard first.deadline <= now || !waits else { break }
                queues[index].entries.removeFirst()
                if waits { return first.mark }
            }
        }
        return nil
    }
}
