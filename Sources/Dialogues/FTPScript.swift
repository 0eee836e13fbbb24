import Agreement
package import Settings

/// Greeting and QUIT (RFC 959 5.4), with AUTH TLS between if that is wanted (RFC 4217 4). Nobody logs in.
package struct FTPScript: SessionScript {
    private let wantsTLS: Bool
    var step = ReplyFailure.Step.greeting
    private var replies = ReplyReader(isLoose: true)

    package init(_ check: SessionCheck) {
        wantsTLS = check.tls != nil
    }

    package var mayClose: Bool { step == .farewell }

    package mutating func begin() -> Turn { step == .greeting ? .listen : say("QUIT", .farewell) }

    package mutating func take(_ line: [UInt8]) -> Turn {
        switch replies.take(line) {
        case .goesOn: return .listen
        case .malformed: return .end(.fail(.reply(.malformed(step))))
        case .reply(let code): return take(code)
        }
    }

    private mutating func take(_ code: Int) -> Turn {
        switch (step, code) {
        case (.greeting, 220): return wantsTLS ? say("AUTH TLS", .security) : say("QUIT", .farewell)
        case (.security, 234): return .secure
        // Not known, not built in, not for this, or wants a login first (RFC 4217 4.2, RFC 2228 3).
        case (.security, 500), (.security, 502), (.security, 504), (.security, 530), (.security, 534):
            return .end(.fail(.reply(.withoutTLS)))
        case (.farewell, 221): return .end(.pass)
        default: return .end(.fail(.reply(.code(step, code))))
        }
    }
}
