package import Agreement

/// A dialogue that cuts what a server says into pieces, each of which a script answers.
package protocol ScriptedDialogue: Dialogue {
    /// Once it is over.
    var outcome: Outcome? { get set }

    /// Whether the server may close now, for all that had to be said was.
    var mayClose: Bool { get }

    /// What the script says to the piece that this byte ends, if it does.
    mutating func take(_ byte: UInt8) -> Turn

    /// What becomes of a script that wants to go on within TLS.
    ///
    /// - Parameter isLast: whether the server has said nothing behind it yet.
    func secure(isLast: Bool) -> Turn
}

extension ScriptedDialogue {
    package var late: Outcome { .fail(.answerTimeout) }

    package var leavesClosingToServer: Bool { false }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        if let outcome { return .end(outcome) }
        var said: [UInt8] = []
        for index in bytes.indices {
            var turn = take(bytes[index])
            if turn.wantsTLS {
                let verdict = secure(isLast: index + 1 == bytes.endIndex)
                if verdict != .secure { turn = verdict }
            }
            switch turn {
            case .listen: break
            case .say(let words): said += words
            case .secure, .sayAndSecure: return turn
            case .end(let outcome):
                self.outcome = outcome
                return turn
            }
        }
        return said.isEmpty ? .listen : .say(said)
    }

    package mutating func end() -> Outcome { outcome ?? (mayClose ? .pass : .fail(.closed)) }
}
