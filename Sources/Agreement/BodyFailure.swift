/// Why the body of an HTTP answer is not what it should be.
package enum BodyFailure: Hashable, Sendable {
    case withoutText
    /// The regular expression is not found.
    case withoutMatch
    case notJSON
    /// There is nothing at the place of the JSON condition.
    case withoutValue
    case otherValue
    case otherDigest
    /// Compressed, or encoded in another way that nobody asked for.
    case encoded
    /// Longer than this many bytes, which is as much as is read.
    case tooLong(Int)
}

extension BodyFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .withoutText: "the body lacks the text that is expected"
        case .withoutMatch: "the body does not match the regular expression"
        case .notJSON: "the body is not JSON"
        case .withoutValue: "the body has no value where the JSON condition looks"
        case .otherValue: "the body has another value where the JSON condition looks"
        case .otherDigest: "the body has another digest"
        case .encoded: "the body is encoded although nobody asked for it"
        case .tooLong(let limit): "what is expected is not in the first \(limit) bytes of the body"
        }
    }
}
