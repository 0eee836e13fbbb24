import Addresses

/// Carries messages between the two directors beside the heartbeats: each arrives once, whole and in order, as long as
/// neither director restarts. When one does, both begin anew: what was not delivered is lost, and the user, who is
/// told, sends again what matters.
///
/// A pure machine: its shell seals what `nextSegment` gives, hands it what arrives, and calls again at `deadline`. A
/// renewal of the session goes unnoticed, for segments are counted between two lives and not between two sessions.
package struct Stream: Sendable {
    // Specification constants

    /// The longest message, in bytes.
    package static let longestMessage = 256 << 10
    /// Segments that may be under way: as many as an acknowledgement speaks of.
    static let window = 64

    // Implementation constants

    /// Bytes and messages that wait or are under way.
    package static let roomForBytes = 1 << 20
    package static let roomForMessages = 64
    /// So many segments leave at once, and then one each `pace`: the heartbeats' sockets are never full of them.
    package static let burst = 8
    package static let pace: Duration = .milliseconds(1)
    /// A segment that so many later ones were sent after, and arrived, is lost.
    static let reordering: Duration = .milliseconds(5)
    static let patience: (first: Duration, least: Duration, most: Duration) = (
        .milliseconds(200), .milliseconds(30), .seconds(2)
    )

    package enum Event: Hashable, Sendable {
        /// A life of the peer is met: the stream is empty both ways.
        case began(BootID)
        case message([UInt8])
    }

    /// A segment under way.
    struct Flight: Sendable {
        var data: ArraySlice<UInt8>
        var isEnd: Bool
        var sentAt: Instant
        var attempts = 1
        var hasArrived = false
    }

    /// The life of the peer; absent until one is met.
    package internal(set) var peer: BootID?

    /// Messages that are not wholly under way, and how much of the first is.
    var waiting: [[UInt8]] = []
    var cut = 0
    /// In the order of their numbers, which end before `next`.
    var flights: [Flight] = []
    var next: UInt64 = 0
    /// Bytes that wait or are under way.
    package internal(set) var held = 0
    var roundTrip: Duration?
    /// When the newest of the segments left that arrived.
    var newestArrival = Instant(nanoseconds: 0)
    var allowance = Self.burst
    var refilledAt = Instant(nanoseconds: 0)

    var expected: UInt64 = 0
    var early: [UInt64: Segment] = [:]
    var message: [UInt8] = []
    var owesAnswer = false

    package init() {}

    /// The heart hears this life of the peer. A life that is known already changes nothing.
    package mutating func meet(_ boot: BootID, into events: inout [Event]) {
        guard peer != boot else { return }
        let rhythm = (allowance, refilledAt)
        self = Stream()
        (allowance, refilledAt) = rhythm
        peer = boot
        events.append(.began(boot))
    }

    /// Takes a message of at most 256 KiB; false, and nothing happens, before a peer is met or while there is no room.
    package mutating func send(_ message: [UInt8]) -> Bool {
        precondition(message.count <= Self.longestMessage, "a message has 256 KiB at most, not \(message.count) bytes")
        guard peer != nil, waiting.count < Self.roomForMessages, held + message.count <= Self.roomForBytes else {
            return false
        }
        waiting.append(message)
        held += message.count
        return true
    }
}
