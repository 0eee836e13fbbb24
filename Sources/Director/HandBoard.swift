import Addresses
import Election
import Synchronization

/// What the hand lets others see of each group's addresses.
final class HandBoard: Sendable {
    /// `left`: on the interface, for the process that comes after this one.
    enum Place: Sendable { case absent, here, left, lo }

    struct GroupView: Sendable {
        var place: Place = .absent
        /// Interface of each address, in the order of the configuration; absent: not found.
        var interfaces: [String?] = []
        /// Those that are on no director for now, by the same order.
        var withdrawn: Set<Int> = []
        /// What keeps this director from holding the group, in words that follow "waiting for".
        var waitingFor: String?
    }

    private let views: Mutex<[GroupView]>
    private let sentences = Mutex<[String]>([])
    private let stamp = Atomic<UInt64>(0)

    init(groups: Int) { views = Mutex(Array(repeating: GroupView(), count: groups)) }

    /// When the hand last went round: it looks about itself every second.
    var lastRound: Instant { Instant(nanoseconds: stamp.load(ordering: .relaxed)) }

    func mark(_ now: Instant) { stamp.store(now.nanoseconds, ordering: .relaxed) }

    var current: [GroupView] { views.withLock { $0 } }

    func update(_ group: Int, _ change: (inout GroupView) -> Void) {
        views.withLock { change(&$0[group]) }
    }

    /// Sentences about switches of the kernel that are not as they should be.
    var warnings: [String] {
        get { sentences.withLock { $0 } }
        set { sentences.withLock { $0 = newValue } }
    }
}
