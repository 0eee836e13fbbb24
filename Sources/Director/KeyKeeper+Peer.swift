import Control
import Election
import Synchronization

extension KeyKeeper {
    /// Longer than the stream needs under a bad loss.
    private static let patience = Duration.seconds(5)

    /// Asks the peer to do its part of a change, or only what it has; nil where it does not answer.
    func ask(_ order: KeyOrder?, line: String? = nil) async -> KeyMessage? {
        guard organs.heartBoard.current.peerState == .heard else { return nil }
        return await withCheckedContinuation { continuation in
            let number = state.withLock { state in
                state.nextNumber += 1
                state.waiting[state.nextNumber] = continuation
                return state.nextNumber
            }
            Task {
                try? await Task.sleep(for: Self.patience)
                resume(number, with: nil)
            }
            if !send(KeyMessage(number: number, isAnswer: false, order: order, line: line)) {
                resume(number, with: nil)
            }
        }
    }

    /// A message of the peer's, on the messenger's thread.
    func receive(_ bytes: [UInt8]) {
        guard let message = KeyMessage.read(bytes) else { return }
        if message.isAnswer {
            resume(message.number, with: message)
            return
        }
        let refusal = message.order.flatMap { order in
            isBusy ? "\(local) is changing keys itself at this moment: try again" : apply(order, line: message.line)
        }
        _ = send(KeyMessage(number: message.number, isAnswer: true, keys: entries, refusal: refusal))
    }

    private var isBusy: Bool { state.withLock { $0.isBusy } }

    /// What was asked of the peer's last life is not answered any more.
    func peerBegan() {
        for number in state.withLock({ Array($0.waiting.keys) }) { resume(number, with: nil) }
    }

    private func resume(_ number: UInt64, with answer: KeyMessage?) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: answer)
    }

    private func send(_ message: KeyMessage) -> Bool {
        guard let bytes = try? JSON.encode(message) else { return false }
        return organs.messenger.post(.send(.keys, bytes))
    }
}
