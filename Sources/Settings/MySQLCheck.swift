/// A login, which the server greets; also for MariaDB and others that speak its protocol.
package struct MySQLCheck: Hashable, Sendable {
    /// Who logs in; absent: somebody whom the server may turn away.
    package var user: String?
    /// Absent: the user has none.
    package var password: SecretFile?
    /// How it goes on after the greeting; absent: all of it is said in the clear.
    package var tls: TLSCheck?

    package init(user: String? = nil, password: SecretFile? = nil, tls: TLSCheck? = nil) {
        self.user = user
        self.password = password
        self.tls = tls
    }
}
