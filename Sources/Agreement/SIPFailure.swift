/// Why a SIP server does not answer as it should.
package enum SIPFailure: Hashable, Sendable {
    /// Not SIP.
    case malformed
    /// What it says belongs to no question of the check's.
    case otherAnswer
    /// A final status outside the expected ranges.
    case status(Int)
}

extension SIPFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is not SIP"
        case .otherAnswer: "what it says is no answer to the check's question"
        case .status(let status): "SIP status \(status)"
        }
    }
}
