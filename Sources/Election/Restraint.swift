import Addresses

/// Keeps a group from moving to and fro with every change of fitness: after each such move it stays, each time twice
/// as long.
package struct Restraint: Hashable, Sendable {
    // Implementation constants

    package static let first = Duration.seconds(30)
    package static let longest = Duration.seconds(3600)
    /// So long without a move after the last hold-off, and all is forgotten.
    package static let calm = Duration.seconds(3600)

    private var length = Duration.zero
    /// No move for fitness before this.
    private(set) var until = Instant(nanoseconds: 0)

    /// The group has moved because the taker was fitter.
    mutating func moved(now: Instant) {
        if length == .zero || now - until >= Self.calm {
            length = Self.first
        } else {
            length = min(length * 2, Self.longest)
        }
        until = now + length
    }
}
