import Agreement
import Checks
import Linux
import Settings
import Synchronization

/// What the checker has to say, on its way to the arbiter: nothing of it is lost, however long that one is busy, and
/// the lock is held only to append. Whatever waits there when the arbiter comes is one batch.
final class ArbiterLine: Sendable {
    struct Batch: Sendable {
        /// In the order in which they came.
        var verdicts: [VerdictChange] = []
        /// Of each server all that was said so far.
        var advice: [ServerKey: Advice] = [:]

        var isEmpty: Bool { verdicts.isEmpty && advice.isEmpty }

        /// Of each server the last verdict is enough.
        fileprivate mutating func shorten() {
            var newest: [ServerKey: Int] = [:]
            for (index, change) in verdicts.enumerated() { newest[change.server] = index }
            verdicts = verdicts.enumerated().filter { newest[$1.server] == $0 }.map(\.element)
        }
    }

    // Implementation constant: so many verdicts wait before it is looked whether there are several of one server. Twice
    // as many as there are servers whose verdicts are kept.
    static let longest = 2 * SharedVerdicts.mostServers

    private let batch = Mutex(Batch())
    private let wakeup: Wakeup

    init(_ wakeup: Wakeup) { self.wakeup = wakeup }

    func put(_ verdicts: [VerdictChange]) {
        batch.withLock { batch in
            batch.verdicts += verdicts
            if batch.verdicts.count > Self.longest { batch.shorten() }
        }
        wakeup.ring()
    }

    func put(_ advice: [ServerKey: Advice]) {
        batch.withLock { $0.advice.merge(advice) { $1 } }
        wakeup.ring()
    }

    func take() -> Batch {
        batch.withLock { batch in
            defer { batch = Batch() }
            return batch
        }
    }
}
