package import Agreement
package import Settings

/// StartupMessage, perhaps within TLS, and what the server makes of it (PostgreSQL 16, 55.2 and 55.7).
///
/// Who is asked for a password and has none has met a server that works. An error of a check without a user that only
/// says who may come in, or that there is no such database, says the same: so pg_isready has it.
package struct PostgreSQLScript: FrameScript {
    private enum State: Sendable {
        case begin, security, start, session, farewell
        case proof(PostgreSQLLogin)
    }

    /// Somebody has to come.
    private static let anybody = "tandem"
    private static let kinds = Set("RENvSKZ".utf8)

    private let check: PostgreSQLCheck
    private let login: PostgreSQLLogin?
    private var state = State.begin

    /// - Parameter nonce: printable ASCII without a comma, as random as can be had, for a login by SCRAM.
    package init(_ check: PostgreSQLCheck, password: Secret?, nonce: [UInt8], digests: Digests) {
        self.check = check
        login = password.map {
            PostgreSQLLogin(
                user: check.user ?? Self.anybody, $0, mayTellPassword: check.tls != nil, nonce: nonce,
                digests: digests)
        }
    }

    package var mayClose: Bool {
        if case .farewell = state { true } else { false }
    }

    /// SSLRequest, and then version 3.0, and names with their values.
    package mutating func begin() -> Turn {
        if case .begin = state, check.tls != nil {
            state = .security
            return .say(Self.number(8) + Self.number(80_877_103))
        }
        state = .start
        var body: [UInt8] = [0, 3, 0, 0]
        let parameters = [("user", check.user ?? Self.anybody)] + (check.database.map { [("database", $0)] } ?? [])
        for (name, value) in parameters { body += Array(name.utf8) + [0] + Array(value.utf8) + [0] }
        body.append(0)
        return .say(Self.number(body.count + 4) + body)
    }

    /// A letter for its kind, and four bytes of length that count themselves; of an answer to SSLRequest the letter
    /// alone.
    package func length(of head: [UInt8]) throws(CheckFailure) -> Int? {
        if case .security = state, head.first != UInt8(ascii: "E") { return 1 }
        guard let kind = head.first, Self.kinds.contains(kind) else { throw .postgresql(.malformed) }
        guard head.count >= 5 else { return nil }
        let length = Self.number(in: head[1..<5])
        guard length >= 4 else { throw .postgresql(.malformed) }
        return 1 + length
    }

    package mutating func take(_ frame: [UInt8]) -> Turn {
        let body = frame.dropFirst(5)
        switch (state, frame[0]) {
        case (.farewell, _): return .end(.pass)
        case (_, UInt8(ascii: "E")): return .end(error(body))
        case (.security, UInt8(ascii: "S")): return .secure
        case (.security, UInt8(ascii: "N")): return .end(.fail(.postgresql(.withoutTLS)))
        case (.security, _): return .end(.fail(.postgresql(.malformed)))
        case (_, UInt8(ascii: "N")): return .listen
        case (.start, UInt8(ascii: "v")): return .listen
        case (.start, UInt8(ascii: "R")): return authentication(body, login)
        case (.proof(let login), UInt8(ascii: "R")): return authentication(body, login)
        case (.session, UInt8(ascii: "S")), (.session, UInt8(ascii: "K")): return .listen
        case (.session, UInt8(ascii: "Z")):
            state = .farewell
            return .say([UInt8(ascii: "X"), 0, 0, 0, 4])
        default: return .end(.fail(.postgresql(.malformed)))
        }
    }

    /// 0: come in. Anything else asks for a proof of who is there, or goes on with it.
    private mutating func authentication(_ body: ArraySlice<UInt8>, _ login: PostgreSQLLogin?) -> Turn {
        guard body.count >= 4 else { return .end(.fail(.postgresql(.malformed))) }
        let request = Self.number(in: body.prefix(4))
        guard var login else {
            guard request == 0 else { return .end(.pass) }
            state = .session
            return .listen
        }
        do throws(PostgreSQLFailure) {
            let answer = try login.take(request, body.dropFirst(4))
            return turn(login, answer)
        } catch {
            return .end(.fail(.postgresql(error)))
        }
    }

    package mutating func salted(_ bytes: [UInt8]) -> Turn {
        guard case .proof(var login) = state else { return .listen }
        do throws(PostgreSQLFailure) {
            let answer = try login.salted(bytes)
            return turn(login, answer)
        } catch {
            return .end(.fail(.postgresql(error)))
        }
    }

    private mutating func turn(_ login: PostgreSQLLogin, _ answer: PostgreSQLLogin.Answer) -> Turn {
        state = .proof(login)
        switch answer {
        case .welcome:
            state = .session
            return .listen
        case .nothing: return .listen
        case .words(let words): return .say([UInt8(ascii: "p")] + Self.number(words.count + 4) + words)
        case .salting(let salting): return .salt(salting, after: [])
        }
    }

    /// Fields of a letter and a text; the SQLSTATE is the one of C. Before TLS anybody could have said it.
    private func error(_ body: ArraySlice<UInt8>) -> Outcome {
        let fields = body.split(separator: 0)
        guard let field = fields.first(where: { $0.first == UInt8(ascii: "C") }), field.count == 6,
            let code = ShortCode(field.dropFirst())
        else { return .fail(.postgresql(.malformed)) }
        if case .security = state { return .fail(.postgresql(.state(code))) }
        let isRefusal = check.user == nil && ["28000", "28P01", "3D000"].contains("\(code)")
        return isRefusal ? .pass : .fail(.postgresql(.state(code)))
    }

    private static func number(in bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private static func number(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
}
