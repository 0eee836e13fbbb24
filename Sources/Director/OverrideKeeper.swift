import Addresses
import Balancing
import Control
import Election
import Linux
import Settings
import Synchronization

/// Keeps what operators said about servers: in the balancer, on the disk, and the same on both directors.
final class OverrideKeeper: Sendable {
    /// A drain, for as long as it is in force.
    struct Watch: Sendable {
        var since: Instant
        /// The reading of the kernel's table that first had weight 0 everywhere: what the kernel counted before may not
        /// be all.
        var quietAt: Int?
        var here = DrainCount()
        /// People know of its end.
        var isTold = false
        /// An earlier life of this director may have told them.
        var isRestored: Bool

        /// Whether no connection is left, here or at the peer.
        func isOver(there: DrainCount?) -> Bool { here.connections != nil && here.isOver && there?.isOver == true }
    }

    /// One word among all.
    struct Mark: Hashable, Sendable {
        var stamp: UInt64
        var director: String

        init(_ override: Override) { (stamp, director) = (override.stamp, override.director) }
        init(_ left: OverrideMessage.Left) { (stamp, director) = (left.stamp, left.director) }
    }

    struct State {
        var overrides: Overrides
        var settings: Settings
        var standing: [StandingOverride] = []
        var watches: [Mark: Watch] = [:]
        /// Since when no service has had the server, by this life's knowledge.
        var orphans: [Mark: Instant] = [:]
        var isBalancerBehind = false
        // What the present life of the peer said, and what was said to it.
        var peerDigest: UInt64?
        var peerLeft: [Mark: DrainCount] = [:]
        var told: (digest: UInt64, at: Instant)?
        var nextShare = Instant(nanoseconds: 0)
        var shareDelay = OverrideKeeper.shareDelay.first
        var nextCount = Instant(nanoseconds: 0)
        /// There are figures that the peer has not been told.
        var isCounted = false
    }

    // Implementation constants

    static let shareDelay: (first: Duration, last: Duration) = (.seconds(5), .seconds(60))
    /// How often connections are counted while a server drains, and told to the peer.
    static let countPeriod = Duration.seconds(1)
    /// After how long a word about a server that no service has is forgotten.
    static let orphanage = Duration.seconds(86_400)

    let state: Mutex<State>
    let organs: Organs
    let store: StateStore
    let journal: Journal
    let local: String
    let peer: String

    init(_ start: DirectorStart, _ overrides: Overrides, organs: Organs, store: StateStore, journal: Journal) {
        var first = State(overrides: overrides, settings: start.settings)
        first.refresh(Clock.now(), isRestored: true)
        state = Mutex(first)
        self.organs = organs
        self.store = store
        self.journal = journal
        local = start.local.name
        peer = start.peer.name
    }

    var overrides: Overrides { state.withLock { $0.overrides } }

    /// A configuration that takes the place of the one in force.
    func adopt(_ settings: Settings) {
        state.withLock { state in
            state.settings = settings
            state.refresh(Clock.now())
        }
    }

    /// Brings what is new to everybody but the peer. With the lock held, so that nobody's older words come later.
    func spread(_ state: inout State) {
        state.refresh(Clock.now())
        state.isBalancerBehind = !organs.balancer.post(.override(state.overrides))
        store.keep(state.overrides)
        // The scribe writes to the disk.
        organs.notes.wakeup.ring()
    }
}

extension OverrideKeeper.State {
    /// After the words or the configuration changed.
    mutating func refresh(_ now: Instant, isRestored: Bool = false) {
        standing = overrides.standing(in: settings)
        let marks = Set(standing.map { OverrideKeeper.Mark($0.override) })
        watches = watches.filter { marks.contains($0.key) }
        orphans = orphans.filter { marks.contains($0.key) }
        for item in standing {
            let mark = OverrideKeeper.Mark(item.override)
            if item.servers.isEmpty {
                orphans[mark] = orphans[mark] ?? now
            } else {
                orphans[mark] = nil
            }
            guard item.override.word == .drain, !item.servers.isEmpty else {
                watches[mark] = nil
                continue
            }
            if watches[mark] == nil { watches[mark] = OverrideKeeper.Watch(since: now, isRestored: isRestored) }
        }
    }
}

/// What a drain still waits for in one kernel.
struct DrainCount: Hashable, Sendable {
    /// Active connections; nil: the kernel has no ip_vs, or was not read yet.
    var connections: UInt64?
    /// None can come any more.
    var isFinal = false

    var isOver: Bool { isFinal && connections ?? 0 == 0 }
}
