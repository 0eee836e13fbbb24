package import Agreement
package import Settings

/// The server's greeting, an answer to it and COM_QUIT (dev.mysql.com, Client/Server Protocol, Connection Phase).
///
/// The answer is not left out: a server counts clients that leave without one and blocks them in the end (error 1129).
package struct MySQLScript: FrameScript {
    private enum State: Sendable {
        case greeting, login, farewell
    }

    /// Those that say that the server lives and turned a stranger away.
    private static let refusals: Set<UInt16> = [1045, 1251, 1698, 3118, 4151]

    /// CLIENT_LONG_PASSWORD, PROTOCOL_41, SECURE_CONNECTION and PLUGIN_AUTH.
    private static let capabilities: UInt32 = 0x0008_8201
    private static let native = Array("mysql_native_password".utf8)

    private let user: String?
    private var state = State.greeting

    package init(_ check: MySQLCheck) {
        user = check.user
    }

    package var mayClose: Bool { state == .farewell }

    package mutating func begin() -> Turn { .listen }

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
        case (_, 0xFF): return .end(error(body))
        case (.greeting, 10):
            guard Self.isGreeting(body), frame[3] == 0 else { return malformed }
            state = .login
            return .say(Self.packet(1, login))
        case (.login, 0x00):
            state = .farewell
            return .say(Self.packet(0, [0x01]))
        case (.login, 0xFE): return answer(body.dropFirst(), number: frame[3])
        default: return malformed
        }
    }

    /// Another method than was offered, which a user without a password answers with nothing, or the end of a text.
    private func answer(_ method: ArraySlice<UInt8>, number: UInt8) -> Turn {
        let isNative = method.prefix { $0 != 0 }.elementsEqual(Self.native)
        return .say(Self.packet(number &+ 1, isNative ? [] : [0]))
    }

    private func error(_ body: ArraySlice<UInt8>) -> Outcome {
        let bytes = Array(body.dropFirst().prefix(2))
        guard bytes.count == 2 else { return .fail(.mysql(.malformed)) }
        let number = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
        let isRefusal = state == .login && user == nil && Self.refusals.contains(number)
        return isRefusal ? .pass : .fail(.mysql(.error(number)))
    }

    private var malformed: Turn { .end(.fail(.mysql(.malformed))) }

    /// The version of the server as text, then its thread, eight bytes of challenge, a zero and its capabilities.
    private static func isGreeting(_ body: ArraySlice<UInt8>) -> Bool {
        guard let end = body.dropFirst().firstIndex(of: 0) else { return false }
        let rest = body[(end + 1)...]
        return rest.count >= 15 && rest[rest.startIndex + 12] == 0
    }

    /// Capabilities, the longest packet, UTF-8, room for later, a name, no password and the method.
    private var login: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: Self.capabilities >> (8 * UInt32($0))) } + [0, 0, 1, 0, 33]
            + [UInt8](repeating: 0, count: 23) + Array((user ?? "").utf8) + [0, 0] + Self.native + [0]
    }

    private static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: body.count), UInt8(truncatingIfNeeded: body.count >> 8), 0, number] + body
    }
}
