package import Addresses

/// What is known of one heartbeat path.
package struct PathRecord: Hashable, Sendable {
    package private(set) var lastHeard: Instant?
    package private(set) var roundTrip: Duration?
    /// Heartbeats since this director started: those that it wrote for this path, those of the peer that arrived, and
    /// those that others which arrived show to be missing.
    package private(set) var sent: UInt64 = 0
    package private(set) var heard: UInt64 = 0
    package private(set) var missed: UInt64 = 0
    private var lastRound: UInt64?
    private var current = Tally()
    private var before = Tally()

    private struct Tally: Hashable, Sendable {
        var heard: UInt64 = 0
        var missed: UInt64 = 0
    }

    // Implementation constant: loss is told over the last one to two spans of so many heartbeats.
    private static let span: UInt64 = 200
    // Implementation constant: no gap counts as more, so that the sum has room for what a peer may say.
    private static let longestGap: UInt64 = 1 << 32

    package init() {}

    mutating func send() { sent += 1 }

    /// Anything from the peer, a heartbeat or not.
    mutating func hear(now: Instant) { lastHeard = now }

    /// `round` counts the sender's heartbeats: the same for all paths, and for both sessions while one replaces the
    /// other; 0 tells nothing.
    mutating func hear(round: UInt64, roundTrip: Duration?, now: Instant) {
        lastHeard = now
        if let roundTrip { self.roundTrip = roundTrip }
        guard round != 0, round != lastRound else { return }
        if let lastRound, round > lastRound {
            current.missed += round - lastRound - 1
            missed += min(round - lastRound - 1, Self.longestGap)
        }
        lastRound = max(round, lastRound ?? 0)
        current.heard += 1
        heard += 1
        if current.heard + current.missed >= Self.span {
            before = current
            current = Tally()
        }
    }

    /// Whether anything of the peer's came this way lately.
    package func isHeard(within time: Duration, now: Instant) -> Bool {
        guard let lastHeard else { return false }
        return now - lastHeard <= time
    }

    /// A new life of the peer counts anew.
    mutating func restart() { lastRound = nil }

    /// The share of heartbeats that did not arrive, 0 to 1.
    package var loss: Double {
        let missed = current.missed + before.missed
        let all = missed + current.heard + before.heard
        return all == 0 ? 0 : Double(missed) / Double(all)
    }
}
