/// The two times that keep a holder and a claimer apart under require-gateway and require-witness (DESIGN rule 9).
///
/// A claimer counts from the arrival of a datagram that the holder sent earlier, so the two are at least the difference
/// apart: two intervals, for the holder's hand to remove the addresses.
package struct PartitionTimes: Hashable, Sendable {
    package let interval: Duration
    /// From when a holder's newest datagram left that the peer echoed, or a gateway answered, until the holder
    /// releases.
    package let holding: Duration
    /// From the peer's last word until a backup with a permit claims.
    package let claiming: Duration
    /// How long before the end of a grant the holder releases: it asks for the next one once an interval.
    package let margin: Duration
    /// After so much silence the first heartbeat is missed.
    let missed: Duration
    /// After so long without a newer echo the peer may not hear this director any more.
    let unechoed: Duration
    /// The silence that everybody takes for a death, lateness aside.
    let takeover: Duration

    // Implementation constants

    /// A datagram is up to two intervals old when its echo comes, and one more until the next one does: a healthy
    /// director must not release for want of an echo, however few heartbeats may be missed.
    static let leastHolding = 3
    static let apart = 2

    /// - Parameter interval: the slower of both directors'.
    package init(interval: Duration, misses: Int) {
        self.interval = interval
        let intervals = max(Self.leastHolding, misses - 1)
        holding = interval * intervals
        claiming = interval * (intervals + Self.apart)
        missed = interval * 3 / 2
        unechoed = interval * 5 / 2
        takeover = interval * misses
        margin = min(interval, interval * (misses - 1) / 2)
    }
}
