/// What a MySQL server says first, from the protocol's version on (dev.mysql.com, Protocol::HandshakeV10).
struct MySQLGreeting {
    /// How a user proves who it is.
    enum Method: String {
        case native = "mysql_native_password"
        case cachingSHA2 = "caching_sha2_password"
    }

    /// To be mixed with the password: 20 bytes, or of servers before 4.1 eight.
    let challenge: [UInt8]
    let offersTLS: Bool
    /// Absent: one that is not known here, or none.
    let method: Method?

    /// CLIENT_SSL.
    private static let tls: UInt8 = 0x08

    /// The version of the server as text, its thread, eight bytes of challenge, a zero and half of its capabilities;
    /// perhaps a letter set, its status, the other half, the length of the challenge, room for later, the rest of the
    /// challenge with a zero, and the name of the method.
    init?(_ body: ArraySlice<UInt8>) {
        guard body.first == 10, let end = body.dropFirst().firstIndex(of: 0) else { return nil }
        let rest = Array(body[(end + 1)...])
        guard rest.count >= 15, rest[12] == 0 else { return nil }
        offersTLS = rest[14] & Self.tls != 0
        challenge = Array(rest[4..<12] + rest.dropFirst(31).prefix(12))
        let length = rest.count > 20 ? Int(rest[20]) : 0
        method = Self.method(rest.dropFirst(31 + max(13, length - 8)))
    }

    /// Of a text that a zero or the packet ends.
    static func method(_ text: ArraySlice<UInt8>) -> Method? {
        Method(rawValue: String(decoding: text.prefix { $0 != 0 }, as: UTF8.self))
    }

    /// What is to be told of the password (dev.mysql.com, Authentication Methods).
    ///
    /// - Parameter challenge: 20 bytes.
    /// - Returns: 20 or 32 bytes; absent: the library has no SHA-1.
    static func proof(
        _ method: Method, _ password: Secret, _ challenge: [UInt8], _ digests: Digests
    ) -> [UInt8]? {
        switch method {
        case .native:
            guard let once = digests.sha1(password.bytes), let twice = digests.sha1(once),
                let mixed = digests.sha1(challenge + twice)
            else { return nil }
            return zip(once, mixed).map { $0 ^ $1 }
        case .cachingSHA2:
            let once = digests.sha256(password.bytes)
            return zip(once, digests.sha256(digests.sha256(once) + challenge)).map { $0 ^ $1 }
        }
    }
}
