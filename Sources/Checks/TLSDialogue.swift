package import Agreement
package import Dialogues
import Settings

/// Another dialogue, led within TLS. The certificate is judged before anything is said; where
/// the other one starts in the clear, as soon as it asks for TLS.
///
/// Where the other one has nothing to say or to hear, and the server asked for a certificate in TLS 1.3, the handshake
/// is over here before the server has judged that certificate (RFC 8446 2 and 4.4.2.4). Then its next word is waited
/// for. A ticket (RFC 8446 4.6.1) is made of the whole handshake, and so comes after that judgement, as do words of the
/// protocol within: a pass. An alert is its refusal, and so is a close without a word, for it was asked to do nothing.
/// A server that keeps silent has not refused by the timeout, and passes: it may have no tickets to send.
package struct TLSDialogue: Dialogue {
    /// How much a server may send in all, in bytes: more than any dialogue listens to, with what TLS adds.
    package static let limit = 1 << 20

    private let session: TLSSession
    private let warnBefore: Duration
    private var inner: any Dialogue
    /// Until the inner dialogue asks for TLS.
    private var isPlain: Bool
    private var isOpen = false
    /// What holds unless the server turns the check's certificate away; absent: it does not judge one now.
    private var provisional: Outcome?
    /// Asked for by the inner dialogue, and not passed on yet.
    private var salting: Salting?
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

    package var late: Outcome {
        if let provisional { return judged(provisional) }
        return isOpen || isPlain ? inner.late : .fail(.answerTimeout)
    }

    package var leavesClosingToServer: Bool { inner.leavesClosingToServer }

    package mutating func begin() -> Turn { isPlain ? secured(inner.begin()) : turn() }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        heard += bytes.count
        guard heard <= Self.limit else { return .end(.fail(.oversized(Self.limit))) }
        if isPlain { return secured(inner.receive(bytes)) }
        session.receive(bytes)
        return turn()
    }

    package mutating func salted(_ bytes: [UInt8]) -> Turn {
        let next = inner.salted(bytes)
        return isPlain ? secured(next) : turn(next)
    }

    package mutating func end() -> Outcome {
        if isPlain { return inner.end() }
        if provisional != nil { return .fail(.tls(.turnedAway)) }
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

    /// - Parameter first: what the inner dialogue wants without having heard anything.
    private mutating func turn(_ first: Turn = .listen) -> Turn {
        do throws(CheckFailure) {
            if let outcome = try take(first) { return .end(judged(outcome)) }
            if let outcome = try goOn() { return .end(judged(outcome)) }
        } catch {
            return .end(.fail(error))
        }
        let output = session.takeOutput()
        if let salting = salting.take() { return .salt(salting, after: output) }
        return output.isEmpty ? .listen : .say(output)
    }

    private mutating func goOn() throws(CheckFailure) -> Outcome? {
        if !isOpen {
            guard try session.shakeHands() else { return nil }
            isOpen = true
            if let outcome = try take(inner.begin()) {
                guard outcome.isPass, session.isJudgedLater else { return outcome }
                provisional = outcome
            }
        }
        if let provisional { return try word(or: provisional) }
        while true {
            guard let bytes = try session.read() else { return inner.end() }
            if bytes.isEmpty { return nil }
            if let outcome = try take(inner.receive(bytes[...])) { return outcome }
        }
    }

    /// What the server's first word after the handshake says of the check's certificate; absent: there is none yet.
    private func word(or provisional: Outcome) throws(CheckFailure) -> Outcome? {
        let bytes = try session.read()
        if session.hasTicket || bytes?.isEmpty == false { return provisional }
        return bytes == nil ? .fail(.tls(.turnedAway)) : nil
    }

    private mutating func take(_ turn: Turn) throws(CheckFailure) -> Outcome? {
        switch turn {
        case .listen: return nil
        case .say(let bytes):
            try session.send(bytes)
            return nil
        case .secure, .sayAndSecure: throw .tls(.malformed)
        case .salt(let salting, let words):
            if !words.isEmpty { try session.send(words) }
            self.salting = salting
            return nil
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
