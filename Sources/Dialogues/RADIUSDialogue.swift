package import Agreement
package import Settings

/// A check's RADIUS conversation: Access-Request (RFC 2865 4.1) or, where nobody logs in, Status-Server (RFC 5997), and
/// the answer to it.
///
/// An answer that is not sealed with the secret is a stranger's for all that is known: it decides nothing, and is the
/// reason if no other one comes.
package struct RADIUSDialogue: DatagramDialogue, Sendable {
    private enum Code {
        static let accessRequest: UInt8 = 1
        static let accessAccept: UInt8 = 2
        static let accessReject: UInt8 = 3
        static let accountingResponse: UInt8 = 5
        static let accessChallenge: UInt8 = 11
        static let statusServer: UInt8 = 12
    }

    /// As whom the check asks.
    private static let client = Array("tandem".utf8)

    private let secret: [UInt8]
    private let reply: RADIUSCheck.Reply?
    private let digests: Digests
    private let request: RADIUSPacket
    private var isUnsealed = false

    /// - Parameters:
    ///   - password: of 128 bytes at the most; absent: nobody logs in.
    ///   - authenticator: 16 bytes as random as can be had: a password that was hidden with the same ones twice is
    ///     hidden no more.
    /// - Throws: `.credentials(.secret)` for a longer password; `.radius(.withoutMD5)` where there is none.
    package init(
        _ check: RADIUSCheck, secret: Secret, password: Secret?, identifier: UInt8, authenticator: [UInt8],
        digests: Digests
    ) throws(CheckFailure) {
        self.secret = secret.bytes
        self.digests = digests
        let user = check.user.flatMap { user in password.map { (user, $0.bytes) } }
        reply = user == nil ? nil : check.reply
        var request = RADIUSPacket(
            code: user == nil ? Code.statusServer : Code.accessRequest, identifier: identifier,
            authenticator: authenticator)
        if let (name, password) = user {
            guard password.count <= RADIUSCheck.longestPassword else { throw .credentials(.secret) }
            request.append(.userName, Array(name.utf8.prefix(RADIUSCheck.longestUser)))
            let hidden = Self.hidden(password, secret.bytes, authenticator, digests)
            request.append(.userPassword, hidden)
        }
        request.append(.nasIdentifier, Self.client)
        request.append(.messageAuthenticator, [UInt8](repeating: 0, count: 16))
        guard let seal = digests.hmacMD5(secret.bytes, request.bytes) else { throw .radius(.withoutMD5) }
        request.set((request.bytes.count - seal.count)..<request.bytes.count, to: seal)
        self.request = request
    }

    package var question: [UInt8] { request.bytes }

    package var late: Outcome { .fail(isUnsealed ? .radius(.unsealed) : .answerTimeout) }

    package mutating func receive(_ datagram: [UInt8]) -> Outcome? {
        guard let packet = RADIUSPacket(datagram), packet.identifier == request.identifier else { return nil }
        guard isSealed(packet) else {
            isUnsealed = true
            return nil
        }
        guard let attributes = packet.attributes else { return .fail(.radius(.malformed)) }
        let seals = attributes.filter { $0.type == RADIUSPacket.Attribute.messageAuthenticator.rawValue }
        guard seals.count <= 1, seals.allSatisfy({ $0.value.count == 16 }) else { return .fail(.radius(.malformed)) }
        if let seal = seals.first, !isSealed(packet, at: seal.value) {
            isUnsealed = true
            return nil
        }
        return judged(packet.code)
    }

    private func judged(_ code: UInt8) -> Outcome {
        switch (code, reply) {
        // Accounting-Response is what Status-Server gets at the port for accounting.
        case (Code.accessAccept, _), (Code.accountingResponse, nil): .pass
        case (Code.accessReject, .any), (Code.accessChallenge, .any): .pass
        case (Code.accessReject, .accept): .fail(.radius(.rejected))
        case (Code.accessChallenge, .accept): .fail(.radius(.challenged))
        default: .fail(.radius(.code(code)))
        }
    }

    /// Whether the Response Authenticator is right (RFC 2865 3).
    private func isSealed(_ packet: RADIUSPacket) -> Bool {
        let place = RADIUSPacket.authenticator
        var sealed = packet
        sealed.set(place, to: Array(request.bytes[place]))
        return digests.md5(sealed.bytes + secret) == Array(packet.bytes[place])
    }

    /// Whether the Message-Authenticator is right, of which older servers have none (RFC 3579 3.2).
    private func isSealed(_ packet: RADIUSPacket, at seal: Range<Int>) -> Bool {
        let place = RADIUSPacket.authenticator
        var sealed = packet
        sealed.set(place, to: Array(request.bytes[place]))
        sealed.set(seal, to: [UInt8](repeating: 0, count: 16))
        return digests.hmacMD5(secret, sealed.bytes) == Array(packet.bytes[seal])
    }

    /// In pieces of 16 bytes, each mixed with a digest of the secret and the piece before it (RFC 2865 5.2).
    private static func hidden(
        _ password: [UInt8], _ secret: [UInt8], _ authenticator: [UInt8], _ digests: Digests
    ) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: password.isEmpty ? 16 : (16 - password.count % 16) % 16)
        let padded = password + padding
        var last = authenticator
        var hidden: [UInt8] = []
        for place in stride(from: 0, to: padded.count, by: 16) {
            last = zip(padded[place..<(place + 16)], digests.md5(secret + last) ?? []).map { $0 ^ $1 }
            hidden += last
        }
        return hidden
    }
}
