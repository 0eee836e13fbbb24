import COpenSSL
package import Dialogues
import Synchronization

/// What became of passwords with their salts: 4,096 rounds of it take some 4 ms of the loop, and a server asks for the
/// same ones each time (RFC 5802 9).
package final class SaltedPasswords: Sendable {
    package static let shared = SaltedPasswords()

    /// How many are kept. A server that changes its salt each time throws out the others' no oftener than that.
    private static let most = 256

    private let known = Mutex<[[UInt8]: [UInt8]]>([:])

    package init() {}

    package var count: Int { known.withLock { $0.count } }

    /// The first 32 bytes of PBKDF2 with HMAC-SHA-256.
    ///
    /// - Parameter rounds: at least one.
    package func salted(_ password: Secret, _ salt: [UInt8], _ rounds: Int) -> [UInt8] {
        let lengths = "\(rounds) \(password.bytes.count) "
        let name = Digests.sha256(Array(lengths.utf8) + password.bytes + salt)
        if let known = known.withLock({ $0[name] }) { return known }
        let salted = Self.derived(password, salt, rounds)
        known.withLock { known in
            if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
            known[name] = salted
        }
        return salted
    }

    private static func derived(_ password: Secret, _ salt: [UInt8], _ rounds: Int) -> [UInt8] {
        var salted = [UInt8](repeating: 0, count: 32)
        let done = unsafe password.bytes.withUnsafeBytes { password in
            unsafe PKCS5_PBKDF2_HMAC(
                password.assumingMemoryBound(to: CChar.self).baseAddress, Int32(password.count), salt,
                Int32(salt.count), Int32(rounds), EVP_sha256(), 32, &salted)
        }
        precondition(done == 1, "OpenSSL lacks PBKDF2")
        return salted
    }
}
