/// What a director's checks have to do, and whether they keep up.
package struct ChecksStatus: Codable, Hashable, Sendable {
    /// Those that servers of several services share count once.
    package var probes: Int
    /// Begun and without a result yet.
    package var running: Int
    /// Due, but as many run already as may at once, or the director is behind.
    package var waiting: Int
    /// How many have begun since the daemon started.
    package var begun: UInt64
    /// How long after its moment a probe began.
    package var queueDelay: LatenessStatus
    /// How many have ended in a failure, of the server or of this director's own; absent: of an older director.
    package var failed: UInt64?

    package init(
        probes: Int, running: Int, waiting: Int, begun: UInt64, queueDelay: LatenessStatus, failed: UInt64? = nil
    ) {
        self.probes = probes
        self.running = running
        self.waiting = waiting
        self.begun = begun
        self.queueDelay = queueDelay
        self.failed = failed
    }
}
