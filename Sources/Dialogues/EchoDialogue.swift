package import Addresses
package import Agreement

/// A check's conversation in ICMP: an echo request and what comes back of it.
///
/// Who is pinged learns the identifier and nearly the next number, and anybody may send errors. So only what brings the
/// payload decides; the rest is a reason if nothing better comes.
package struct EchoDialogue: DatagramDialogue, Sendable {
    private let target: IPAddress
    private let request: EchoMessage
    /// What came under the request's number and proved nothing.
    private var doubtful: PingFailure?

    /// - Parameter payload: as random as can be had: a stranger who wants to answer for the server has to guess it.
    package init(to target: IPAddress, identifier: UInt16, sequence: UInt16, payload: [UInt8]) {
        self.target = target
        request = EchoMessage(.request, identifier: identifier, sequence: sequence, payload: payload)
    }

    package var question: [UInt8] { request.bytes(target.family) }

    package var late: Outcome { .fail(doubtful.map { .ping($0) } ?? .answerTimeout) }

    /// Takes an ICMP message of the target's family, without the IP header before it; a reply comes from the target.
    package mutating func receive(_ message: [UInt8]) -> Outcome? {
        guard let answer = EchoMessage(message, target.family), answer.identifier == request.identifier,
            answer.sequence == request.sequence
        else { return nil }
        switch answer.content {
        case .request: return nil
        case .reply:
            if answer.payload == request.payload { return .pass }
            doubtful = .otherData
        case .error(let type, let code, let destination):
            guard destination == target else { return nil }
            let failure = PingFailure.refused(target.family, type: type, code: code)
            if answer.payload.starts(with: request.payload) { return .fail(.ping(failure)) }
            // Routers need not quote more than 8 bytes of what they drop (RFC 792).
            if request.payload.starts(with: answer.payload) { doubtful = failure }
        }
        return nil
    }
}
