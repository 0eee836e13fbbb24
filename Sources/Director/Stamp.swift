import Addresses
import Synchronization

/// When an organ last went round, for whoever wants to know whether it still does.
final class Stamp: Sendable {
    private let nanoseconds: Atomic<UInt64>

    init(_ now: Instant) { nanoseconds = Atomic(now.nanoseconds) }

    var lastRound: Instant { Instant(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

    func mark(_ now: Instant) { nanoseconds.store(now.nanoseconds, ordering: .relaxed) }
}
