/// Why a conversation over HTTP/2 failed.
package enum HTTP2Failure: Hashable, Sendable {
    /// The server begins with something else.
    case notHTTP2
    case malformed
    /// A header that is not packed as it has to be.
    case compression
    /// The server ends the connection, or the request, with this code (RFC 9113 7).
    case goneAway(UInt32)
    case reset(UInt32)
}

extension HTTP2Failure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notHTTP2: "the server does not speak HTTP/2"
        case .malformed: "the server breaks the rules of HTTP/2"
        case .compression: "the answer's header is not packed by the rules of HTTP/2"
        case .goneAway(let code): "the server ends the connection with \(Self.word(code))"
        case .reset(let code): "the server ends the request with \(Self.word(code))"
        }
    }

    private static func word(_ code: UInt32) -> String {
        words.indices.contains(Int(code)) ? words[Int(code)] : "code \(code)"
    }

    private static let words = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]
}
