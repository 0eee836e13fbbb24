/// Why the replies of a server to commands are not what they should be.
package enum ReplyFailure: Hashable, Sendable {
    /// What a reply was to.
    package enum Step: String, Hashable, Sendable {
        case greeting = "the greeting"
        case hello = "the answer to the hello"
        case security = "the answer to the wish for TLS"
        case farewell = "the answer to the farewell"
    }

    /// Not of the protocol.
    case malformed(Step)
    /// Another code than the one that says yes, 100 to 599.
    case code(Step, Int)
    /// No, in the words of the protocol.
    case refused(Step)
    /// TLS is wanted, and the server does not offer it.
    case withoutTLS
    /// The server, or somebody between, said more in the clear after it was ready for TLS: that would count as said
    /// within TLS (CVE-2011-0411).
    case injected
}

extension ReplyFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let step): "\(step.rawValue) is not of the protocol"
        case .code(let step, let code): "\(step.rawValue) is \(code)"
        case .refused(let step): "\(step.rawValue) is a refusal"
        case .withoutTLS: "it does not offer TLS"
        case .injected: "more was said in the clear after the server was ready for TLS"
        }
    }
}
