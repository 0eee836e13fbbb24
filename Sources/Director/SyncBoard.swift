import Addresses
import Balancing
import Synchronization

/// What the teller lets others see.
final class SyncBoard: Sendable {
    struct View: Sendable {
        /// By group, and behind them those of services without a group; absent: not counted, or too many to count.
        var counts: [ConnectionCounts]?
        var countedAt = Instant(nanoseconds: 0)
        /// What one count takes of a processor.
        var cost = Duration.zero
        /// What the peer's present life said last, and when.
        var peer: SyncWord?
        var peerAt = Instant(nanoseconds: 0)
        /// Connections that the peer is being told of at this moment.
        var isTelling = false
        var told: Told?
    }

    /// The end of a replay.
    struct Told: Sendable {
        var count: Int
        var duration: Duration
        var at: Instant
    }

    private let view = Mutex(View())

    var current: View { view.withLock { $0 } }

    func update(_ change: (inout View) -> Void) { view.withLock { change(&$0) } }
}
