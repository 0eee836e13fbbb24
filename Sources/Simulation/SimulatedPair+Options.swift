import Addresses
package import Election
package import Heartbeat

extension SimulatedPair {
    package struct Options: Hashable, Sendable {
        package var seed: UInt64 = 1
        package var interval: Duration = .milliseconds(100)
        package var misses = 3
        /// What decides in a partition.
        package var partition = PartitionRule.keepActive
        /// Whether anybody beside the pair answers on the service link.
        package var hasNeighbours = true
        package var paths = 2
        package var groups: [Group] = [Group(name: "web", prefers: .lb1)]
        /// How late a heart wakes without anybody's fault.
        package var jitter: ClosedRange<Duration> = .zero...(.microseconds(200))
        /// What a datagram's way takes when nobody disturbs it.
        package var delay: ClosedRange<Duration> = Weather.fair.delay
        /// What a task of the hand takes when nobody disturbs it.
        package var handTime: ClosedRange<Duration> = HandFortune().time
        /// Millionths that each machine's clock is fast.
        package var drift = [0, 0]
        /// When sessions are renewed.
        package var renewal = RenewalLimits()
        /// Both directors send messages through the stream, so long apart; absent: never.
        package var talk: ClosedRange<Duration>?
        /// Somebody changes the keys, a half step each so often; absent: never.
        package var rotation: ClosedRange<Duration>?
        /// Datagrams that wait in a director's sockets while it does not read.
        package var inboxRoom = 64
        /// Whether a daemon may be restarted with its leases topped up.
        package var restarts = true
        /// Whether a lookout says that its gateways fell silent, so that a group moves to where they answer.
        package var noticesSilentGateways = false
        /// The protection that is left out.
        package var without: Protection?
        /// Whether the story is written down.
        package var isTold = true

        package init() {}

        package var takeoverTime: Duration { interval * misses }

        /// In whole seconds, at least 2 s and longer than two takeover times.
        package var lease: Duration {
            .seconds(max(2, (takeoverTime * 2).components.seconds + 1))
        }
    }

    package struct Group: Hashable, Sendable {
        package var name: String
        package var prefers: Seat?
        package var preempt: Duration?
        /// Groups with the same number have to have the same holder.
        package var together: Int?

        package init(name: String, prefers: Seat? = nil, preempt: Duration? = nil, together: Int? = nil) {
            self.name = name
            self.prefers = prefers
            self.preempt = preempt
            self.together = together
        }
    }
}

extension SimulatedPair.Options {
    // What the oracles reckon with. None of it asks the code under test.

    /// What may come on top of any time: a late heart, a slow wire, a clock that drifts.
    package var slack: Duration {
        (jitter.upperBound + delay.upperBound) * 8 + .nanoseconds(takeoverTime.nanoseconds / 500) + .milliseconds(2)
    }

    /// What a hand takes for what it may have been told, one order after the other.
    package var handWork: Duration { handTime.upperBound * (3 * groups.count + 3) }

    /// The time after which a hand that did not do as it was told is told again.
    package var handPatience: Duration { max(.seconds(2), takeoverTime) }

    /// What the leases are topped up to, and what the peer is asked to wait, when a daemon restarts.
    var restartPatience: Duration { .seconds(max(5, (takeoverTime * 3).components.seconds + 3)) }

    /// The longest a director takes to hold what its peer lost: the peer's silence is noticed, whatever lateness was
    /// announced before, and the hand does its work.
    package var takeover: Duration { plainTakeover + guardedTakeover }

    /// The same where silence alone decides.
    var plainTakeover: Duration { takeoverTime + interval * 3 + handWork + slack }

    /// What a permit takes on top of it. For a heart that stands still the envoy asks for a takeover time more.
    private var guardedTakeover: Duration {
        switch partition {
        case .keepActive: .zero
        case .requireGateway: interval * 4
        case .requireWitness: interval * 4 + max(takeoverTime, .milliseconds(10)) * 65 / 64
        }
    }

    /// Whether more than silence decides in a partition.
    package var isGuarded: Bool { partition != .keepActive }

    /// Without a permit a holder keeps a group for so long after it was heard last.
    var holding: Duration { interval * max(3, misses - 1) }

    /// So long after the peer's last word a backup claims, at the soonest.
    var claiming: Duration { holding + interval * 2 }

    func areTogether(_ group: Int, _ other: Int) -> Bool {
        guard let set = groups[group].together else { return group == other }
        return groups[other].together == set
    }

    /// A silence that no director takes for a death, whenever it begins; absent where two misses leave none.
    package var harmless: Duration? {
        let time = interval * (misses - 1) - slack
        return misses > 2 && time > interval ? time : nil
    }
}
