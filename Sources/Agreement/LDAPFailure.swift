/// Why a directory server does not answer as it should.
package enum LDAPFailure: Hashable, Sendable {
    /// Not LDAP.
    case malformed
    /// The result code of the bind (RFC 4511 4.1.9).
    case bind(Int)
    /// The result code of the search.
    case search(Int)
    /// The search found nothing that the check may see.
    case withoutEntry
    /// The server ends the session of its own accord (RFC 4511 4.4.1), with this result code.
    case disconnected(Int)
}

extension LDAPFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is not LDAP"
        case .bind(let code): "the bind ends with \(Self.word(code))"
        case .search(let code): "the search ends with \(Self.word(code))"
        case .withoutEntry: "the search finds no entry"
        case .disconnected(let code): "it disconnects with \(Self.word(code))"
        }
    }

    private static func word(_ code: Int) -> String { words[code].map { "\($0) (\(code))" } ?? "code \(code)" }

    /// RFC 4511 A.2.
    private static let words = [
        0: "success", 1: "operationsError", 2: "protocolError", 3: "timeLimitExceeded",
        8: "strongerAuthRequired", 10: "referral", 11: "adminLimitExceeded", 13: "confidentialityRequired",
        32: "noSuchObject", 34: "invalidDNSyntax", 48: "inappropriateAuthentication", 49: "invalidCredentials",
        50: "insufficientAccessRights", 51: "busy", 52: "unavailable", 53: "unwillingToPerform", 80: "other",
    ]
}
