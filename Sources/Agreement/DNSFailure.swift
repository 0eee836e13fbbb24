/// Why the answer of a name server is not what it should be.
package enum DNSFailure: Hashable, Sendable {
    /// Not a DNS message, or one that leads in a circle.
    case malformed
    /// Another response code than is expected, 0 to 15 (RFC 1035 4.1.1).
    case code(UInt8)
    /// No record of the type asked for.
    case withoutRecord
    case otherAnswer
    /// The answer did not fit into a datagram, and what is expected is not in the part that came.
    case truncated
}

extension DNSFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is no DNS message"
        case .code(let code): "DNS response code \(Self.names[code] ?? "\(code)")"
        case .withoutRecord: "the answer has no record of the type asked for"
        case .otherAnswer: "no record of the answer holds what is expected"
        case .truncated: "the answer was cut off before what is expected"
        }
    }

    private static let names: [UInt8: String] = [
        0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
    ]
}
