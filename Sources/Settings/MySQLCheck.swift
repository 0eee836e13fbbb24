/// A login, which the server greets; also for MariaDB and others that speak its protocol.
package struct MySQLCheck: Hashable, Sendable {
    /// Who logs in, without a password; absent: somebody whom the server may turn away.
    package var user: String?

    package init(user: String? = nil) {
        self.user = user
    }
}
