/// A bind, and perhaps a look at one entry.
package struct LDAPCheck: Hashable, Sendable {
    /// The name that binds, with its password; absent: nobody (RFC 4513 5.1.1).
    package var user: String?
    package var password: SecretFile?
    /// The name of an entry that has to be there; absent: the bind is enough.
    package var base: String?

    package init(user: String? = nil, password: SecretFile? = nil, base: String? = nil) {
        self.user = user
        self.password = password
        self.base = base
    }
}
