import COpenSSL
package import Dialogues

extension Digests {
    /// Those of the system's OpenSSL 3.
    package static let openSSL = Digests(sha256: { unsafe digest($0, EVP_sha256(), 32) })

    @unsafe
    private static func digest(_ bytes: [UInt8], _ function: OpaquePointer?, _ length: Int) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        let done = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, function, nil)
        precondition(done == 1, "OpenSSL lacks a digest of \(length) bytes")
        return digest
    }
}
