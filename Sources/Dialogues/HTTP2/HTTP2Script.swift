package import Agreement

/// What an answer over HTTP/2 has to be.
package protocol HTTP2Answer: Sendable {
    /// Its header is there; an outcome as soon as there can be no other.
    mutating func begin(status: Int, _ fields: [HeaderField]) -> Outcome?

    /// A byte of its body.
    mutating func take(_ byte: UInt8) -> Outcome?

    /// What stands behind its body.
    mutating func take(trailers: [HeaderField])

    /// All of it was there.
    mutating func end() -> Outcome
}

/// A connection of HTTP/2 for one request (RFC 9113), begun with prior knowledge or within TLS.
///
/// A server may say settings, pings and what it likes of other frames, and is answered as long as it does not say too
/// much. It is given a window once; what it pushes, and other streams, are against the rules.
package struct HTTP2Script<Answer: HTTP2Answer>: FrameScript {
    /// With padding and all other frames, in bytes.
    package static var limit: Int { 262_144 }
    package static var frameLimit: Int { HTTP2Frame.headLength + HTTP2Frame.longest }

    private let request: HTTP2Request
    private var answer: Answer
    private var decoder = HPACKDecoder()
    /// Whether the server's settings have come, with which it has to begin.
    private var isGreeted = false
    /// A header that is not complete.
    private var block: [UInt8]?
    private var blockEndsStream = false
    private var hasHead = false
    private var window = HTTP2Request.window

    init(_ request: HTTP2Request, _ answer: Answer) {
        self.request = request
        self.answer = answer
    }

    package var mayClose: Bool { false }

    package mutating func begin() -> Turn { .say(request.bytes) }

    package func length(of head: [UInt8]) throws(CheckFailure) -> Int? {
        // HTTP/1 begins with a letter, and no frame that long is allowed.
        if let first = head.first, first != 0 { throw .http2(isGreeted ? .malformed : .notHTTP2) }
        guard head.count >= HTTP2Frame.headLength else { return nil }
        let length = Int(head[1]) << 8 | Int(head[2])
        if !isGreeted {
            let isSettings = head[3] == HTTP2Frame.Kind.settings.rawValue && head[4] & HTTP2Frame.Flag.ack == 0
            guard isSettings, length <= HTTP2Frame.longest else { throw .http2(.notHTTP2) }
        }
        guard length <= HTTP2Frame.longest else { throw .http2(.malformed) }
        return HTTP2Frame.headLength + length
    }

    package mutating func take(_ frame: [UInt8]) -> Turn {
        isGreeted = true
        let stream = HTTP2Frame.number(frame[5...]) & 0x7FFF_FFFF
        let kind = HTTP2Frame.Kind(rawValue: frame[3])
        do throws(CheckFailure) {
            guard block == nil || kind == .continuation && stream == 1 else { throw .http2(.malformed) }
            return try take(kind, flags: frame[4], stream: stream, frame[HTTP2Frame.headLength...])
        } catch {
            return .end(.fail(error))
        }
    }

    private mutating func take(
        _ kind: HTTP2Frame.Kind?, flags: UInt8, stream: UInt32, _ payload: ArraySlice<UInt8>
    ) throws(CheckFailure) -> Turn {
        switch (kind, stream) {
        case (.data, 1) where hasHead: return try data(flags, payload)
        case (.headers, 1):
            var content = try Self.unpadded(flags, payload)
            if flags & HTTP2Frame.Flag.priority != 0 {
                guard content.count >= 5 else { throw .http2(.malformed) }
                content = content.dropFirst(5)
            }
            blockEndsStream = flags & HTTP2Frame.Flag.endStream != 0
            return try header(flags, Array(content))
        case (.continuation, 1):
            // Taken out, so that it grows in place: thousands of pieces may be empty.
            guard var whole = block.take() else { throw .http2(.malformed) }
            whole += payload
            return try header(flags, whole)
        case (.reset, 1) where payload.count == 4: throw .http2(.reset(HTTP2Frame.number(payload)))
        case (.settings, 0): return try settings(flags, payload)
        case (.ping, 0) where payload.count == 8:
            return flags & HTTP2Frame.Flag.ack != 0
                ? .listen : .say(HTTP2Frame.write(.ping, flags: HTTP2Frame.Flag.ack, payload))
        case (.goAway, 0) where payload.count >= 8:
            let code = HTTP2Frame.number(payload.dropFirst(4))
            // One that still answers what it was asked says so (RFC 9113 6.8).
            guard code == 0, HTTP2Frame.number(payload) & 0x7FFF_FFFF >= 1 else { throw .http2(.goneAway(code)) }
            return .listen
        case (.windowUpdate, 0...1) where payload.count == 4: return .listen
        case (.priority, 1...) where payload.count == 5: return .listen
        case (nil, _): return .listen
        default: throw .http2(.malformed)
        }
    }

    private mutating func data(_ flags: UInt8, _ payload: ArraySlice<UInt8>) throws(CheckFailure) -> Turn {
        window -= payload.count
        guard window >= 0 else { throw .http2(.malformed) }
        for byte in try Self.unpadded(flags, payload) {
            if let outcome = answer.take(byte) { return .end(outcome) }
        }
        return flags & HTTP2Frame.Flag.endStream != 0 ? .end(answer.end()) : .listen
    }

    private func settings(_ flags: UInt8, _ payload: ArraySlice<UInt8>) throws(CheckFailure) -> Turn {
        guard flags & HTTP2Frame.Flag.ack == 0 else {
            guard payload.isEmpty else { throw .http2(.malformed) }
            return .listen
        }
        guard payload.count % 6 == 0 else { throw .http2(.malformed) }
        return .say(HTTP2Frame.write(.settings, flags: HTTP2Frame.Flag.ack, []))
    }

    /// A header, or more of one.
    private mutating func header(_ flags: UInt8, _ whole: consuming [UInt8]) throws(CheckFailure) -> Turn {
        guard whole.count <= HPACKDecoder.listLimit else { throw .oversized(HPACKDecoder.listLimit) }
        guard flags & HTTP2Frame.Flag.endHeaders != 0 else {
            block = whole
            return .listen
        }
        let fields: [HeaderField]
        do throws(HPACKDecoder.Failure) {
            fields = try decoder.decode(whole)
        } catch {
            throw error == .tooLong ? .oversized(HPACKDecoder.listLimit) : .http2(.compression)
        }
        return hasHead ? try trailers(fields) : try head(fields)
    }

    private mutating func head(_ fields: [HeaderField]) throws(CheckFailure) -> Turn {
        guard let first = fields.first, first.name.elementsEqual(":status".utf8), first.value.count == 3,
            let status = Int(String(decoding: first.value, as: UTF8.self)), (100...999).contains(status),
            Self.areRegular(fields.dropFirst())
        else { throw .http2(.malformed) }
        // 1xx announces the real answer, and 101 is none of HTTP/2 (RFC 9113 8.6).
        if (100...199).contains(status) {
            guard status != 101, !blockEndsStream else { throw .http2(.malformed) }
            return .listen
        }
        hasHead = true
        if let outcome = answer.begin(status: status, fields) { return .end(outcome) }
        return blockEndsStream ? .end(answer.end()) : .listen
    }

    private mutating func trailers(_ fields: [HeaderField]) throws(CheckFailure) -> Turn {
        guard blockEndsStream, Self.areRegular(fields[...]) else { throw .http2(.malformed) }
        answer.take(trailers: fields)
        return .end(answer.end())
    }

    /// Small letters, and none of HTTP/2's own fields (RFC 9113 8.2 and 8.3).
    private static func areRegular(_ fields: ArraySlice<HeaderField>) -> Bool {
        fields.allSatisfy { field in
            guard let first = field.name.first, first != UInt8(ascii: ":") else { return false }
            return field.name.allSatisfy { (0x21...0x7E).contains($0) && !(0x41...0x5A).contains($0) }
        }
    }

    private static func unpadded(_ flags: UInt8, _ payload: ArraySlice<UInt8>) throws(CheckFailure) -> ArraySlice<UInt8>
    {
        guard flags & HTTP2Frame.Flag.padded != 0 else { return payload }
        guard let count = payload.first, count < payload.count else { throw .http2(.malformed) }
        return payload.dropFirst().dropLast(Int(count))
    }
}
