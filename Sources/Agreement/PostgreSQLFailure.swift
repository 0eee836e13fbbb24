/// Why a PostgreSQL server does not answer as it should.
package enum PostgreSQLFailure: Hashable, Sendable {
    /// Not of its protocol.
    case malformed
    /// The SQLSTATE of its error, five letters (PostgreSQL, Appendix A).
    case state(ShortCode)
}

extension PostgreSQLFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is not of the PostgreSQL protocol"
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
