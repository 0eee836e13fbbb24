/// Why a MySQL server does not answer as it should.
package enum MySQLFailure: Hashable, Sendable {
    /// Not of its protocol, or of a version before 10, which servers speak since 3.21.
    case malformed
    /// The number of its error.
    case error(UInt16)
    /// TLS is wanted, and the server does not offer it.
    case withoutTLS
    /// The server asks for the password itself, and somebody may listen.
    case passwordInClear
    /// None of those that the check knows.
    case methodUnknown
    /// The director's OpenSSL has no SHA-1.
    case withoutSHA1
}

extension MySQLFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is not of the MySQL protocol"
        case .withoutTLS: "it does not offer TLS"
        case .passwordInClear:
            "its caching_sha2_password asks for the password itself, which is told over TLS alone (starttls: true)"
        case .methodUnknown: "the check's user logs in by a method that the check does not know"
        case .withoutSHA1: "the director's OpenSSL has no SHA-1, by which the check's user logs in"
        case .error(let number):
            Self.words[number].map { "\($0) (error \(number))" } ?? "it answers with error \(number)"
        }
    }

    /// Of the errors that a login meets (mysqld_error.h).
    private static let words: [UInt16: String] = [
        1040: "it has too many connections", 1044: "the check's user may not use the database",
        1045: "it does not let the check's user in", 1053: "it is shutting down",
        1129: "it has blocked this director after too many broken connections; FLUSH HOSTS there unblocks it",
        1130: "it lets nobody in from this director's address", 1158: "it could not read what the check said",
        1159: "it waited too long for the check", 1203: "the check's user has too many connections",
        1226: "the check's user has used up what it may", 1251: "the check's user logs in by a method of its own",
        1698: "it does not let the check's user in", 3032: "it is in offline mode",
        3118: "the check's user is locked", 4151: "the check's user is locked",
    ]
}
