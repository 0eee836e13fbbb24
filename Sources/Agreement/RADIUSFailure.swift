/// Why a RADIUS server does not answer as it should.
package enum RADIUSFailure: Hashable, Sendable {
    /// Sealed with the secret, and no RADIUS packet for all that.
    case malformed
    /// What answers is not sealed with the check's secret.
    case unsealed
    /// It does not let the check's user in (Access-Reject).
    case rejected
    /// It wants more of the check's user than a password (Access-Challenge).
    case challenged
    /// An answer with another code (RFC 2865 3).
    case code(UInt8)
    /// The director's OpenSSL does without MD5, and so the director cannot even ask.
    case withoutMD5
}

extension RADIUSFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is no RADIUS packet"
        case .unsealed: "the answer is not sealed with the check's secret"
        case .rejected: "it does not let the check's user in (Access-Reject)"
        case .challenged: "it wants more of the check's user than a password (Access-Challenge)"
        case .code(let code): "RADIUS code \(code)"
        case .withoutMD5: "this director's OpenSSL has no MD5, without which there is no RADIUS"
        }
    }
}
