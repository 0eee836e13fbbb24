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
    /// Fewer bytes at the end of what was said are no beginning of a secret.
    private static let shortestBeginning = 4

    private let hidesOwnWords: Bool
    private let now: () -> Instant
    private let start: Instant
    private var written: [Line] = []
    /// Where among all that the server said each of its lines begins.
    private var places: [Int] = []
    private var heard = 0
    private var blots: [Blot] = []

    /// - Parameter hidesOwnWords: whether what the director says holds a secret.
    package init(hidesOwnWords: Bool, now: @escaping () -> Instant) {
        self.hidesOwnWords = hidesOwnWords
        self.now = now
        start = now()
    }

    package var lines: [Line] {
        var lines = written
        for blot in blots where blot.matched >= Self.shortestBeginning {
            erase((heard - blot.matched)..<heard, in: &lines)
        }
        return lines
    }

    /// What the server repeats of these becomes stars, also without a first word such as `Bearer`.
    package func blot(_ secrets: [Secret]) {
        for secret in secrets.map(\.bytes) {
            let credentials = secret.drop { $0 != 0x20 }.drop { $0 == 0x20 }
            for part in [secret, Array(credentials)] where !part.isEmpty { blots.append(Blot(part)) }
        }
    }

    package func note(_ speaker: Line.Speaker, _ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        if written.count < Self.mostLines {
            let isHidden = hidesOwnWords && speaker == .director
            written.append(
                Line(
                    after: now() - start, speaker: speaker,
                    bytes: isHidden ? nil : Array(bytes.prefix(Self.longestSaying)), count: bytes.count))
            places.append(heard)
        }
        if speaker == .server { search(bytes) }
    }

    private func search(_ bytes: some Collection<UInt8>) {
        defer { heard += bytes.count }
        for index in blots.indices {
            for (offset, byte) in bytes.enumerated() {
                guard let place = blots[index].take(byte, at: heard + offset) else { continue }
                erase(place, in: &written)
            }
        }
    }

    private func erase(_ place: Range<Int>, in lines: inout [Line]) {
        for index in lines.indices where lines[index].speaker == .server {
            let start = places[index]
            let part = place.clamped(to: start..<(start + (lines[index].bytes?.count ?? 0)))
            for position in part { lines[index].bytes?[position - start] = UInt8(ascii: "*") }
        }
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

    package var late: Outcome { inner.late }

    package var leavesClosingToServer: Bool { inner.leavesClosingToServer }

    package mutating func begin() -> Turn { noted(inner.begin()) }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> Turn {
        transcript.note(.server, bytes)
        return noted(inner.receive(bytes))
    }

    package mutating func salted(_ bytes: [UInt8]) -> Turn { noted(inner.salted(bytes)) }

    package mutating func end() -> Outcome { inner.end() }

    private func noted(_ turn: Turn) -> Turn {
        switch turn {
        case .say(let bytes), .sayAndSecure(let bytes), .salt(_, let bytes): transcript.note(.director, bytes)
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
