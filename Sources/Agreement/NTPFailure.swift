/// Why a time server's answer is not what it should be.
package enum NTPFailure: Hashable, Sendable {
    /// Not the answer of an NTP server.
    case malformed
    /// It does not know the time itself.
    case unsynchronised
    /// It does not want to be asked: a kiss-o'-death (RFC 5905 7.4).
    case kiss(ShortCode)
}

extension NTPFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "the answer is no NTP packet of a server"
        case .unsynchronised: "its clock is not synchronised"
        case .kiss(let kiss): "it refuses with the kiss code \(kiss)"
        }
    }
}
