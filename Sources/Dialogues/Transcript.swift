package import Addresses
package import Agreement

/// What was said in a conversation, for people: the beginning of it, and of each saying.
package final class Transcript {
    package struct Line: Hashable, Sendable {
        package enum Speaker: String, Hashable, Sendable {
            case director, server
        }

        /// Since the conversation began.
        package var after: Duration
        package var speaker: Speaker
        /// The first `longestSaying` bytes; absent: what was said holds a secret.
        package var bytes: [UInt8]?
        /// How many there were.
        package var count: Int
    }

    // Implementation constants

    package static let mostLines = 64
    package static let longestSaying = 1024

    package private(set) var lines: [Line] = []

    private let hidesOwnWords: Bool
    private let now: () -> Instant
    private let start: Instant

    /// - Parameter hidesOwnWords: whether what the director says holds a secret.
    package init(hidesOwnWords: Bool, now: @escaping () -> Instant) {
        self.hidesOwnWords = hidesOwnWords
        self.now = now
        start = now()
    }

    package func note(_ speaker: Line.Speaker, _ bytes: some Collection<UInt8>) {
        guard lines.count < Self.mostLines, !bytes.isEmpty else { return }
        let isHidden = hidesOwnWords && speaker == .director
        lines.append(
            Line(
                after: now() - start, speaker: speaker,
                bytes: isHidden ? nil : Array(bytes.prefix(Self.longestSaying)), count: bytes.count))
    }
}

/// A dialogue of which everything that is said is written down. Within TLS it stands inside, where words are plain.
package struct OverheardDialogue: Dialogue {
    private var inner: any Dialogue
    private let transcript: Transcript

    package init(_ inner: any Dialogue, _ transcript: Transcript) {
        self.inner = inner
        self.transcript = transcript
    }

    package var late: CheckFailure { inner.late }

    package var leavesClosingToServer: Bool { inner.leavesClosingToServer }

    package mutating func begin() -> Turn { noted(inner.begin()) }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        transcript.note(.server, bytes)
        return noted(inner.receive(bytes))
    }

    package mutating func end() -> Outcome { inner.end() }

    private func noted(_ turn: Turn) -> Turn {
        switch turn {
        case .say(let bytes), .sayAndSecure(let bytes): transcript.note(.director, bytes)
        case .listen, .secure, .end: break
        }
        return turn
    }
}

/// The same in datagrams.
package struct OverheardDatagrams: DatagramDialogue {
    private var inner: any DatagramDialogue
    private let transcript: Transcript

    package init(_ inner: any DatagramDialogue, _ transcript: Transcript) {
        self.inner = inner
        self.transcript = transcript
    }

    package var question: [UInt8] {
        transcript.note(.director, inner.question)
        return inner.question
    }

    package var late: Outcome { inner.late }

    package mutating func receive(_ datagram: [UInt8]) -> Outcome? {
        transcript.note(.server, datagram)
        return inner.receive(datagram)
    }
}
