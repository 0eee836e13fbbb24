import Agreement
package import Settings

/// Greeting, EHLO and QUIT (RFC 5321 4.3.2), with STARTTLS between if that is wanted (RFC 3207).
package struct SMTPScript: LineScript {
    private enum State: Sendable {
        case greeting
        case hello(isSecured: Bool)
        case security, farewell
    }

    private let name: String
    private let wantsTLS: Bool
    private var state = State.greeting
    private var replies = ReplyReader(isLoose: false)
    private var offersTLS = false

    package init(_ check: SessionCheck) {
        name = check.helo ?? SessionCheck.introduction
        wantsTLS = check.tls != nil
    }

    package var mayClose: Bool { if case .farewell = state { true } else { false } }

    package mutating func begin() -> Turn {
        guard case .security = state else { return .listen }
        return sayHello(isSecured: true)
    }

    package mutating func take(_ line: [UInt8]) -> Turn {
        if case .hello(isSecured: false) = state, Self.isOffer(line) { offersTLS = true }
        switch replies.take(line) {
        case .goesOn: return .listen
        case .malformed: return .end(.fail(.reply(.malformed(step))))
        case .reply(let code): return take(code)
        }
    }

    private mutating func take(_ code: Int) -> Turn {
        switch (state, code) {
        case (.greeting, 220): return sayHello(isSecured: false)
        case (.hello(isSecured: false), 250) where wantsTLS:
            guard offersTLS else { return .end(.fail(.reply(.withoutTLS))) }
            state = .security
            return .say(Array("STARTTLS\r\n".utf8))
        case (.hello, 250):
            state = .farewell
            return .say(Array("QUIT\r\n".utf8))
        case (.security, 220): return .secure
        case (.farewell, 221): return .end(.pass)
        default: return .end(.fail(.reply(.code(step, code))))
        }
    }

    private mutating func sayHello(isSecured: Bool) -> Turn {
        state = .hello(isSecured: isSecured)
        return .say(Array("EHLO \(name)\r\n".utf8))
    }

    private var step: ReplyFailure.Step {
        switch state {
        case .greeting: .greeting
        case .hello: .hello
        case .security: .security
        case .farewell: .farewell
        }
    }

    /// `250-STARTTLS` or `250 STARTTLS`, in whichever case.
    private static func isOffer(_ line: [UInt8]) -> Bool {
        String(decoding: line.dropFirst(4), as: UTF8.self).lowercased() == "starttls"
    }
}
