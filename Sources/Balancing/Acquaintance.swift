package import Addresses

/// When the peer must be told of the connections that this director holds: at once when its kernel begins to listen,
/// and again, more and more seldom, for as long as it does not know enough of them.
///
/// A pure machine: time is an argument.
package struct Acquaintance: Sendable {
    /// What the peer says of the daemon of its kernel that listens.
    package struct Listener: Hashable, Sendable {
        /// A number of its life: another one has missed what was said before. 0: none runs.
        package var life: UInt64
        /// It outlived the peer's last process, and has missed nothing.
        package var wasFound: Bool

        package init(life: UInt64, wasFound: Bool) {
            self.life = life
            self.wasFound = wasFound
        }
    }

    // Implementation constants

    /// How long what was told may take to show in the peer's counts.
    package static let firstPause = Duration.seconds(3)
    package static let longestPause = Duration.seconds(600)

    private var life: UInt64 = 0
    private var isOwed = false
    private var pause = Self.firstPause
    private var notBefore = Instant(nanoseconds: 0)

    package init() {}

    /// Whether to tell the peer now.
    ///
    /// - Parameters:
    ///   - isWarm: whether the peer has the same table and knows enough connections.
    ///   - holdsTable: whether it has the same table: without it connections are not counted there.
    package mutating func isDue(_ listener: Listener, isWarm: Bool, holdsTable: Bool, now: Instant) -> Bool {
        guard listener.life != 0 else { return false }
        if listener.life != life {
            life = listener.life
            if !listener.wasFound { isOwed = true }
            rest(now)
        }
        if isOwed { return true }
        if isWarm {
            rest(now)
            return false
        }
        return holdsTable && now >= notBefore
    }

    private mutating func rest(_ now: Instant) {
        pause = Self.firstPause
        notBefore = now + Self.firstPause
    }

    /// All was told, or cannot be told for now.
    package mutating func told(now: Instant) {
        isOwed = false
        notBefore = now + pause
        pause = min(pause * 2, Self.longestPause)
    }

    /// It was broken off, and must be begun anew.
    package mutating func brokeOff() { isOwed = true }

    /// The peer's life is over: what it says next is another one's.
    package mutating func forget() { self = Acquaintance() }
}
