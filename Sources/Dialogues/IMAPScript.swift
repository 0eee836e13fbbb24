import Agreement
package import Settings

/// Greeting and LOGOUT (RFC 3501 7.1 and 6.1.3), with STARTTLS between if that is wanted (6.2.1).
package struct IMAPScript: SessionScript {
    private let wantsTLS: Bool
    var step = ReplyFailure.Step.greeting

    package init(_ check: SessionCheck) {
        wantsTLS = check.tls != nil
    }

    package var mayClose: Bool { false }

    package mutating func begin() -> Turn { step == .greeting ? .listen : say("b LOGOUT", .farewell) }

    package mutating func take(_ line: [UInt8]) -> Turn {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 2)
            .map { $0.uppercased() }
        guard words.count >= 2 else { return .end(.fail(.reply(.malformed(step)))) }
        switch (step, words[0], words[1]) {
        case (.greeting, "*", "OK"): return wantsTLS ? say("a STARTTLS", .security) : say("b LOGOUT", .farewell)
        // Who is known already cannot begin TLS any more.
        case (.greeting, "*", "PREAUTH"):
            return wantsTLS ? .end(.fail(.reply(.withoutTLS))) : say("b LOGOUT", .farewell)
        case (.security, "A", "OK"): return .secure
        case (.security, "A", "NO"), (.security, "A", "BAD"): return .end(.fail(.reply(.withoutTLS)))
        case (.farewell, "*", "BYE"): return .listen
        case (.farewell, "B", "OK"): return .end(.pass)
        case (_, "*", "BYE"), (.farewell, "B", "NO"), (.farewell, "B", "BAD"):
            return .end(.fail(.reply(.refused(step))))
        // What a server says unasked.
        case (.security, "*", _), (.farewell, "*", _): return .listen
        default: return .end(.fail(.reply(.malformed(step))))
        }
    }
}
