import Agreement

/// How a check proves to a PostgreSQL server that it knows its user's password (PostgreSQL 16, 55.2.1 and 55.3).
struct PostgreSQLLogin: Sendable {
    enum Answer {
        /// The server lets the check in.
        case welcome
        case nothing
        /// What a message of the letter p holds.
        case words([UInt8])
        /// The answer wants a salted password.
        case salting(Salting)
    }

    private enum State: Sendable {
        case start
        case scram(SCRAMLogin)
        case scramSalting(SCRAMLogin)
        case scramAnswered(SCRAMLogin)
        /// Nothing is left to say.
        case told
    }

    /// The numbers of AuthenticationCleartextPassword and its like.
    private enum Request {
        static let welcome = 0
        static let password = 3
        static let md5 = 5
        static let sasl = 10
        static let saslContinue = 11
        static let saslFinal = 12
    }

    private static let mechanism = Array("SCRAM-SHA-256".utf8)

    private let user: String
    private let password: Secret
    private let mayTellPassword: Bool
    private let nonce: [UInt8]
    private let digests: Digests
    private var state = State.start

    init(user: String, _ password: Secret, mayTellPassword: Bool, nonce: [UInt8], digests: Digests) {
        self.user = user
        self.password = password
        self.mayTellPassword = mayTellPassword
        self.nonce = nonce
        self.digests = digests
    }

    /// The server asks for this, and says this with it.
    mutating func take(_ request: Int, _ body: ArraySlice<UInt8>) throws(PostgreSQLFailure) -> Answer {
        switch (state, request) {
        case (.start, Request.welcome), (.told, Request.welcome): return .welcome
        // To be let in before the end of SCRAM is to meet somebody who need not know the password.
        case (_, Request.welcome): throw .unproven
        case (.start, Request.password):
            guard mayTellPassword else { throw .passwordInClear }
            state = .told
            return .words(password.bytes + [0])
        case (.start, Request.md5):
            guard body.count == 4 else { throw .malformed }
            guard let hidden = hidden(body) else { throw .withoutMD5 }
            state = .told
            return .words(hidden)
        case (.start, Request.sasl): return try begin(body)
        case (.scram(var login), Request.saslContinue):
            let salting = try login.challenge(body)
            state = .scramSalting(login)
            return .salting(salting)
        case (.scramAnswered(let login), Request.saslFinal):
            try login.verify(body)
            state = .told
            return .nothing
        case (.start, _): throw .methodUnknown
        default: throw .malformed
        }
    }

    /// What became of the password.
    mutating func salted(_ bytes: [UInt8]) throws(PostgreSQLFailure) -> Answer {
        guard case .scramSalting(var login) = state else { throw .malformed }
        let answer = try login.answer(salted: bytes)
        state = .scramAnswered(login)
        return .words(answer)
    }

    /// The server names its mechanisms, each ended by a zero. It knows the user from the beginning of the session, and
    /// takes no heed of another name.
    private mutating func begin(_ mechanisms: ArraySlice<UInt8>) throws(PostgreSQLFailure) -> Answer {
        guard mechanisms.split(separator: 0).contains(where: { $0.elementsEqual(Self.mechanism) }) else {
            throw .methodUnknown
        }
        let login = SCRAMLogin(user: "", password: password, nonce: nonce, digests: digests)
        state = .scram(login)
        let first = login.first
        return .words(Self.mechanism + [0, 0, 0, UInt8(first.count >> 8), UInt8(first.count & 0xFF)] + first)
    }

    /// "md5" and a digest in hex of such a digest and the salt.
    private func hidden(_ salt: ArraySlice<UInt8>) -> [UInt8]? {
        guard let inner = digests.md5(password.bytes + Array(user.utf8)),
            let outer = digests.md5(Self.hex(inner) + salt)
        else { return nil }
        return Array("md5".utf8) + Self.hex(outer) + [0]
    }

    private static func hex(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
