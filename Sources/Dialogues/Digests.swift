/// The hash functions that dialogues need, from whoever has them: a pure module has no library of ciphers.
package struct Digests: Sendable {
    /// The 32 bytes of SHA-256 (FIPS 180-4, 6.2).
    package let sha256: @Sendable ([UInt8]) -> [UInt8]

    package init(sha256: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.sha256 = sha256
    }
}
