package import Agreement

/// A check's SIP conversation over TCP: one question, and messages until one is its answer.
package struct SIPDialogue: Dialogue, Sendable {
    /// How much is read in all, in bytes.
    package static let window = 65_536

    private let question: SIPQuestion
    private var head: [UInt8] = []
    /// What is left of the body of a message that was not the answer.
    private var body = 0
    private var heard = 0
    private var isForeign = false
    private var outcome: Outcome?

    package init(_ question: SIPQuestion) {
        self.question = question
    }

    package var late: Outcome { .fail(isForeign ? .sip(.otherAnswer) : .answerTimeout) }

    package var leavesClosingToServer: Bool { false }

    package func begin() -> Turn { .say(question.bytes) }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        for byte in bytes where outcome == nil {
            heard += 1
            outcome = next(byte)
            if outcome == nil, heard == Self.window { outcome = .fail(.unexpectedWithin(Self.window)) }
        }
        return outcome.map { .end($0) } ?? .listen
    }

    package mutating func end() -> Outcome {
        let decided = outcome ?? .fail(isForeign ? .sip(.otherAnswer) : .closed)
        outcome = decided
        return decided
    }

    private mutating func next(_ byte: UInt8) -> Outcome? {
        guard body == 0 else {
            body -= 1
            return nil
        }
        // Line ends between messages keep connections alive (RFC 3261 7.5, RFC 5626 3.5.1).
        if head.isEmpty, byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") { return nil }
        head.append(byte)
        guard head.endsEmptyLine else {
            return head.count == SIPQuestion.headLimit ? .fail(.oversized(SIPQuestion.headLimit)) : nil
        }
        defer { head = [] }
        return take(SIPHead(head))
    }

    private mutating func take(_ head: SIPHead?) -> Outcome? {
        guard let head else { return .fail(.sip(.malformed)) }
        switch question.meaning(of: head) {
        case .decided(let outcome): return outcome
        case .provisional: break
        case .foreign: isForeign = true
        }
        // In a stream every message says how long it is (RFC 3261 18.3).
        guard let length = head.bodyLength else { return .fail(.sip(.malformed)) }
        body = length
        return nil
    }
}

/// The same in datagrams. What is not the answer, or not even SIP, may be a stranger's: it decides nothing.
package struct SIPDatagrams: DatagramDialogue, Sendable {
    private let inner: SIPQuestion
    private var doubtful: SIPFailure?

    package init(_ question: SIPQuestion) {
        inner = question
    }

    package var question: [UInt8] { inner.bytes }

    package var late: Outcome { .fail(doubtful.map { .sip($0) } ?? .answerTimeout) }

    package mutating func receive(_ datagram: [UInt8]) -> Outcome? {
        // Line ends alone keep ways through firewalls open.
        let message = datagram.drop { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
        guard !message.isEmpty else { return nil }
        var head: [UInt8] = []
        for byte in message where !head.endsEmptyLine && head.count < SIPQuestion.headLimit { head.append(byte) }
        guard head.endsEmptyLine, let head = SIPHead(head) else {
            doubtful = doubtful ?? .malformed
            return nil
        }
        switch inner.meaning(of: head) {
        case .decided(let outcome): return outcome
        case .provisional: break
        case .foreign: doubtful = .otherAnswer
        }
        return nil
    }
}

extension [UInt8] {
    /// Whether the last line of a header is empty.
    fileprivate var endsEmptyLine: Bool {
        guard last == UInt8(ascii: "\n") else { return false }
        let before = dropLast().last == UInt8(ascii: "\r") ? dropLast(2) : dropLast()
        return before.last == UInt8(ascii: "\n")
    }
}
