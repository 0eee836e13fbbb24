/// Frames of HTTP/2 (RFC 9113 4.1 and 6).
enum HTTP2Frame {
    static let headLength = 9
    /// The longest payload that a director takes, which is what holds without a word (RFC 9113 6.5.2).
    static let longest = 16_384

    enum Kind: UInt8 {
        case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
    }

    enum Flag {
        static let ack: UInt8 = 0x01
        static let endStream: UInt8 = 0x01
        static let endHeaders: UInt8 = 0x04
        static let padded: UInt8 = 0x08
        static let priority: UInt8 = 0x20
    }

    static func write(_ kind: Kind, flags: UInt8 = 0, stream: UInt8 = 0, _ payload: some Collection<UInt8>) -> [UInt8] {
        let length = payload.count
        return [
            UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), kind.rawValue, flags, 0, 0, 0, stream,
        ]
            + payload
    }

    /// 4 bytes, the first bit left out where it means something else.
    static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
}

/// One request over HTTP/2, on stream 1 of a connection of its own.
struct HTTP2Request: Sendable {
    var fields: [HeaderField]
    /// Absent: none.
    var body: [UInt8]?

    /// How much of an answer's body may come before the director says more: once, for it never does.
    static let window = 131_072
    /// What a connection's window is before anybody says something (RFC 9113 6.9.2).
    private static let firstWindow = 65_535

    /// The preface, the settings, room for the answer, and the request (RFC 9113 3.4): no push, a window, a limit of
    /// the header.
    var bytes: [UInt8] {
        let settings =
            [0, 2, 0, 0, 0, 0] + [0, 4] + Self.four(Self.window) + [0, 6] + Self.four(HPACKDecoder.listLimit)
        return Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + HTTP2Frame.write(.settings, settings)
            + HTTP2Frame.write(.windowUpdate, Self.four(Self.window - Self.firstWindow)) + header
            + (body.map { HTTP2Frame.write(.data, flags: HTTP2Frame.Flag.endStream, stream: 1, $0) } ?? [])
    }

    /// In as many frames as it takes.
    private var header: [UInt8] {
        var rest = fields.block[...]
        var bytes: [UInt8] = []
        var kind = HTTP2Frame.Kind.headers
        repeat {
            let piece = rest.prefix(HTTP2Frame.longest)
            rest = rest.dropFirst(piece.count)
            var flags = rest.isEmpty ? HTTP2Frame.Flag.endHeaders : 0
            if kind == .headers, body == nil { flags |= HTTP2Frame.Flag.endStream }
            bytes += HTTP2Frame.write(kind, flags: flags, stream: 1, piece)
            kind = .continuation
        } while !rest.isEmpty
        return bytes
    }

    private static func four(_ number: Int) -> [UInt8] {
        [UInt8(number >> 24 & 0xFF), UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
    }
}
