package import Linux
import Synchronization

/// A bounded queue into a thread that sleeps in a `Poller`. The lock is held only to copy.
package final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var dropped: UInt64 = 0
    }

    private let capacity: Int
    private let state: Mutex<State>
    package let wakeup: Wakeup

    package init(capacity: Int = 512) throws(SystemError) {
        self.capacity = capacity
        wakeup = try Wakeup()
        var first = State()
        first.messages.reserveCapacity(capacity)
        state = Mutex(first)
    }

    /// False when the queue is full and the message is lost.
    @discardableResult
    package func post(_ message: Message) -> Bool {
        let isPosted = state.withLock { state in
            guard state.messages.count < capacity else {
                state.dropped += 1
                return false
            }
            state.messages.append(message)
            return true
        }
        // Each time: the thread that posted the first one may be kept from ringing by the one that posts now.
        wakeup.ring()
        return isPosted
    }

    /// Swaps everything that waits into `batch`, which lends its room in return.
    package func drain(into batch: inout [Message]) {
        wakeup.answer()
        batch.removeAll(keepingCapacity: true)
        state.withLock { swap(&$0.messages, &batch) }
    }

    package var dropped: UInt64 { state.withLock { $0.dropped } }
}
