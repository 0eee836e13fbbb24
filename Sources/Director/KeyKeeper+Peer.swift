import Control
import Election
import Synchronization

extension KeyKeeper {
    /// Asks the peer to do its part of a change, or only what it has; nil where it does not answer.
    func ask(_ order: KeyOrder?, line: String? = nil) async -> KeyMessage? {
        guard organs.heartBoard.current.peerState == .heard else { return nil }
        return await questions.ask { number in
            send(KeyMessage(number: number, isAnswer: false, order: order, line: line))
        }
    }

    /// A message of the peer's, on the messenger's thread.
    func receive(_ bytes: [UInt8]) {
        guard let message = KeyMessage.read(bytes) else { return }
        if message.isAnswer {
            questions.answer(message.number, with: message)
            return
        }
        let refusal = message.order.flatMap { order in
            isBusy ? "\(local) is changing keys itself at this moment: try again" : apply(order, line: message.line)
        }
        _ = send(KeyMessage(number: message.number, isAnswer: true, keys: entries, refusal: refusal))
    }

    private var isBusy: Bool { state.withLock { $0.isBusy } }

    /// What was asked of the peer's last life is not answered any more.
    func peerBegan() { questions.abandon() }

    private func send(_ message: KeyMessage) -> Bool {
        guard let bytes = try? JSON.encode(message) else { return false }
        return organs.messenger.post(.send(.keys, bytes))
    }
}
