import Settings

/// Where a body is and where it ends (RFC 9112 6 and 7.1). Line feeds may stand alone (2.2).
struct BodyFraming: Sendable {
    enum Piece: Hashable {
        case content, frame, end, malformed
    }

    private enum State: Sendable {
        case untilClose
        case content(Int)
        /// Digits so far, and their value.
        case chunkSize(Int, Int)
        /// To the end of the line, after which so much follows.
        case chunkExtension(Int)
        case chunk(Int)
        /// After a chunk; whether the carriage return has come.
        case chunkEnd(Bool)
        /// After the last chunk; how many bytes of a line have come.
        case trailer(Int)
        case over
    }

    private var state: State

    /// It lasts until the server closes.
    static let untilClose = BodyFraming(state: .untilClose)
    static let chunked = BodyFraming(state: .chunkSize(0, 0))

    static func length(_ bytes: Int) -> BodyFraming { BodyFraming(state: bytes == 0 ? .over : .content(bytes)) }

    var isOver: Bool { if case .over = state { true } else { false } }

    /// Whether the server may close now.
    var mayClose: Bool { if case .untilClose = state { true } else { isOver } }

    mutating func take(_ byte: UInt8) -> Piece {
        switch state {
        case .untilClose: return .content
        case .content(let left):
            state = left == 1 ? .over : .content(left - 1)
            return .content
        case .chunkSize(let digits, let size): return chunkSize(byte, digits, size)
        case .chunkExtension(let size):
            if byte == Self.lineFeed { state = size == 0 ? .trailer(0) : .chunk(size) }
            return .frame
        case .chunk(let left):
            state = left == 1 ? .chunkEnd(false) : .chunk(left - 1)
            return .content
        case .chunkEnd(let hasReturn):
            if byte == Self.carriageReturn, !hasReturn {
                state = .chunkEnd(true)
                return .frame
            }
            state = .chunkSize(0, 0)
            return byte == Self.lineFeed ? .frame : .malformed
        case .trailer(let length):
            if byte == Self.lineFeed {
                state = length == 0 ? .over : .trailer(0)
            } else if byte != Self.carriageReturn {
                state = .trailer(length + 1)
            }
            return isOver ? .end : .frame
        case .over: return .end
        }
    }

    /// At most eight digits: no chunk that is read is longer than they can say.
    private mutating func chunkSize(_ byte: UInt8, _ digits: Int, _ size: Int) -> Piece {
        if let digit = ByteText.digit(byte) {
            state = .chunkSize(digits + 1, size << 4 | Int(digit))
            return digits < 8 ? .frame : .malformed
        }
        guard digits > 0 else { return .malformed }
        switch byte {
        case Self.lineFeed: state = size == 0 ? .trailer(0) : .chunk(size)
        case Self.carriageReturn, UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t"):
            state = .chunkExtension(size)
        default: return .malformed
        }
        return .frame
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
