import COpenSSL
package import Dialogues

extension Digests {
    /// Those of the system's OpenSSL 3.
    package static let openSSL = Digests(
        sha256: { bytes in
            guard let digest = unsafe digest(bytes, EVP_sha256(), 32) else {
                preconditionFailure("OpenSSL lacks SHA-256")
            }
            return digest
        }, md5: { unsafe digest($0, EVP_md5(), 16) }, hmacMD5: hmacMD5)

    @unsafe
    private static func digest(_ bytes: [UInt8], _ function: OpaquePointer?, _ length: Int) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: length)
        return unsafe EVP_Digest(bytes, bytes.count, &digest, nil, function, nil) == 1 ? digest : nil
    }

    private static func hmacMD5(_ key: [UInt8], _ message: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 16)
        let done = unsafe HMAC(EVP_md5(), key, Int32(key.count), message, message.count, &digest, nil)
        return unsafe done == nil ? nil : digest
    }
}
