/// How one check of a server ended.
package enum Outcome: Hashable, Sendable {
    case pass
    case fail(CheckFailure)
}

/// Why a check failed. A value of fixed size, so that it can be kept for thousands of servers and travel to the peer.
package enum CheckFailure: Hashable, Sendable {
    /// Nobody listens.
    case refused
    /// No route, or a router said so.
    case unreachable
    /// No connection in time.
    case connectTimeout
    /// A connection, but no answer in time.
    case answerTimeout
    case reset
    /// The server closed before its answer was complete.
    case closed
    /// Not HTTP, or HTTP that no client could read.
    case malformed
    /// The header of the answer is longer than this many bytes.
    case oversized(Int)
    /// An HTTP status outside the expected ranges.
    case status(Int)
    /// The director could not even ask; the errno says why.
    case local(Int32)
}

extension CheckFailure: CustomStringConvertible {
    /// Words that can follow a colon in a log line.
    package var description: String {
        switch self {
        case .refused: "connection refused"
        case .unreachable: "no route to it"
        case .connectTimeout: "no connection in time"
        case .answerTimeout: "no answer in time"
        case .reset: "connection reset"
        case .closed: "connection closed before the answer was complete"
        case .malformed: "the answer is not HTTP"
        case .oversized(let limit): "the answer's header is longer than \(limit) bytes"
        case .status(let status): "HTTP status \(status)"
        case .local(let code): "the director could not connect (errno \(code))"
        }
    }
}
