package import Agreement
package import Settings

/// Says something to a server's agent, or nothing, and hears one line.
package struct AgentDialogue: Dialogue, Sendable {
    /// How long a line may be, in bytes.
    package static let longest = 1024

    private let send: [UInt8]
    private var line: [UInt8] = []

    package init(_ agent: AgentSettings) {
        send = agent.send
    }

    package var late: Outcome { .fail(line.isEmpty ? .answerTimeout : .unexpected) }

    package var leavesClosingToServer: Bool { false }

    package mutating func begin() -> Turn { send.isEmpty ? .listen : .say(send) }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return .end(outcome) }
            guard line.count < Self.longest else { return .end(.fail(.unexpectedWithin(Self.longest))) }
            line.append(byte)
        }
        return .listen
    }

    /// The end of a line need not be said.
    package mutating func end() -> Outcome { line.isEmpty ? .fail(.closed) : outcome }

    private var outcome: Outcome { AgentLine.read(line).map { .advised($0) } ?? .fail(.unexpected) }
}

/// The words of HAProxy's agents (its configuration manual, 5.2, `agent-check`; src/tcpcheck.c,
/// `tcpcheck_agent_expect_recv`).
package enum AgentLine {
    /// Words between blanks, tabs and commas, in any order and case; of two about the same the last counts. What
    /// follows a sharp is for people. Unknown words are passed by; nil: there is no other.
    package static func read(_ line: [UInt8]) -> Advice? {
        var advice = Advice()
        var isKnown = false
        let words = line.prefix { $0 != UInt8(ascii: "#") }.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x2C }
        for word in words {
            guard let said = meaning(of: word.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }) else { continue }
            advice.take(said)
            isKnown = true
        }
        return isKnown ? advice : nil
    }

    private static func meaning(of word: [UInt8]) -> Advice? {
        let text = String(decoding: word, as: UTF8.self)
        if let mode = Advice.Mode(rawValue: text) { return Advice(mode: mode) }
        if let state = Advice.State(rawValue: text) { return Advice(state: state) }
        // IPVS has no limit that would do the same.
        if text.hasPrefix("maxconn:") { return Advice() }
        guard word.last == UInt8(ascii: "%"), word.dropLast().allSatisfy({ (0x30...0x39).contains($0) }),
            (2...10).contains(word.count), let number = UInt32(text.dropLast())
        else { return nil }
        return Advice(percent: UInt8(min(number, 100)))
    }
}
