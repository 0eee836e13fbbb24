/// Something that happened to this director: one line of `tandem events`.
package struct Event: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case role, claim, verdict, configuration, table, peer, wish, override, sync, fitness, warning
    }

    /// Counts from 1 with the daemon's start. The log gives it.
    package var sequence: UInt64 = 0
    /// Milliseconds of the Unix epoch.
    package var time: Int64
    /// The same moment on the monotonic clock, in nanoseconds.
    package var monotonic: UInt64
    package var kind: Kind
    /// A sentence.
    package var message: String

    package var group: String?
    /// The old and new role, verdict or state.
    package var from: String?
    package var to: String?
    package var term: UInt64?
    package var reason: String?
    /// Whose wish it is.
    package var uid: UInt32?
    package var previousHolder: String?
    /// How long the change took, in milliseconds.
    package var durationMS: Double?
    /// When the peer's newest heartbeat arrived, on the monotonic clock, in nanoseconds.
    package var lastHeard: UInt64?
    /// Who claims an address of the group: `02:00:00:00:00:0a`.
    package var mac: String?
    package var service: String?
    /// `10.1.0.21:80`.
    package var server: String?

    /// The structured fields start out absent.
    package init(time: Int64, monotonic: UInt64, kind: Kind, message: String) {
        self.time = time
        self.monotonic = monotonic
        self.kind = kind
        self.message = message
    }
}

/// The answer of `GET /v1/events?after=N`: the events with a sequence above N, oldest first.
package struct EventPage: Codable, Hashable, Sendable {
    package var events: [Event]
    /// What to ask for next: the sequence of the newest event that this page covers.
    package var next: UInt64
    /// How many events after N are gone, because the log holds only the newest ones.
    package var missed: UInt64

    package init(events: [Event], next: UInt64, missed: UInt64 = 0) {
        self.events = events
        self.next = next
        self.missed = missed
    }
}
