import Addresses
import Election
import Heartbeat
import Synchronization

/// What the envoy lets others see.
final class EnvoyBoard: Sendable {
    struct View: Sendable {
        /// Nil: not since the start.
        var isHeard: Bool?
        /// Since when that is so.
        var since = Instant(nanoseconds: 0)
        var lastHeard: Instant?
        var roundTrip: Duration?
        /// How often the witness came back with a new life.
        var restarts = 0
        var refusals = RefusalCounts()
        var groups: [WitnessClient.Group] = []
    }

    private let view = Mutex(View())

    var current: View { view.withLock { $0 } }

    func publish(_ view: View) { self.view.withLock { $0 = view } }
}
