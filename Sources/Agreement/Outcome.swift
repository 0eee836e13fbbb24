/// How one check of a server ended.
package enum Outcome: Hashable, Sendable {
    case pass
    /// Passed, and something should be done about it before it fails.
    case warn(CheckWarning)
    /// Passed, and said what is to become of the server: an agent's answer.
    case advised(Advice)
    case fail(CheckFailure)
}

extension Outcome {
    /// Whether the server did what was asked of it.
    package var isPass: Bool { if case .fail = self { false } else { true } }
}

/// What a check warns of. A value of fixed size, like a failure.
package enum CheckWarning: Hashable, Sendable {
    /// The server's certificate, in so many whole days.
    case certificateExpires(days: Int)
    /// It has expired, and the check does not verify it.
    case certificateExpired
}

extension CheckWarning: CustomStringConvertible {
    package var description: String {
        switch self {
        case .certificateExpired: "its certificate has expired"
        case .certificateExpires(days: 0): "its certificate expires within a day"
        case .certificateExpires(days: 1): "its certificate expires in 1 day"
        case .certificateExpires(let days): "its certificate expires in \(days) days"
        }
    }
}
