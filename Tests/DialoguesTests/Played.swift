import Agreement
import Dialogues

extension Dialogue {
    /// How it ends when the server says these pieces and then closes.
    func outcome(of pieces: [[UInt8]]) -> Outcome {
        var dialogue = self
        if case .end(let outcome) = dialogue.begin() { return outcome }
        for piece in pieces {
            switch dialogue.receive(piece[...]) {
            case .end(let outcome): return outcome
            // Nobody speaks TLS here.
            case .secure, .sayAndSecure: return dialogue.end()
            case .listen, .say: break
            }
        }
        return dialogue.end()
    }

    func outcome(of answer: String) -> Outcome { outcome(of: [Array(answer.utf8)]) }
}
