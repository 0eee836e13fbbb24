package import Agreement
package import Settings

/// What `grpc.health.v1.Health/Check` has to answer: one message, SERVING, and the status OK (the health checking
/// protocol and "gRPC over HTTP2" of the gRPC project).
package struct HealthAnswer: HTTP2Answer {
    /// A message has a few bytes; what is longer is another one's.
    private static let longestMessage = 1024

    private var message: [UInt8] = []
    private var status: String?

    package mutating func begin(status: Int, _ fields: [HeaderField]) -> Outcome? {
        guard status == 200 else { return .fail(.status(status)) }
        guard fields.value("content-type")?.hasPrefix("application/grpc") == true else { return .fail(.grpc(.notGRPC)) }
        self.status = fields.value("grpc-status")
        return nil
    }

    package mutating func take(_ byte: UInt8) -> Outcome? {
        message.append(byte)
        return message.count <= 5 + Self.longestMessage ? nil : .fail(.grpc(.malformed))
    }

    package mutating func take(trailers: [HeaderField]) { status = trailers.value("grpc-status") ?? status }

    package mutating func end() -> Outcome {
        guard let status, let code = UInt8(status) else { return .fail(.grpc(.malformed)) }
        guard code == 0 else { return .fail(.grpc(code == 5 ? .unknownService : .status(code))) }
        // Not compressed, and a length of 4 bytes.
        guard message.count >= 5, message[0] == 0, HTTP2Frame.number(message[1...]) == UInt32(message.count - 5),
            let serving = Self.serving(in: message[5...])
        else { return .fail(.grpc(.malformed)) }
        return switch serving {
        case 1: .pass
        case 2: .fail(.grpc(.notServing))
        case 3: .fail(.grpc(.unknownService))
        default: .fail(.grpc(.unknownHealth))
        }
    }

    /// Field 1 of a message of protocol buffers, the last if there are several and 0 if there is none; nil: it is no
    /// message.
    private static func serving(in message: ArraySlice<UInt8>) -> UInt64? {
        var rest = message
        var serving: UInt64 = 0
        while !rest.isEmpty {
            guard let tag = number(&rest), tag >> 3 > 0 else { return nil }
            let skipped: UInt64
            switch tag & 7 {
            case 0:
                guard let value = number(&rest) else { return nil }
                if tag >> 3 == 1 { serving = value }
                skipped = 0
            case 1: skipped = 8
            case 2:
                guard let length = number(&rest) else { return nil }
                skipped = length
            case 5: skipped = 4
            default: return nil
            }
            guard skipped <= rest.count else { return nil }
            rest = rest.dropFirst(Int(skipped))
        }
        return serving
    }

    /// 7 bits a byte, the lowest first, at most ten bytes.
    private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        return nil
    }
}

extension FrameDialogue {
    /// - Parameter host: the authority where the check names none.
    package init(health check: GRPCCheck, host: String) where Script == HTTP2Script<HealthAnswer> {
        let name = Array((check.service ?? "").utf8.prefix(255))
        // Field 1, a text, of a length in one or two bytes.
        let length =
            name.count < 0x80 ? [UInt8(name.count)] : [UInt8(name.count & 0x7F) | 0x80, UInt8(name.count >> 7)]
        let question = name.isEmpty ? [] : [0x0A] + length + name
        let fields = [
            HeaderField(":method", "POST"), HeaderField(":scheme", check.tls == nil ? "http" : "https"),
            HeaderField(":authority", HTTPCheck.word(check.host ?? host)),
            HeaderField(":path", "/grpc.health.v1.Health/Check"), HeaderField("te", "trailers"),
            HeaderField("content-type", "application/grpc"), HeaderField("user-agent", "tandem"),
        ]
        let body = [0, 0, 0, UInt8(question.count >> 8), UInt8(question.count & 0xFF)] + question
        self.init(HTTP2Script(HTTP2Request(fields: fields, body: body), HealthAnswer()))
    }
}
