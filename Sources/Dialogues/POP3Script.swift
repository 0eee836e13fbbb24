import Agreement
package import Settings

/// Greeting and QUIT (RFC 1939 4 and 5), with STLS between if that is wanted (RFC 2595 4).
package struct POP3Script: SessionScript {
    private let wantsTLS: Bool
    var step = ReplyFailure.Step.greeting

    package init(_ check: SessionCheck) {
        wantsTLS = check.tls != nil
    }

    package var mayClose: Bool { step == .farewell }

    package mutating func begin() -> Turn { step == .greeting ? .listen : say("QUIT", .farewell) }

    package mutating func take(_ line: [UInt8]) -> Turn {
        let word = line.prefix { $0 != UInt8(ascii: " ") }
        let isYes = word.elementsEqual("+OK".utf8)
        guard isYes || word.elementsEqual("-ERR".utf8) else { return .end(.fail(.reply(.malformed(step)))) }
        switch (step, isYes) {
        case (.greeting, true): return wantsTLS ? say("STLS", .security) : say("QUIT", .farewell)
        case (.security, true): return .secure
        case (.security, false): return .end(.fail(.reply(.withoutTLS)))
        case (.farewell, true): return .end(.pass)
        default: return .end(.fail(.reply(.refused(step))))
        }
    }
}
