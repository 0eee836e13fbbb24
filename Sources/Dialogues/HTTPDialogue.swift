package import Agreement

/// A check's HTTP conversation: one GET, and as much of the answer as decides.
///
/// Bytes in, outcome out; it opens no socket and knows no time. Nothing of the answer is kept but a few numbers, so a
/// server cannot make a director grow. The grammar is RFC 9112 part 4 and 5, with bare line feeds allowed (2.2).
package struct HTTPDialogue: Sendable {
    /// The longest header that is read, in bytes, interim answers included.
    package static let headerLimit = 16_384

    private enum State: Sendable {
        /// Within `HTTP/1.1 200`, at this byte of it.
        case statusLine(Int)
        case reason
        case lineStart
        case name
        case value
        /// A carriage return stood where an empty line begins.
        case emptyLine
        case ended(Outcome)
    }

    private let accepted: [ClosedRange<Int>]
    private var state = State.statusLine(0)
    private var status = 0
    private var length = 0

    /// - Parameter accepted: the statuses that pass, within 100 to 599.
    package init(accepted: [ClosedRange<Int>]) {
        self.accepted = accepted
    }

    /// What the director says. Bytes that would end a line or a word are left out, lest a path become a second request.
    package static func request(path: String, host: String) -> [UInt8] {
        var bytes = Array("GET ".utf8)
        bytes += path.utf8.filter { $0 > 0x20 && $0 != 0x7F }
        bytes += Array(" HTTP/1.1\r\nHost: ".utf8)
        bytes += host.utf8.filter { $0 > 0x20 && $0 != 0x7F }
        bytes += Array("\r\nUser-Agent: tandem\r\nAccept: */*\r\nConnection: close\r\n\r\n".utf8)
        return bytes
    }

    /// How it ended, once it has.
    package var outcome: Outcome? {
        if case .ended(let outcome) = state { outcome } else { nil }
    }

    /// What the server said; bytes after the end are ignored.
    package mutating func receive(_ bytes: some Sequence<UInt8>) -> Outcome? {
        for byte in bytes {
            if let outcome { return outcome }
            length += 1
            state = length > Self.headerLimit ? .ended(.fail(.oversized(Self.headerLimit))) : next(byte)
        }
        return outcome
    }

    /// The server says no more.
    package mutating func end() -> Outcome {
        let outcome = outcome ?? .fail(.closed)
        state = .ended(outcome)
        return outcome
    }

    private mutating func next(_ byte: UInt8) -> State {
        switch (state, byte) {
        case (.ended, _): state
        case (_, 0): malformed
        case (.statusLine(let position), _): statusLine(byte, at: position)
        case (.reason, Self.lineFeed): statusIsKnown()
        case (.reason, _): .reason
        case (.lineStart, Self.lineFeed), (.emptyLine, Self.lineFeed): headerIsComplete()
        case (.lineStart, Self.carriageReturn): .emptyLine
        case (.lineStart, UInt8(ascii: ":")), (.emptyLine, _): malformed
        case (.lineStart, UInt8(ascii: " ")), (.lineStart, UInt8(ascii: "\t")): .value
        case (.lineStart, _): Self.isNamePart(byte) ? .name : malformed
        case (.name, UInt8(ascii: ":")): .value
        case (.name, _): Self.isNamePart(byte) ? .name : malformed
        case (.value, Self.lineFeed): .lineStart
        case (.value, _): .value
        }
    }

    /// `HTTP/1.` DIGIT SP 3DIGIT and then a blank or the line's end.
    private mutating func statusLine(_ byte: UInt8, at position: Int) -> State {
        switch position {
        case 0..<Self.version.count:
            return byte == Self.version[position] ? .statusLine(position + 1) : malformed
        case 7, 9, 10, 11:
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return malformed }
            if position > 7 { status = status * 10 + Int(byte - UInt8(ascii: "0")) }
            return .statusLine(position + 1)
        case 8: return byte == UInt8(ascii: " ") ? .statusLine(position + 1) : malformed
        default:
            guard status >= 100 else { return malformed }
            switch byte {
            case Self.lineFeed: return statusIsKnown()
            case UInt8(ascii: " "), Self.carriageReturn: return .reason
            default: return malformed
            }
        }
    }

    /// A status that fails decides at once; one that passes has to be followed by a whole header.
    private func statusIsKnown() -> State {
        isInterim || isAccepted ? .lineStart : .ended(.fail(.status(status)))
    }

    private mutating func headerIsComplete() -> State {
        guard isInterim else { return .ended(.pass) }
        status = 0
        return .statusLine(0)
    }

    private var isAccepted: Bool { accepted.contains { $0.contains(status) } }

    /// 1xx announces the real answer, except 101, after which no HTTP comes (RFC 9110 15.2).
    private var isInterim: Bool { (100...199).contains(status) && status != 101 }

    private var malformed: State { .ended(.fail(.malformed)) }

    /// A visible ASCII character; the exact set of RFC 9110 5.6.2 matters to nobody here.
    private static func isNamePart(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    private static let version = Array("HTTP/1.".utf8)
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
