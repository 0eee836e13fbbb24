import Addresses
import Agreement
import NIOCore
import Settings

/// One target that is asked one thing over and over, for one server or several. Lives on the checker's event loop.
final class Probe {
    /// What makes two probes the same.
    struct Identity: Hashable {
        var target: Endpoint
        var check: CheckSettings
    }

    let identity: Identity
    var servers: [ServerKey] = []
    var tally: Tally
    var checkedAt: Instant?
    var isRunning = false
    /// No longer wanted: results that still come are ignored.
    var isRetired = false
    var alarm: Scheduled<Void>?

    private let slots: Slots
    private var jitter: UInt64

    init(_ identity: Identity, adoptedAt: Instant) {
        self.identity = identity
        tally = Tally(rise: identity.check.rise, fall: identity.check.fall)
        let seed = Self.hash(identity.target.description)
        jitter = seed | 1
        slots = Slots(from: adoptedAt, every: identity.check.interval, seed: seed)
    }

    /// A probe that has no verdict yet does not wait for its slot, only for its turn.
    func firstStart(turn: Int) -> Instant {
        tally.view == nil ? min(slots.first, slots.origin + .milliseconds(turn)) : slots.first
    }

    /// The slot that follows a run that began at `start`, moved by up to a twentieth of the interval.
    func start(after start: Instant) -> Instant {
        let interval = identity.check.interval
        jitter ^= jitter << 13
        jitter ^= jitter >> 7
        jitter ^= jitter << 17
        let span = UInt64(max(interval.nanoseconds / 20, 1))
        return slots.next(after: start + interval / 2) + .nanoseconds(Int64(jitter % span))
    }

    /// FNV-1a: the same on every start, so that a director's probes keep their rhythm.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// The moments, one interval apart, at which a probe is due.
struct Slots {
    let origin: Instant
    let first: Instant
    private let interval: UInt64

    init(from origin: Instant, every interval: Duration, seed: UInt64) {
        self.origin = origin
        self.interval = UInt64(max(interval.nanoseconds, 1))
        first = origin + .nanoseconds(Int64(seed % self.interval))
    }

    func next(after instant: Instant) -> Instant {
        guard instant >= first else { return first }
        let passed = (instant.nanoseconds - first.nanoseconds) / interval
        return Instant(nanoseconds: first.nanoseconds + (passed + 1) * interval)
    }
}
