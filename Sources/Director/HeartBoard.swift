package import Addresses
package import Election
package import Heartbeat
import Synchronization

/// What the heart lets others see: a copy that it renews, and a stamp of when it last went round.
package final class HeartBoard: Sendable {
    struct View: Sendable {
        var peerState: PeerState = .never
        var peerSince = Instant(nanoseconds: 0)
        var peerRestarts = 0
        var sessionSince: Instant?
        var lastHeard: Instant?
        var isHeard = false
        var keyID: UInt32?
        var lateness = WorstLateness()
        /// The peer's, as it says itself.
        var peerLateness = WorstLateness()
        /// While the peer restarts: until when it is waited for.
        var patienceEnds: Instant?
        /// Whether the peer could take over warm, and whether this director could; absent while the peer is not heard.
        var peerWarmth: Warmth?
        var ownWarmth: Warmth?
        var keys: [KeyRecord] = []
        var peerDigests: (configuration: UInt64, desired: UInt64, kernel: UInt64) = (0, 0, 0)
        /// Of what the peer's checks think of the servers; 0 where it does not say.
        var peerVerdictDigest: UInt64 = 0
        /// On which paths the peer hears this director, as it says (`Heartbeat.pathsHeard`).
        var pathsHeardByPeer: UInt16 = 0
        var refusals = RefusalCounts()
        /// Datagrams that the kernel dropped at the heart's sockets.
        var drops: UInt64 = 0
        var groups: [GroupView] = []
        var paths: [PathRecord] = []
        var wishes = Wishes(isFirst: true, now: Instant(nanoseconds: 0))
    }

    struct GroupView: Sendable {
        var role: Role
        var term: UInt64
        var since: Instant
        var reason: Reason
        var peer: GroupBeat?
    }

    private let view = Mutex(View())
    private let stamp = Atomic<UInt64>(0)

    package init() {}

    var current: View { view.withLock { $0 } }

    /// When the heart last woke and acted. The hand renews no lease on an old stamp.
    var lastRound: Instant { Instant(nanoseconds: stamp.load(ordering: .acquiring)) }

    func mark(_ now: Instant) { stamp.store(now.nanoseconds, ordering: .releasing) }

    /// Copies in place. A shared array would be copied anew by whoever changes it next, and that is the heart.
    package func publish<S: Sealer>(_ machine: PairMachine<S>, drops: UInt64, now: Instant) {
        view.withLock { view in
            if view.peerState != machine.peerState || view.peerSince.nanoseconds == 0 {
                view.peerState = machine.peerState
                view.peerSince = now
            }
            view.peerRestarts = machine.peerRestarts
            view.sessionSince = machine.sessionSince
            view.lastHeard = machine.lastHeard
            view.isHeard = machine.isHeard(now: now)
            view.keyID = machine.keyID
            view.lateness = WorstLateness(machine.lateness)
            view.patienceEnds = machine.patienceEnds
            let warmth = machine.warmth
            view.peerWarmth = warmth?.peer
            view.ownWarmth = warmth?.own
            view.keys.removeAll(keepingCapacity: true)
            for index in machine.keys.indices { view.keys.append(machine.keys[index]) }
            let heard = machine.heard
            view.peerLateness = WorstLateness(heard)
            view.peerDigests = (heard.configurationDigest, heard.desiredTableDigest, heard.kernelTableDigest)
            view.peerVerdictDigest = heard.verdictDigest
            view.pathsHeardByPeer = heard.pathsHeard
            view.refusals.copy(machine.refusals)
            view.drops = drops
            view.paths.removeAll(keepingCapacity: true)
            for index in machine.paths.indices { view.paths.append(machine.paths[index]) }
            view.wishes = machine.wishes
            view.groups.removeAll(keepingCapacity: true)
            for index in machine.groups.indices {
                let group = machine.groups[index]
                view.groups.append(
                    GroupView(
                        role: group.role, term: group.role.holds ? group.term : group.highest, since: group.since,
                        reason: group.reason, peer: group.peer))
            }
        }
    }
}

/// How late a heart woke, or a probe began: at last, and at worst within so long.
struct WorstLateness: Sendable {
    var last = Duration.zero
    var second = Duration.zero
    var tenSeconds = Duration.zero
    var minute = Duration.zero
}

extension WorstLateness {
    init(_ record: LatenessRecord) {
        self.init(
            last: record.last, second: record.ofSecond, tenSeconds: record.ofTenSeconds, minute: record.ofMinute)
    }

    init(_ heartbeat: Heartbeat) {
        self.init(
            last: .microseconds(Int64(heartbeat.latenessNow)), second: .microseconds(Int64(heartbeat.latenessOfSecond)),
            tenSeconds: .microseconds(Int64(heartbeat.lateness)),
            minute: .microseconds(Int64(heartbeat.latenessOfMinute)))
    }
}
