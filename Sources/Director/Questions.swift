import Synchronization

/// Questions that were put to the peer through the stream, and who waits for the answers.
final class Questions<Answer: Sendable>: Sendable {
    private struct State {
        var next: UInt64 = 1
        var waiting: [UInt64: CheckedContinuation<Answer?, Never>] = [:]
    }

    // Implementation constant: longer than the stream needs under a bad loss.
    private let patience = Duration.seconds(5)
    private let state = Mutex(State())

    /// Puts a question under a number of its own; nil where no answer came in time, the peer began anew, or `send` says
    /// that it cannot be put.
    func ask(_ send: (UInt64) -> Bool) async -> Answer? {
        await withCheckedContinuation { continuation in
            let number = state.withLock { state in
                state.next += 1
                state.waiting[state.next] = continuation
                return state.next
            }
            Task {
                try? await Task.sleep(for: patience)
                answer(number, with: nil)
            }
            if !send(number) { answer(number, with: nil) }
        }
    }

    /// An answer to a question that nobody waits for any more is dropped.
    func answer(_ number: UInt64, with answer: Answer?) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: answer)
    }

    /// What was asked of the peer's last life is not answered any more.
    func abandon() {
        for number in state.withLock({ Array($0.waiting.keys) }) { answer(number, with: nil) }
    }
}
