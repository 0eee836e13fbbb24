import Heartbeat

/// What the election needs to know of the configuration.
package struct ElectionSettings: Hashable, Sendable {
    package var local: String
    package var peer: String
    /// From one heartbeat to the next, 1 ms to 10 s.
    package var interval: Duration
    /// How many may be missed, 2 to 100.
    package var misses: Int
    /// Heartbeat paths, 1 to 8.
    package var paths: Int
    /// What decides in a partition, for the groups that say nothing else.
    package var partition: PartitionRule
    /// At most 32.
    package var groups: [ElectionGroup]

    package init(
        local: String, peer: String, interval: Duration, misses: Int, paths: Int,
        partition: PartitionRule = .keepActive, groups: [ElectionGroup]
    ) {
        precondition((1...Frame.maximumPaths).contains(paths), "a pair has 1 to 8 paths, not \(paths)")
        precondition(groups.count <= Heartbeat.maximumGroups, "a pair has 32 groups at most, not \(groups.count)")
        self.local = local
        self.peer = peer
        self.interval = interval
        self.misses = misses
        self.paths = paths
        self.partition = partition
        self.groups = groups
    }

    /// Whether more than silence decides in a partition of a group, or of one that it stays with.
    func isGuarded(_ index: Int) -> Bool {
        groups.indices.contains { other in
            let areTogether = groups[index].together != nil && groups[index].together == groups[other].together
            return (other == index || areTogether) && groups[other].partition ?? partition != .keepActive
        }
    }

    /// The silence after which a peer counts as lost.
    package var takeoverTime: Duration { interval * misses }

    /// How long an address lives in the kernel when nobody renews it: whole seconds, longer than two takeover times.
    package static func lease(takeoverTime: Duration) -> Duration {
        .seconds(max(2, (takeoverTime * 2).components.seconds + 1))
    }

    /// How long a restart may take: what the leases are topped up to and what the peer is asked to wait. Whole seconds,
    /// and long enough for the boot rule, so that a director that restarts alone finds its addresses.
    package static func restartPatience(takeoverTime: Duration) -> Duration {
        .seconds(max(5, (takeoverTime * 3).components.seconds + 3))
    }
}

package struct ElectionGroup: Hashable, Sendable {
    package enum Preference: Hashable, Sendable { case none, local, peer }

    package let name: String
    /// How the group is called in heartbeats; kept, for making it allocates.
    package let id: UInt64
    package var preference: Preference
    /// The holder gives a group back that prefers the peer once the peer has been fit for so long; absent: never.
    package var preempt: Duration?
    /// What decides in a partition, where it is not what decides for the pair.
    package var partition: PartitionRule?
    /// The groups that have this number in common have the same holder.
    package var together: Int?

    package init(
        name: String, preference: Preference = .none, preempt: Duration? = nil, partition: PartitionRule? = nil,
        together: Int? = nil
    ) {
        self.name = name
        id = fingerprint("tandem group " + name)
        self.preference = preference
        self.preempt = preempt
        self.partition = partition
        self.together = together
    }
}
