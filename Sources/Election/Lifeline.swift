import Addresses

/// Whether the peer lives: heard on any path within the patience that both directors' lateness asks for.
struct Lifeline: Sendable {
    private let misses: Int
    private let interval: Duration
    private(set) var state: PeerState = .never
    private(set) var lastHeard: Instant?
    /// When silence becomes loss.
    private(set) var deadline: Instant = .never
    private var patience: Duration
    /// While the peer restarts: until when its silence is none.
    private(set) var patienceEnds: Instant?
    /// The worst lateness that either director told of lately.
    private var remembered: Lateness

    // Implementation constants

    /// No machine is trusted to be more punctual: a tick of a kernel that has 250 a second.
    static let leastLateness = Duration.milliseconds(4)
    /// Stalls come back: a lateness counts for half an hour to an hour.
    static let memory = Duration.seconds(1800)

    init(interval: Duration, misses: Int, now: Instant) {
        self.interval = interval
        self.misses = misses
        patience = interval * misses
        remembered = Lateness(period: Self.memory, now: now)
    }

    /// `peerInterval` is what the peer announces: a slow sender is given its own time. The lateness of either side, up
    /// to a takeover time, puts a floor under the patience: two intervals and that lateness.
    mutating func hear(now: Instant, peerInterval: Duration, lateness: Duration) {
        let interval = max(interval, peerInterval)
        remembered.record(lateness, now: now)
        lastHeard = now
        patience = max(interval * misses, interval * 2 + max(remembered.value, Self.leastLateness))
        deadline = now + patience
        patienceEnds = nil
        state = .heard
    }

    /// A word of a peer that restarts: its patience runs on.
    mutating func note(now: Instant) {
        guard state == .heard else { return }
        lastHeard = now
    }

    /// The peer restarts.
    mutating func wait(until end: Instant, now: Instant) {
        lastHeard = now
        patienceEnds = end
        deadline = end
        state = .heard
    }

    /// The peer said goodbye: its silence is no failure.
    mutating func leave() {
        state = .left
        deadline = .never
        patienceEnds = nil
    }

    /// Says whether the peer has just been lost.
    mutating func expire(now: Instant) -> Bool {
        guard state == .heard, now >= deadline else { return false }
        state = .lost
        deadline = .never
        patienceEnds = nil
        return true
    }

    /// After a stall nothing is known: the peer is given its full patience from now on.
    mutating func excuse(now: Instant) {
        guard state == .heard else { return }
        deadline = max(deadline, now + patience)
    }
}
