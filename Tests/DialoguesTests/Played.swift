import Agreement
import Checks
import Dialogues

extension Dialogue {
    /// How it ends when the server says these pieces and then closes.
    func outcome(of pieces: [[UInt8]]) -> Outcome {
        var dialogue = self
        if case .end(let outcome) = dialogue.begin() { return outcome }
        for piece in pieces {
            let turn = dialogue.receive(piece[...])
            switch dialogue.salting(turn) {
            case .end(let outcome): return outcome
            // Nobody speaks TLS here.
            case .secure, .sayAndSecure: return dialogue.end()
            case .listen, .say, .salt: break
            }
        }
        return dialogue.end()
    }

    func outcome(of answer: String) -> Outcome { outcome(of: [Array(answer.utf8)]) }

    /// What a turn comes to once the passwords are salted that it asks for.
    mutating func salting(_ turn: Turn) -> Turn {
        guard case .salt(let salting, let said) = turn else { return turn }
        let next = salted(SaltedPasswords.shared.salted(salting))
        return switch self.salting(next) {
        case .say(let words): .say(said + words)
        case .listen where !said.isEmpty: .say(said)
        case let other: other
        }
    }
}
