package import Agreement
package import Settings

/// The server's greeting, an answer to it and COM_QUIT (dev.mysql.com, Client/Server Protocol, Connection Phase).
///
/// An answer is never left out: a server counts clients that leave without one and blocks them in the end (error 1129).
/// The password itself is told over TLS alone: the key by which caching_sha2_password would hide it comes from whoever
/// answers.
package struct MySQLScript: FrameScript {
    private enum State: Sendable {
        case greeting, security, farewell
        case login(mayChangeMethod: Bool)
        /// The check cannot go on, and has said something that the server turns away.
        case excused(MySQLFailure)
    }

    /// Those that say that the server lives and turned a stranger away.
    private static let refusals: Set<UInt16> = [1045, 1251, 1698, 3118, 4151]

    /// CLIENT_LONG_PASSWORD, PROTOCOL_41, SECURE_CONNECTION and PLUGIN_AUTH; and SSL.
    private static let capabilities: UInt32 = 0x0008_8201
    private static let tls: UInt32 = 0x0800

    private let user: String?
    private let password: Secret?
    private let wantsTLS: Bool
    private let digests: Digests
    private var state = State.greeting
    private var challenge: [UInt8] = []
    private var method = MySQLGreeting.Method.native

    package init(_ check: MySQLCheck, password: Secret?, digests: Digests) {
        user = check.user
        wantsTLS = check.tls != nil
        self.password = password
        self.digests = digests
    }

    package var mayClose: Bool {
        if case .farewell = state { true } else { false }
    }

    package mutating func begin() -> Turn {
        guard case .security = state else { return .listen }
        return login(2)
    }

    /// Three bytes of length, lowest first, and the number of the packet: of a greeting 0, of an error in its stead
    /// perhaps 1. A text has a higher one there, and a length that would be blamed instead.
    package func length(of head: [UInt8]) throws(CheckFailure) -> Int? {
        guard head.count >= 4 else { return nil }
        if case .greeting = state, head[3] > 1 { throw .mysql(.malformed) }
        return 4 + (Int(head[0]) | Int(head[1]) << 8 | Int(head[2]) << 16)
    }

    package mutating func take(_ frame: [UInt8]) -> Turn {
        let body = frame[4...]
        switch (state, body.first) {
        case (.farewell, _): return .end(.pass)
        case (.excused(let failure), _): return fail(failure)
        case (_, 0xFF): return .end(error(body))
        case (.greeting, _):
            guard frame[3] == 0, let greeting = MySQLGreeting(body) else { return fail(.malformed) }
            return answer(greeting)
        case (.login, 0x00):
            state = .farewell
            return .say(Self.packet(0, [0x01]))
        case (.login, 0x01): return goOn(body.dropFirst(), number: frame[3])
        case (.login(mayChangeMethod: true), 0xFE):
            state = .login(mayChangeMethod: false)
            return change(body.dropFirst(), number: frame[3])
        default: return fail(.malformed)
        }
    }

    private mutating func answer(_ greeting: MySQLGreeting) -> Turn {
        if password != nil {
            guard greeting.challenge.count == 20 else { return fail(.malformed) }
            challenge = greeting.challenge
            method = greeting.method ?? .native
        }
        guard wantsTLS else { return login(1) }
        guard greeting.offersTLS else {
            return excuse(.withoutTLS, Self.packet(1, opening(tls: false) + Self.nobody))
        }
        state = .security
        return .sayAndSecure(Self.packet(1, opening(tls: true)))
    }

    /// Another method than was offered, with a challenge of its own. A user without a password answers it with nothing,
    /// or the end of a text.
    private mutating func change(_ request: ArraySlice<UInt8>, number: UInt8) -> Turn {
        let name = request.prefix { $0 != 0 }
        let method = MySQLGreeting.method(name)
        guard password != nil else { return .say(Self.packet(number &+ 1, method == .native ? [] : [0])) }
        guard let method else { return excuse(.methodUnknown, Self.packet(number &+ 1, [])) }
        challenge = Array(request.dropFirst(name.count + 1).prefix(20))
        guard challenge.count == 20 else { return fail(.malformed) }
        self.method = method
        guard let proof = proof else { return fail(.withoutSHA1) }
        return .say(Self.packet(number &+ 1, proof))
    }

    /// What caching_sha2_password says: 3, that it knows the password; 4, that it has to be told it.
    private mutating func goOn(_ word: ArraySlice<UInt8>, number: UInt8) -> Turn {
        guard let password, method == .cachingSHA2 else { return fail(.malformed) }
        switch word {
        case [3]: return .listen
        case [4] where wantsTLS: return .say(Self.packet(number &+ 1, password.bytes + [0]))
        case [4]: return excuse(.passwordInClear, Self.packet(number &+ 1, [0]))
        default: return fail(.malformed)
        }
    }

    private mutating func excuse(_ failure: MySQLFailure, _ words: [UInt8]) -> Turn {
        state = .excused(failure)
        return .say(words)
    }

    private func error(_ body: ArraySlice<UInt8>) -> Outcome {
        let bytes = Array(body.dropFirst().prefix(2))
        guard bytes.count == 2 else { return .fail(.mysql(.malformed)) }
        let number = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
        guard case .login = state, user == nil, Self.refusals.contains(number) else {
            return .fail(.mysql(.error(number)))
        }
        return .pass
    }

    private func fail(_ failure: MySQLFailure) -> Turn { .end(.fail(.mysql(failure))) }

    /// Absent: the library has no SHA-1. Empty: there is no password.
    private var proof: [UInt8]? {
        guard let password else { return [] }
        return MySQLGreeting.proof(method, password, challenge, digests)
    }

    /// A name, what proves that it is the check's, and how.
    private mutating func login(_ number: UInt8) -> Turn {
        guard let proof else { return fail(.withoutSHA1) }
        state = .login(mayChangeMethod: true)
        let name = Array((user ?? "").utf8) + [0]
        let words = [UInt8(proof.count)] + proof + Array(method.rawValue.utf8) + [0]
        return .say(Self.packet(number, opening(tls: wantsTLS) + name + words))
    }

    /// An empty name, nothing that proves it, and the method.
    private static let nobody = [0, 0] + Array(MySQLGreeting.Method.native.rawValue.utf8) + [0]

    /// Capabilities, the longest packet, UTF-8, and room for later: all of it where TLS is still to come.
    private func opening(tls: Bool) -> [UInt8] {
        let capabilities = Self.capabilities | (tls ? Self.tls : 0)
        return (0..<4).map { UInt8(truncatingIfNeeded: capabilities >> (8 * UInt32($0))) } + [0, 0, 1, 0, 33]
            + [UInt8](repeating: 0, count: 23)
    }

    private static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: body.count), UInt8(truncatingIfNeeded: body.count >> 8), 0, number] + body
    }
}
