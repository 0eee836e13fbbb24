package import Addresses
package import Settings

/// What a service does while too few of its servers are up.
package enum Shortage: Hashable, Sendable {
    /// All servers take connections.
    case all
    /// These do besides those that are up.
    case kept(Set<ServerKey>)
    /// The fallback does, alone.
    case fallback
    /// The service's virtual addresses are taken off the wire; its table is what the verdicts make it.
    case withdrawn

    /// Whether a server takes connections although it is not up.
    package func spares(_ server: ServerKey) -> Bool {
        switch self {
        case .all: true
        case .kept(let servers): servers.contains(server)
        case .fallback, .withdrawn: false
        }
    }
}

/// Whether a service has its quorum.
package struct QuorumView: Hashable, Sendable {
    package var isThere: Bool
    package var since: Instant
    /// Servers that are up, that there are, and that have to be up.
    package var up: Int
    package var total: Int
    package var wanted: Int
    /// More than `wanted` that bring it back.
    package var hysteresis: Int
    package var tooFew: TooFewPolicy
}

/// A service lost its quorum, or has it again.
package struct QuorumChange: Hashable, Sendable {
    package var service: String
    package var view: QuorumView
}
