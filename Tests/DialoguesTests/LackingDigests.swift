import Dialogues

extension Digests {
    /// Of a library that follows FIPS 140, and in a test of nothing else: what it has is wrong.
    static let lacking = Digests(
        sha256: { $0 }, md5: { _ in nil }, hmacMD5: { _, _ in nil }, sha1: { _ in nil },
        hmacSHA256: { _, message in message })
}
