import Synchronization

/// The newest events of this director, numbered, for whoever asks.
///
/// A ring: when it is full the oldest event goes, and readers who come too late are told how many they missed.
package final class EventLog: Sendable {
    private struct State {
        var events: [Event] = []
        /// Where the oldest event stands once the ring is full.
        var head = 0
        var newest: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    package init(capacity: Int = 1000) {
        precondition(capacity > 0, "an event log holds at least one event, not \(capacity)")
        self.capacity = capacity
    }

    /// Gives the event its sequence, keeps it and wakes those who wait.
    @discardableResult
    package func append(_ event: Event) -> Event {
        let (kept, waiters) = state.withLock { state in
            state.newest += 1
            var event = event
            event.sequence = state.newest
            if state.events.count < capacity {
                state.events.append(event)
            } else {
                state.events[state.head] = event
                state.head = (state.head + 1) % capacity
            }
            defer { state.waiters = [:] }
            return (event, state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
        return kept
    }

    /// At most `limit` events after a sequence, oldest first. A sequence from an earlier life of the daemon, above
    /// anything that this one gave, counts as 0.
    package func page(after sequence: UInt64, limit: Int) -> EventPage {
        state.withLock { state in
            let after = sequence > state.newest ? 0 : sequence
            let oldest = state.newest - UInt64(state.events.count)
            let first = max(after, oldest)
            let count = min(Int(state.newest - first), max(limit, 0))
            let events = (0..<count).map { offset in
                state.events[(state.head + Int(first - oldest) + offset) % state.events.count]
            }
            return EventPage(events: events, next: first + UInt64(count), missed: first - after)
        }
    }

    /// As `page`, but waits up to `wait` for an event if there is none yet.
    package func page(after sequence: UInt64, limit: Int, wait: Duration) async -> EventPage {
        let page = page(after: sequence, limit: limit)
        guard page.events.isEmpty, wait > .zero, limit > 0 else { return page }
        await next(after: sequence, wait: wait)
        return self.page(after: sequence, limit: limit)
    }

    /// Returns when an event follows `sequence`, the time is over or the task is cancelled.
    private func next(after sequence: UInt64, wait: Duration) async {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let alarm = Task {
            try? await Task.sleep(for: wait)
            wake(waiter)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let enrolled = state.withLock { state in
                    guard state.newest <= sequence, !Task.isCancelled else { return false }
                    state.waiters[waiter] = continuation
                    return true
                }
                if !enrolled { continuation.resume() }
            }
        } onCancel: {
            wake(waiter)
        }
        alarm.cancel()
    }

    private func wake(_ waiter: UInt64) {
        let continuation = state.withLock { $0.waiters.removeValue(forKey: waiter) }
        continuation?.resume()
    }
}
