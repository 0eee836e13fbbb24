package import Agreement

/// The client's part of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677), in which the server has to know the
/// password as well.
///
/// The password is taken byte by byte: for one that SASLprep (RFC 4013) changes, the server has another one.
package struct SCRAMLogin: Sendable {
    private enum State: Sendable {
        case first
        /// The server's first message, and both nonces.
        case challenged(message: [UInt8], nonces: [UInt8])
        /// The signature that the server has to show.
        case final(signature: [UInt8])
    }

    /// More would hold up the first checks of other servers: 4 to 15 ms each, and 4,096 are usual (RFC 7677 4).
    package static let mostRounds = 16_384

    /// "n,,": no channel binding, nobody else's name.
    private static let header = Array("n,,".utf8)

    private let password: Secret
    private let nonce: [UInt8]
    private let bare: [UInt8]
    private let digests: Digests
    private var state = State.first

    /// - Parameters:
    ///   - user: without a comma or an equals sign; may be empty where the protocol around it has named the user.
    ///   - nonce: printable ASCII without a comma, as random as can be had.
    package init(user: String, password: Secret, nonce: [UInt8], digests: Digests) {
        self.password = password
        self.nonce = nonce
        self.digests = digests
        bare = Array("n=\(user),r=".utf8) + nonce
    }

    /// The client's first message.
    package var first: [UInt8] { Self.header + bare }

    /// What is to be salted before the server's first message can be answered.
    ///
    /// - Throws: `.malformed`, or `.rounds` for more than `mostRounds`.
    package mutating func challenge(_ message: ArraySlice<UInt8>) throws(PostgreSQLFailure) -> Salting {
        let fields = message.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count >= 3, let shared = Self.value("r", fields[0]), shared.starts(with: nonce),
            shared.count > nonce.count, let salt = Self.value("s", fields[1]).flatMap({ Base64.decoded($0) }),
            !salt.isEmpty, let rounds = Self.value("i", fields[2]).flatMap(Self.number), rounds > 0
        else { throw .malformed }
        guard rounds <= Self.mostRounds else { throw .rounds(rounds) }
        state = .challenged(message: Array(message), nonces: Array(shared))
        return Salting(password, salt: salt, rounds: rounds)
    }

    /// The client's final message.
    ///
    /// - Parameter salted: what became of the password.
    /// - Throws: `.malformed` if there is no challenge to be answered.
    package mutating func answer(salted: [UInt8]) throws(PostgreSQLFailure) -> [UInt8] {
        guard case .challenged(let message, let nonces) = state else { throw .malformed }
        let final = Array("c=".utf8) + Base64.encoded(Self.header) + Array(",r=".utf8) + nonces
        let comma = [UInt8(ascii: ",")]
        let signed = bare + comma + message + comma + final
        let clientKey = digests.hmacSHA256(salted, Array("Client Key".utf8))
        let clientSignature = digests.hmacSHA256(digests.sha256(clientKey), signed)
        let serverKey = digests.hmacSHA256(salted, Array("Server Key".utf8))
        state = .final(signature: digests.hmacSHA256(serverKey, signed))
        return final + Array(",p=".utf8) + Base64.encoded(zip(clientKey, clientSignature).map { $0 ^ $1 })
    }

    /// Judges the server's final message.
    ///
    /// - Throws: `.unproven`, or `.proofRefused` where the server says that the client's proof is wrong.
    package func verify(_ message: ArraySlice<UInt8>) throws(PostgreSQLFailure) {
        if Self.value("e", message) != nil { throw .proofRefused }
        let field = message.prefix { $0 != UInt8(ascii: ",") }
        guard case .final(let signature) = state, let shown = Self.value("v", field), !signature.isEmpty,
            Base64.decoded(shown) == signature
        else { throw .unproven }
    }

    private static func value(_ name: Unicode.Scalar, _ field: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        field.starts(with: [UInt8(ascii: name), UInt8(ascii: "=")]) ? field.dropFirst(2) : nil
    }

    /// At most ten digits, of which none leads with a sign.
    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...10).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
