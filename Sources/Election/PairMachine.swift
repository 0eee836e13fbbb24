package import Addresses
package import Heartbeat

/// One director's whole view of the pair: sessions, the peer's life, the paths, and an election for each group.
///
/// The very machine that the heart's thread and the simulator run. Its shell reads the clock and the sockets and
/// calls, on each wake, in this order: `wake`, then `receive` for everything that waits in the sockets, then `tick`;
/// carries out the orders; and sleeps until `deadline`.
package struct PairMachine<S: Sealer>: Sendable {
    package let settings: ElectionSettings
    package internal(set) var groups: [GroupElection]
    package internal(set) var paths: [PathRecord]
    package internal(set) var refusals = RefusalCounts()
    package internal(set) var lateness: LatenessRecord
    var lifeline: Lifeline
    var peering: Peering<S>
    /// What this director says, and what the peer said last.
    var outgoing = Heartbeat()
    package internal(set) var heard = Heartbeat()
    var incoming = Heartbeat()
    /// When `heard` arrived.
    var lastNews: Instant?
    /// The peer's life and the session that `heard` came from: an older life is not listened to any more.
    var heardFrom: (boot: BootID, order: UInt64)?
    /// When this director woke from a stall, until the peer echoes something that was said since: what waited in the
    /// sockets meanwhile is old, and a socket that overflowed kept the oldest.
    var wokeAt: Instant?
    package internal(set) var peerRestarts = 0
    /// What operators want of the pair.
    package internal(set) var wishes: Wishes
    package internal(set) var sessionSince: Instant?
    /// When a session gives way to a new one; the director with the lower name begins.
    package var renewal = RenewalLimits()
    /// The keys that are accepted, and when each was last seen on the wire.
    package internal(set) var keys: [KeyRecord]
    /// The path that the newest segment of the stream left on.
    var segmentPath = 0
    var nextHeartbeat: Instant
    let startedAt: Instant
    var partitionTimes: PartitionTimes
    /// When this director's newest datagram left that the peer echoed.
    package internal(set) var echoedAt = Instant(nanoseconds: 0)
    /// Until when it need not be heard: the peer restarts, or was away with a goodbye until now.
    var excusedUntil = Instant(nanoseconds: 0)
    /// Whether a partition is decided by more than silence, for any group.
    let isGuarded: Bool
    /// What the lookout was told.
    var isLookingOut: Bool?
    /// The peer's link-layer addresses, by path; 0 where it is not known.
    var peerMACs: [UInt64]
    /// Hellos that may still be answered in this interval.
    var helloBudget = Peering<S>.hellosPerInterval
    var isStopping = false
    /// When a director that stops says goodbye although its hand could not remove everything: leases end by themselves.
    var stopBy = Instant.never
    var hasStopped = false
    /// The peer's life that has had its patience.
    var patientWith: BootID?
    /// While this director prepares to restart.
    var restart: Restart?

    /// - Parameters:
    ///   - found: the groups whose addresses an earlier life left here.
    ///   - remembered: what an earlier life knew.
    package init(
        settings: ElectionSettings, peering: Peering<S>, found: Set<Int> = [], remembered: Remembered = Remembered(),
        now: Instant
    ) {
        let hasLowerName = settings.local < settings.peer
        self.settings = settings
        self.peering = peering
        startedAt = now
        partitionTimes = PartitionTimes(interval: settings.interval, misses: settings.misses)
        peerMACs = Array(repeating: 0, count: settings.paths)
        isGuarded = settings.groups.contains { $0.partition ?? settings.partition != .keepActive }
        groups = settings.groups.enumerated().map { index, group in
            GroupElection(
                settings: group, index: index, hasLowerName: hasLowerName, takeoverTime: settings.takeoverTime,
                rule: group.partition ?? settings.partition, isGuarded: settings.isGuarded(index),
                interval: settings.interval,
                isFound: found.contains(index), term: index < remembered.terms.count ? remembered.terms[index] : 0,
                now: now)
        }
        paths = Array(repeating: PathRecord(), count: settings.paths)
        keys = peering.keys.map { KeyRecord(id: $0.id) }
        lateness = LatenessRecord(now: now)
        lifeline = Lifeline(interval: settings.interval, misses: settings.misses, now: now)
        wishes = Wishes(isFirst: hasLowerName, restored: remembered.wishes, now: now)
        nextHeartbeat = now
        outgoing.interval = UInt32(clamping: settings.interval.nanoseconds / 1000)
        apply()
    }

    package var peerState: PeerState { lifeline.state }
    /// Until when the peer may be silent because it restarts.
    package var patienceEnds: Instant? { lifeline.patienceEnds }
    package var lastHeard: Instant? { lifeline.lastHeard }
    package var isReady: Bool { peering.isReady }
    package var keyID: UInt32? { peering.keyID }
    package var inboundSessions: [UInt64] { peering.inboundSessions }

    /// Whether the peer says that it heard this director within a takeover time; a path that is cut one way shows here.
    package func isHeard(now: Instant) -> Bool {
        guard peerState == .heard, heard.echo != 0 else { return false }
        return now - Instant(nanoseconds: heard.echo) < settings.takeoverTime + settings.interval
    }

    /// The one moment at which `tick` must be called, and why.
    package var deadline: Deadline {
        var deadline = Deadline(at: nextHeartbeat, reason: .heartbeat)
        deadline.consider(lifeline.deadline, .silence)
        if isLookingOut == false { deadline.consider(lookOutAt, .silence) }
        deadline.consider(hasStopped ? .never : min(stopBy, restart?.deadline ?? .never), .stop)
        deadline.consider(wishes.pauseEnds, .pause)
        for index in groups.indices {
            deadline.consider(groups[index].deadline, .group)
        }
        return deadline
    }
}

/// When a shell must call again, and what is due then.
package struct Deadline: Hashable, Sendable {
    package enum Reason: String, Hashable, Sendable {
        case heartbeat = "the next heartbeat"
        case silence = "the peer's silence"
        case group = "a group's patience"
        case stop = "the end of this director"
        case pause = "the end of the pause"
    }

    package var at: Instant
    package var reason: Reason

    fileprivate mutating func consider(_ other: Instant, _ reason: Reason) {
        if other < at { self = Deadline(at: other, reason: reason) }
    }
}
