/// Why a PostgreSQL server does not answer as it should.
package enum PostgreSQLFailure: Error, Hashable, Sendable {
    /// Not of its protocol.
    case malformed
    /// The SQLSTATE of its error, five letters (PostgreSQL, Appendix A).
    case state(ShortCode)
    /// TLS is wanted, and the server does not offer it.
    case withoutTLS
    /// The server asks for the password itself, and somebody may listen.
    case passwordInClear
    /// None of those that the check knows.
    case methodUnknown
    /// The server wants the password hashed this many times, which would hold other checks up.
    case rounds(Int)
    /// The server has not shown that it knows the password (RFC 5802 3).
    case unproven
    /// The server does not take the check's proof (RFC 5802 7, server-error).
    case proofRefused
    /// The director's OpenSSL has no MD5.
    case withoutMD5
}

extension PostgreSQLFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is not of the PostgreSQL protocol"
        case .withoutTLS: "it does not offer TLS"
        case .passwordInClear: "it asks for the password itself, which is told over TLS alone (starttls: true)"
        case .methodUnknown: "the check's user logs in by a method that the check does not know"
        case .rounds(let rounds): "it wants the password hashed \(rounds) times, which is too often for a check"
        case .unproven: "it does not prove that it knows the password of the check's user"
        case .proofRefused: "it does not take the password of the check's user"
        case .withoutMD5: "the director's OpenSSL has no MD5, by which the check's user logs in"
        case .state(let code):
            Self.words["\(code)"].map { "\($0) (\(code))" } ?? "it answers with error \(code)"
        }
    }

    /// Of the errors that the beginning of a session meets.
    private static let words = [
        "08P01": "it does not understand the check", "28000": "it does not let the check's user in",
        "28P01": "it does not take the password of the check's user", "3D000": "it has no such database",
        "53300": "it has too many connections", "57P01": "it is shutting down", "57P02": "it crashed and restarts",
        "57P03": "it is starting up or shutting down",
    ]
}
