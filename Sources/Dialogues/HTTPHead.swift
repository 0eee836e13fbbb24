import Agreement

/// Reads the status line and the header of an HTTP/1.1 answer (RFC 9112 4 and 5), with bare line feeds allowed (2.2).
///
/// Nothing of it is kept but the status and what tells where the body ends.
struct HTTPHead: Sendable {
    /// What has come of it.
    enum Progress: Hashable {
        case unfinished
        case complete
        case failed(CheckFailure)
    }

    private enum State: Sendable {
        /// Within `HTTP/1.1 200`, at this byte of it.
        case statusLine(Int)
        case reason
        case lineStart
        case name
        case value
        /// A carriage return stood where an empty line begins.
        case emptyLine
        case complete
        case failed(CheckFailure)
    }

    private let accepted: [ClosedRange<Int>]
    private var state = State.statusLine(0)
    private var length = 0
    private(set) var status = 0
    private(set) var fields = BodyFields()

    init(accepted: [ClosedRange<Int>]) {
        self.accepted = accepted
    }

    mutating func take(_ byte: UInt8) -> Progress {
        length += 1
        state = length > HTTPDialogue.headerLimit ? .failed(.oversized(HTTPDialogue.headerLimit)) : next(byte)
        return switch state {
        case .complete: .complete
        case .failed(let failure): .failed(failure)
        default: .unfinished
        }
    }

    private mutating func next(_ byte: UInt8) -> State {
        switch (state, byte) {
        case (.complete, _), (.failed, _): return state
        case (_, 0): return malformed
        case (.statusLine(let position), _): return statusLine(byte, at: position)
        case (.reason, Self.lineFeed): return statusIsKnown()
        case (.reason, _): return .reason
        case (.lineStart, Self.lineFeed), (.emptyLine, Self.lineFeed): return headerIsComplete()
        case (.lineStart, Self.carriageReturn): return .emptyLine
        case (.lineStart, UInt8(ascii: ":")), (.emptyLine, _): return malformed
        case (.lineStart, UInt8(ascii: " ")), (.lineStart, UInt8(ascii: "\t")): return .value
        case (.lineStart, _):
            fields.beginName()
            return name(byte)
        case (.name, UInt8(ascii: ":")):
            fields.beginValue()
            return .value
        case (.name, _): return name(byte)
        case (.value, Self.lineFeed): return .lineStart
        case (.value, _):
            fields.takeValue(byte)
            return .value
        }
    }

    private mutating func name(_ byte: UInt8) -> State {
        guard Self.isNamePart(byte) else { return malformed }
        fields.takeName(byte)
        return .name
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
        isInterim || isAccepted ? .lineStart : .failed(.status(status))
    }

    private mutating func headerIsComplete() -> State {
        fields.end()
        guard isInterim else { return .complete }
        status = 0
        fields = BodyFields()
        return .statusLine(0)
    }

    private var isAccepted: Bool { accepted.contains { $0.contains(status) } }

    /// 1xx announces the real answer, except 101, after which no HTTP comes (RFC 9110 15.2).
    private var isInterim: Bool { (100...199).contains(status) && status != 101 }

    private var malformed: State { .failed(.malformed) }

    /// A visible ASCII character; the exact set of RFC 9110 5.6.2 matters to nobody here.
    private static func isNamePart(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

    private static let version = Array("HTTP/1.".utf8)
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
