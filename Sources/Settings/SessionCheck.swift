/// A session that the server greets, in a protocol of commands and replies, perhaps secured on the way.
package struct SessionCheck: Hashable, Sendable {
    package enum Language: String, Hashable, Sendable, CaseIterable {
        case smtp, imap, pop3, ftp
    }

    package var language: Language
    /// As whom the check introduces itself to an SMTP server; absent: `SessionCheck.introduction`.
    package var helo: String?
    /// How it goes on after STARTTLS; absent: all of it is said in the clear.
    package var tls: TLSCheck?

    /// A name that is nobody's (RFC 2606 2).
    package static let introduction = "tandem.invalid"

    package init(_ language: Language, helo: String? = nil, tls: TLSCheck? = nil) {
        self.language = language
        self.helo = helo
        self.tls = tls
    }
}
