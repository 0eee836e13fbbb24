/// The beginning of a session, as far as it goes without a password.
package struct PostgreSQLCheck: Hashable, Sendable {
    /// Absent: somebody whom the server may turn away.
    package var user: String?
    /// Absent: the server's choice, which is the user's name.
    package var database: String?

    package init(user: String? = nil, database: String? = nil) {
        self.user = user
        self.database = database
    }
}
