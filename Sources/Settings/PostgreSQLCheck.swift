/// The beginning of a session; without a password as far as it goes then.
package struct PostgreSQLCheck: Hashable, Sendable {
    /// Absent: somebody whom the server may turn away.
    package var user: String?
    package var password: SecretFile?
    /// Absent: the server's choice, which is the user's name.
    package var database: String?
    /// Within what the session begins; absent: in the clear.
    package var tls: TLSCheck?

    package init(
        user: String? = nil, password: SecretFile? = nil, database: String? = nil, tls: TLSCheck? = nil
    ) {
        self.user = user
        self.password = password
        self.database = database
        self.tls = tls
    }
}
