package import Agreement

/// A conversation in lines, as a machine that a `LineDialogue` leads.
package protocol LineScript: Sendable {
    /// The connection stands; or it does so again, within TLS, after the script asked for that.
    mutating func begin() -> Turn

    /// The server said this line, without its end.
    mutating func take(_ line: [UInt8]) -> Turn

    /// Whether the server may close now, for all that had to be said was.
    var mayClose: Bool { get }
}

/// Cuts what a server says into lines of a bounded length. A carriage return before a line feed does not count.
package struct LineDialogue<Script: LineScript>: ScriptedDialogue, Sendable {
    private var script: Script
    private var line: [UInt8] = []
    private var heard = 0
    package var outcome: Outcome?
    package var held: [UInt8]?

    package init(_ script: Script) {
        self.script = script
    }

    package var mayClose: Bool { script.mayClose }

    package mutating func begin() -> Turn {
        let turn = script.begin()
        if case .end(let outcome) = turn { self.outcome = outcome }
        return turn
    }

    /// What stands behind the answer was put there by somebody who does not know the keys.
    package func secure(isLast: Bool) -> Turn { isLast ? .secure : .end(.fail(.reply(.injected))) }

    package mutating func take(_ byte: UInt8) -> Turn {
        heard += 1
        guard heard <= LineLimits.all else { return .end(.fail(.unexpectedWithin(LineLimits.all))) }
        guard byte == UInt8(ascii: "\n") else {
            line.append(byte)
            return line.count <= LineLimits.line ? .listen : .end(.fail(.overlong(LineLimits.line)))
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        return script.take(line)
    }
}

/// How much a server may say in lines, in bytes.
package enum LineLimits {
    /// Without its line feed. Twice what IMAP servers need for their capabilities, eight times what SMTP allows.
    package static let line = 4096
    package static let all = 65_536
}
