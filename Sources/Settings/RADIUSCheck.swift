/// A login, or without a user the question how the server is.
package struct RADIUSCheck: Hashable, Sendable {
    /// What a server has to say to a login.
    package enum Reply: String, Hashable, Sendable, CaseIterable {
        case accept
        /// It lets the user in or does not, or asks for more.
        case any
    }

    /// The longest name and the longest password that fit, in bytes (RFC 2865 5.1, 5.2).
    package static let longestUser = 253
    package static let longestPassword = 128

    /// What the server and its clients share; absent in no check that has passed the rules.
    package var secret: SecretFile?
    /// With its password; absent: nobody logs in, and the server is asked by Status-Server (RFC 5997).
    package var user: String?
    package var password: SecretFile?
    package var reply: Reply

    package init(
        secret: SecretFile? = nil, user: String? = nil, password: SecretFile? = nil, reply: Reply = .accept
    ) {
        self.secret = secret
        self.user = user
        self.password = password
        self.reply = reply
    }
}
