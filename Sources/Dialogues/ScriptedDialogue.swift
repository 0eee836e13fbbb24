package import Agreement

/// A dialogue that cuts what a server says into pieces, each of which a script answers.
package protocol ScriptedDialogue: Dialogue {
    /// Once it is over.
    var outcome: Outcome? { get set }

    /// Whether the server may close now, for all that had to be said was.
    var mayClose: Bool { get }

    /// What the script says to the piece that this byte ends, if it does.
    mutating func take(_ byte: UInt8) -> Turn

    /// What the script says once a password is salted.
    mutating func resume(salted: [UInt8]) -> Turn

    /// What came since the script asked for a password to be salted; absent: it waits for none.
    var held: [UInt8]? { get set }

    /// What becomes of a script that wants to go on within TLS.
    ///
    /// - Parameter isLast: whether the server has said nothing behind it yet.
    func secure(isLast: Bool) -> Turn
}

extension ScriptedDialogue {
    package var late: Outcome { .fail(.answerTimeout) }

    package var leavesClosingToServer: Bool { false }

    package mutating func resume(salted: [UInt8]) -> Turn { .listen }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        if let outcome { return .end(outcome) }
        guard let held else { return go(bytes) }
        guard held.count + bytes.count <= FrameLimits.all else {
            return end(with: .fail(.unexpectedWithin(FrameLimits.all)))
        }
        self.held?.append(contentsOf: bytes)
        return .listen
    }

    package mutating func salted(_ bytes: [UInt8]) -> Turn {
        guard outcome == nil, let held = held.take() else { return .listen }
        return go(held[...], after: resume(salted: bytes))
    }

    /// What follows of a turn, if there is one, and of what the server said behind it.
    private mutating func go(_ bytes: ArraySlice<UInt8>, after first: Turn? = nil) -> Turn {
        var said: [UInt8] = []
        var rest = bytes
        var next = first
        while var turn = next.take() ?? rest.popFirst().map({ take($0) }) {
            if turn.wantsTLS {
                let verdict = secure(isLast: rest.isEmpty)
                if verdict != .secure { turn = verdict }
            }
            switch turn {
            case .listen: break
            case .say(let words): said += words
            case .secure, .sayAndSecure: return turn
            case .salt(let salting, let words):
                held = Array(rest)
                return .salt(salting, after: said + words)
            case .end(let outcome): return end(with: outcome)
            }
        }
        return said.isEmpty ? .listen : .say(said)
    }

    private mutating func end(with outcome: Outcome) -> Turn {
        self.outcome = outcome
        return .end(outcome)
    }

    package mutating func end() -> Outcome { outcome ?? (mayClose ? .pass : .fail(.closed)) }
}
