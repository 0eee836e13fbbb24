import Agreement
package import Settings

/// AUTH where there is a password, PING, and ROLE where a role is wanted, in the second version of the Redis protocol
/// (redis.io/docs/latest/develop/reference/protocol-spec).
package struct RedisScript: LineScript {
    private enum State: Sendable {
        case authentication, ping
        /// The parts of the answer to ROLE: how many there are, how long the first is, and what it says.
        case roleCount, roleLength, role
    }

    private let check: RedisCheck
    private let password: Secret?
    private var state = State.ping

    package init(_ check: RedisCheck, password: Secret?) {
        self.check = check
        self.password = password
    }

    package var mayClose: Bool { false }

    package mutating func begin() -> Turn {
        guard let password else { return .say(Self.command(Array("PING".utf8))) }
        state = .authentication
        let user = check.user.map { [Array($0.utf8)] } ?? []
        return .say(Self.command([Array("AUTH".utf8)] + user + [password.bytes]))
    }

    package mutating func take(_ line: [UInt8]) -> Turn {
        if line.first == UInt8(ascii: "-") {
            return .end(.fail(.redis(RedisFailure(error: String(decoding: line.dropFirst(), as: UTF8.self)))))
        }
        switch (state, line.first) {
        case (.authentication, _) where line == Array("+OK".utf8):
            state = .ping
            return .say(Self.command(Array("PING".utf8)))
        case (.ping, _) where line == Array("+PONG".utf8):
            guard check.role != nil else { return .end(.pass) }
            state = .roleCount
            return .say(Self.command(Array("ROLE".utf8)))
        case (.roleCount, UInt8(ascii: "*")): state = .roleLength
        case (.roleLength, UInt8(ascii: "$")): state = .role
        case (.role, _): return .end(role(line))
        default: return .end(.fail(.redis(.malformed)))
        }
        return .listen
    }

    private func role(_ line: [UInt8]) -> Outcome {
        let role: RedisCheck.Role? =
            switch String(decoding: line, as: UTF8.self) {
            case "master": .master
            case "slave": .replica
            // A sentinel is neither.
            default: nil
            }
        return role == check.role ? .pass : .fail(.redis(.otherRole))
    }

    private static func command(_ word: [UInt8]) -> [UInt8] { command([word]) }

    /// A list of words, each with its length, so that a password may hold any byte.
    private static func command(_ words: [[UInt8]]) -> [UInt8] {
        words.reduce(Array("*\(words.count)\r\n".utf8)) { $0 + Array("$\($1.count)\r\n".utf8) + $1 + [0x0D, 0x0A] }
    }
}
