package import Agreement
package import Dialogues
import Settings

/// Another dialogue, led within TLS. The certificate is judged before anything is said; where
/// the other one starts in the clear, as soon as it asks for TLS.
package struct TLSDialogue: Dialogue {
    /// How much a server may send in all, in bytes: more than any dialogue listens to, with what TLS adds.
    package static let limit = 1 << 20

    private let session: TLSSession
    private let warnBefore: Duration
    private var inner: any Dialogue
    /// Until the inner dialogue asks for TLS.
    private var isPlain: Bool
    private var isOpen = false
    private var heard = 0

    package init(_ session: TLSSession, warnBefore: Duration, startsPlain: Bool = false, _ inner: any Dialogue) {
        isPlain = startsPlain
        self.session = session
        self.warnBefore = warnBefore
        self.inner = inner
    }

    /// The same, with what is said in plain words written down.
    func overheard(by transcript: Transcript) -> TLSDialogue {
        var copy = self
        copy.inner = OverheardDialogue(inner, transcript)
        return copy
    }

    package var late: CheckFailure { isOpen || isPlain ? inner.late : .answerTimeout }

    package var leavesClosingToServer: Bool { inner.leavesClosingToServer }

    package mutating func begin() -> Turn { isPlain ? secured(inner.begin()) : turn() }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        heard += bytes.count
        guard heard <= Self.limit else { return .end(.fail(.oversized(Self.limit))) }
        if isPlain { return secured(inner.receive(bytes)) }
        session.receive(bytes)
        return turn()
    }

    package mutating func end() -> Outcome {
        if isPlain { return inner.end() }
        return isOpen ? judged(inner.end()) : .fail(.closed)
    }

    /// A turn in the clear, and the first one of TLS once that is asked for.
    private mutating func secured(_ turn: Turn) -> Turn {
        guard turn.wantsTLS else { return turn }
        isPlain = false
        let hello = self.turn()
        guard case (.sayAndSecure(let before), .say(let words)) = (turn, hello) else { return hello }
        return .say(before + words)
    }

    private mutating func turn() -> Turn {
        do throws(CheckFailure) {
            if let outcome = try goOn() { return .end(judged(outcome)) }
        } catch {
            return .end(.fail(error))
        }
        let output = session.takeOutput()
        return output.isEmpty ? .listen : .say(output)
    }

    private mutating func goOn() throws(CheckFailure) -> Outcome? {
        if !isOpen {
            guard try session.shakeHands() else { return nil }
            isOpen = true
            if let outcome = try take(inner.begin()) { return outcome }
        }
        while true {
            guard let bytes = try session.read() else { return inner.end() }
            if bytes.isEmpty { return nil }
            if let outcome = try take(inner.receive(bytes[...])) { return outcome }
        }
    }

    private func take(_ turn: Turn) throws(CheckFailure) -> Outcome? {
        switch turn {
        case .listen: return nil
        case .say(let bytes):
            try session.send(bytes)
            return nil
        case .secure, .sayAndSecure: throw .tls(.malformed)
        case .end(let outcome): return outcome
        }
    }

    /// A pass becomes a warning where the certificate ends soon.
    private func judged(_ outcome: Outcome) -> Outcome {
        guard outcome == .pass, warnBefore > .zero, let left = session.secondsLeft,
            Duration.seconds(left) < warnBefore
        else { return outcome }
        return .warn(left < 0 ? .certificateExpired : .certificateExpires(days: left / 86_400))
    }
}
