import COpenSSL
package import Dialogues

extension Digests {
    /// Those of the system's OpenSSL 3.
    package static let openSSL = Digests(
        sha256: sha256, md5: { unsafe digest($0, EVP_md5(), 16) },
        hmacMD5: { unsafe hmac($0, $1, EVP_md5(), 16) }, sha1: { unsafe digest($0, EVP_sha1(), 20) },
        hmacSHA256: { key, message in
            guard let code = unsafe hmac(key, message, EVP_sha256(), 32) else {
                preconditionFailure("OpenSSL lacks HMAC-SHA-256")
            }
            return code
        })

    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        guard let digest = unsafe digest(bytes, EVP_sha256(), 32) else {
            preconditionFailure("OpenSSL lacks SHA-256")
        }
        return digest
    }

    @unsafe
    private static func digest(_ bytes: [UInt8], _ function: OpaquePointer?, _ length: Int) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: length)
        return unsafe EVP_Digest(bytes, bytes.count, &digest, nil, function, nil) == 1 ? digest : nil
    }

    @unsafe
    private static func hmac(
        _ key: [UInt8], _ message: [UInt8], _ function: OpaquePointer?, _ length: Int
    ) -> [UInt8]? {
        var code = [UInt8](repeating: 0, count: length)
        let done = unsafe HMAC(function, key, Int32(key.count), message, message.count, &code, nil)
        return unsafe done == nil ? nil : code
    }
}
