/// PING, and who the server is among its replicas. Also for Valkey, KeyDB and others that speak RESP.
package struct RedisCheck: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable, CaseIterable {
        case master, replica
    }

    /// With a password, of Redis 6 and later; absent: the default user.
    package var user: String?
    package var password: SecretFile?
    /// Absent: either will do.
    package var role: Role?

    package init(user: String? = nil, password: SecretFile? = nil, role: Role? = nil) {
        self.user = user
        self.password = password
        self.role = role
    }
}
