import COpenSSL
import Heartbeat

/// One key of one direction, with OpenSSL's contexts made ready: sealing a heartbeat allocates nothing.
///
/// SAFETY: the contexts are scratch space and not for two threads at once. A key belongs to one session, a session
/// to one heart, and a heart is a value that its thread consumes; Sendable is needed for that hand-over alone.
@safe
package final class ChaChaKey: SealingKey, @unchecked Sendable {
    private let sealing: OpaquePointer
    private let opening: OpaquePointer

    fileprivate static let length = 32

    init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.length, "a ChaCha20 key has 32 bytes, not \(bytes.count)")
        guard let sealing = unsafe EVP_CIPHER_CTX_new(), let opening = unsafe EVP_CIPHER_CTX_new() else {
            preconditionFailure("OpenSSL has no memory for a cipher")
        }
        unsafe self.sealing = sealing
        unsafe self.opening = opening
        let cipher = unsafe EVP_chacha20_poly1305()
        let ready =
            unsafe EVP_EncryptInit_ex(sealing, cipher, nil, bytes, nil)
            & EVP_DecryptInit_ex(opening, cipher, nil, bytes, nil)
        precondition(ready == 1, "OpenSSL has no ChaCha20-Poly1305")
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(sealing)
        unsafe EVP_CIPHER_CTX_free(opening)
    }

    package func seal(_ buffer: inout [UInt8], body: Range<Int>, sequence: UInt64) {
        precondition(body.upperBound + Frame.sealLength <= buffer.count, "no room for the seal")
        let context = unsafe sealing
        let sealed = unsafe buffer.withUnsafeMutableBufferPointer { bytes -> Bool in
            guard let base = bytes.baseAddress else { return false }
            let text = unsafe base + body.lowerBound
            var written: Int32 = 0
            return (unsafe withNonce(sequence, { unsafe EVP_EncryptInit_ex(context, nil, nil, nil, $0) }) == 1)
                && (unsafe EVP_EncryptUpdate(context, nil, &written, base, Int32(body.lowerBound)) == 1)
                && (unsafe EVP_EncryptUpdate(context, text, &written, text, Int32(body.count)) == 1)
                && (unsafe EVP_EncryptFinal_ex(context, text + body.count, &written) == 1)
                && (unsafe EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, Int32(Frame.sealLength), base + body.upperBound) == 1)
        }
        precondition(sealed, "OpenSSL refused to seal \(body.count) bytes")
    }

    package func open(_ buffer: inout [UInt8], body: Range<Int>, sequence: UInt64) -> Bool {
        guard body.upperBound + Frame.sealLength <= buffer.count else { return false }
        let context = unsafe opening
        return unsafe buffer.withUnsafeMutableBufferPointer { bytes -> Bool in
            guard let base = bytes.baseAddress else { return false }
            let text = unsafe base + body.lowerBound
            var written: Int32 = 0
            return (unsafe withNonce(sequence, { unsafe EVP_DecryptInit_ex(context, nil, nil, nil, $0) }) == 1)
                && (unsafe EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_SET_TAG, Int32(Frame.sealLength), base + body.upperBound) == 1)
                && (unsafe EVP_DecryptUpdate(context, nil, &written, base, Int32(body.lowerBound)) == 1)
                && (unsafe EVP_DecryptUpdate(context, text, &written, text, Int32(body.count)) == 1)
                && (unsafe EVP_DecryptFinal_ex(context, text + body.count, &written) == 1)
        }
    }

    /// The 12 bytes of the nonce: four zeros and the sequence in network order (RFC 8439 2.3).
    private func withNonce(_ sequence: UInt64, _ body: (UnsafePointer<UInt8>) -> Int32) -> Int32 {
        var nonce = (
            UInt32(0), UInt32(truncatingIfNeeded: sequence >> 32).bigEndian,
            UInt32(truncatingIfNeeded: sequence).bigEndian
        )
        return unsafe withUnsafeBytes(of: &nonce) { bytes in
            guard let base = unsafe bytes.bindMemory(to: UInt8.self).baseAddress else { return 0 }
            return unsafe body(base)
        }
    }
}
