package import Agreement
package import Settings

/// Says something, or nothing, and listens until what is expected has come.
package struct ExchangeDialogue: Dialogue, Sendable {
    /// How much of an answer is searched, in bytes.
    package static let window = 65_536

    private let send: [UInt8]
    /// Absent: nothing is expected.
    private var search: PatternSearch?
    private var heard = 0
    private var outcome: Outcome?

    package init(_ exchange: Exchange) {
        send = exchange.send
        search = exchange.expect.map { PatternSearch($0) }
    }

    package var late: Outcome { .fail(heard == 0 ? .answerTimeout : .unexpected) }

    package var leavesClosingToServer: Bool { false }

    package mutating func begin() -> Turn {
        if search == nil { outcome = .pass }
        if let outcome { return .end(outcome) }
        return send.isEmpty ? .listen : .say(send)
    }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        for byte in bytes where outcome == nil {
            heard += 1
            search?.take(byte)
            if search?.isFound == true {
                outcome = .pass
            } else if heard == Self.window {
                outcome = .fail(.unexpectedWithin(Self.window))
            }
        }
        return outcome.map { .end($0) } ?? .listen
    }

    package mutating func end() -> Outcome {
        if let outcome { return outcome }
        search?.end()
        let decided: Outcome = search?.isFound == false ? .fail(heard == 0 ? .closed : .unexpected) : .pass
        outcome = decided
        return decided
    }
}
