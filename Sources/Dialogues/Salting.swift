/// A password that is to be salted: PBKDF2 with HMAC-SHA-256 (RFC 8018 5.2), of which 32 bytes are wanted. A round
/// takes about a microsecond, and so all of them too long for who shares a thread: who leads a dialogue has this done
/// elsewhere.
package struct Salting: Hashable, Sendable {
    package let password: Secret
    /// At least one byte.
    package let salt: [UInt8]
    /// At least one.
    package let rounds: Int

    package init(_ password: Secret, salt: [UInt8], rounds: Int) {
        self.password = password
        self.salt = salt
        self.rounds = rounds
    }
}
