/// The hash functions that dialogues need, from whoever has them: a pure module has no library of ciphers.
package struct Digests: Sendable {
    /// The 32 bytes of SHA-256 (FIPS 180-4, 6.2).
    package let sha256: @Sendable ([UInt8]) -> [UInt8]
    /// The 16 bytes of MD5 (RFC 1321); nil: a library that follows FIPS 140 has none.
    package let md5: @Sendable ([UInt8]) -> [UInt8]?
    /// The 16 bytes of HMAC-MD5 (RFC 2104) with a key of at least a byte; nil: the same.
    package let hmacMD5: @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]?
    /// The 20 bytes of SHA-1 (FIPS 180-4, 6.1); nil: the library has none.
    package let sha1: @Sendable ([UInt8]) -> [UInt8]?
    /// The 32 bytes of HMAC-SHA-256 (RFC 2104) with a key of at least a byte.
    package let hmacSHA256: @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]

    package init(
        sha256: @escaping @Sendable ([UInt8]) -> [UInt8], md5: @escaping @Sendable ([UInt8]) -> [UInt8]?,
        hmacMD5: @escaping @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]?,
        sha1: @escaping @Sendable ([UInt8]) -> [UInt8]?,
        hmacSHA256: @escaping @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]
    ) {
        self.sha256 = sha256
        self.md5 = md5
        self.hmacMD5 = hmacMD5
        self.sha1 = sha1
        self.hmacSHA256 = hmacSHA256
    }
}
