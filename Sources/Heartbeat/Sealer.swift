/// How datagrams are sealed. The real one is OpenSSL's ChaCha20-Poly1305 in Sealing; the simulator brings a
/// cheap one, so that the very same sessions run in both.
package protocol Sealer: Sendable {
    /// A key ready for use.
    associatedtype Key: SealingKey

    /// HKDF-SHA256 (RFC 5869): `count` bytes, at most 255 × 32, from the pair's secret.
    func derive(secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8]

    /// A key of 32 bytes.
    func makeKey(_ bytes: [UInt8]) -> Key
}

/// Authenticated encryption under one key (AEAD, RFC 8439).
package protocol SealingKey: Sendable {
    /// Encrypts `buffer[body]` in place, writes the 16 bytes of the seal right behind it, and binds
    /// `buffer[0..<body.lowerBound]` to both. One sequence seals one datagram under a key, ever.
    func seal(_ buffer: inout [UInt8], body: Range<Int>, sequence: UInt64)

    /// Decrypts `buffer[body]` in place if the seal behind it fits; else the body is worthless and the answer
    /// is false.
    func open(_ buffer: inout [UInt8], body: Range<Int>, sequence: UInt64) -> Bool
}

/// One of the pair's shared keys.
package struct SharedKey: Hashable, Sendable {
    /// Stands in every hello, so that the receiver knows which of its keys to try.
    package var id: UInt32
    /// 32 bytes.
    package var secret: [UInt8]

    package init(id: UInt32, secret: [UInt8]) {
        precondition(secret.count == 32, "a shared key has 32 bytes, not \(secret.count)")
        self.id = id
        self.secret = secret
    }
}
