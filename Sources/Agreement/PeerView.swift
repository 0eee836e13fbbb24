package import Addresses
package import Settings

/// What the peer thinks of a server, as it told.
package struct PeerView: Hashable, Sendable {
    package var isUp: Bool
    /// Why it is down, or what the peer warns of, in words that can follow a colon.
    package var reason: String?
    /// When the verdict began, by this director's clock.
    package var since: Instant
    /// No verdict, but a number that the peer remembers.
    package var word: UInt32?

    package init(isUp: Bool, reason: String? = nil, since: Instant, word: UInt32? = nil) {
        self.isUp = isUp
        self.reason = reason
        self.since = since
        self.word = word
    }
}

/// Which of the two directors holds a group.
package enum Holder: Hashable, Sendable {
    case own, peer
    /// Neither, or it is not known.
    case nobody
}

/// What both directors bring into their tables for a server.
package struct Decision: Hashable, Sendable {
    package var server: ServerKey
    package var isUp: Bool

    package init(server: ServerKey, isUp: Bool) {
        self.server = server
        self.isUp = isUp
    }
}

/// Two directors who see a server differently.
package struct Dispute: Hashable, Sendable {
    package var server: ServerKey
    package var own: View
    package var peer: PeerView
    /// When they began to differ, by this director's clock.
    package var since: Instant
}
