import COpenSSL
import Heartbeat

/// ChaCha20-Poly1305 (RFC 8439) and HKDF-SHA256 (RFC 5869) of the system's OpenSSL 3.
package struct OpenSSLSealer: Sealer {
    package init() {}

    package func makeKey(_ bytes: [UInt8]) -> ChaChaKey { ChaChaKey(bytes) }

    package func derive(secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        precondition((1...(255 * 32)).contains(count), "HKDF-SHA256 gives 1 to 8,160 bytes, not \(count)")
        let kdf = unsafe EVP_KDF_fetch(nil, "HKDF", nil)
        defer { unsafe EVP_KDF_free(kdf) }
        let context = unsafe EVP_KDF_CTX_new(kdf)
        defer { unsafe EVP_KDF_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: count)
        let done = unsafe withParameters(secret: secret, salt: salt, info: info) { parameters in
            unsafe EVP_KDF_derive(context, &output, count, parameters)
        }
        precondition(done == 1, "OpenSSL's HKDF failed: is the library complete?")
        return output
    }

    private func withParameters(
        secret: [UInt8], salt: [UInt8], info: [UInt8], _ body: (UnsafePointer<OSSL_PARAM>) -> Int32
    ) -> Int32 {
        var digest = Array("SHA256".utf8CString)
        var secret = secret
        var salt = salt
        var info = info
        return unsafe digest.withUnsafeMutableBufferPointer { digest in
            unsafe secret.withUnsafeMutableBytes { secret in
                unsafe salt.withUnsafeMutableBytes { salt in
                    unsafe info.withUnsafeMutableBytes { info in
                        let parameters = unsafe [
                            OSSL_PARAM_construct_utf8_string(name(Self.digestName), digest.baseAddress, 0),
                            OSSL_PARAM_construct_octet_string(name(Self.keyName), secret.baseAddress, secret.count),
                            OSSL_PARAM_construct_octet_string(name(Self.saltName), salt.baseAddress, salt.count),
                            OSSL_PARAM_construct_octet_string(name(Self.infoName), info.baseAddress, info.count),
                            OSSL_PARAM_construct_end(),
                        ]
                        return unsafe body(parameters)
                    }
                }
            }
        }
    }

    // core_names.h. A parameter keeps the pointer to its name, so the names must live for ever.
    private static let digestName: StaticString = "digest"
    private static let keyName: StaticString = "key"
    private static let saltName: StaticString = "salt"
    private static let infoName: StaticString = "info"

    private func name(_ text: StaticString) -> UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
