import Agreement
import Dialogues
import Testing

/// One step of a conversation as it went over the wire.
enum Recorded: Sendable {
    case client([UInt8])
    case server([UInt8])

    /// From here on within TLS, which is not recorded.
    case secured

    static func client(_ text: String) -> Recorded { .client(Array(text.utf8)) }
    static func server(_ text: String) -> Recorded { .server(Array(text.utf8)) }
}

extension Dialogue {
    /// Plays the server's part byte by byte, and has every word of the client's be as it was recorded. Where the
    /// recording ends without an outcome the server closes.
    func play(_ recording: [Recorded], at place: SourceLocation = #_sourceLocation) -> Outcome {
        var dialogue = self
        var turn = dialogue.begin()
        for (number, step) in recording.enumerated() {
            switch (step, turn) {
            case (_, .end(let outcome)):
                Issue.record("it ended with \(outcome) before step \(number)", sourceLocation: place)
                return outcome
            case (.client(let words), .say(let said)):
                #expect(said == words, "step \(number)", sourceLocation: place)
                turn = .listen
            case (.client(let words), .sayAndSecure(let said)):
                #expect(said == words, "step \(number)", sourceLocation: place)
                turn = .secure
            case (.secured, .secure): turn = dialogue.begin()
            case (.server(let words), .listen): turn = dialogue.hear(words)
            default: Issue.record("step \(number) is not \(turn)", sourceLocation: place)
            }
        }
        if case .end(let outcome) = turn { return outcome }
        return dialogue.end()
    }

    /// What follows of words that come byte by byte, in which only the last one may change anything.
    private mutating func hear(_ words: [UInt8]) -> Turn {
        var turn = Turn.listen
        for byte in words {
            if turn != .listen { Issue.record("\(turn) came before the end of \(words)") }
            let next = receive([byte])
            turn = salting(next)
        }
        return turn
    }
}
