package import Addresses
package import Heartbeat

/// Which of the two directors holds one group.
///
/// A pure machine: it is told the time and what happened, and says what to do. `GroupElection+Transitions` is the
/// table of Docs/Election.md; `GroupElection+Judgement` turns what the peer says into the table's inputs.
package struct GroupElection: Sendable {
    package let settings: ElectionGroup
    let index: Int
    /// Breaks a tie between two equal claims of a group that prefers nobody.
    let hasLowerName: Bool
    let takeoverTime: Duration

    package internal(set) var role: Role
    /// The term of this director's claim, while it has one.
    package internal(set) var term: UInt64 = 0
    /// The highest term seen anywhere.
    package internal(set) var highest: UInt64 = 0
    package internal(set) var since: Instant
    package internal(set) var reason: Reason = .started
    /// What the peer said last about this group.
    package internal(set) var peer: GroupBeat?
    /// 0 (cannot hold the group) to 100: what hard and soft faults leave.
    package internal(set) var fitness: UInt8 = 100
    /// 0 while this director cannot hold the group at all.
    var hardFitness: UInt8 = 100
    /// What soft faults leave.
    var score: UInt8 = 100
    package internal(set) var outlook = Outlook()
    package internal(set) var grant: WitnessGrant?
    /// This director's link-layer address on the group's first interface; 0 where it is not known.
    var mac: UInt64 = 0
    /// When the role has lasted as long as it may.
    var overdueAt: Instant
    var ticket: UInt32 = 0
    var isStopping = false
    /// Never takes the group, and hands it over when the peer can take it.
    package internal(set) var isStandby = false
    /// Hands nothing over that nobody asked for.
    var isPaused = false
    /// No handover by itself before this, after one that the peer did not take up.
    var restUntil: Instant?
    /// The term that people, and the next life of this director, were told.
    var notedTerm: UInt64
    var isContested = false
    /// Since when the peer could have taken a group that is its to take.
    var reservedSince: Instant?
    /// Since when the peer has been fit to get a group back that prefers it.
    var peerFitSince: Instant?
    /// No claim before this, after one that failed.
    var holdOffUntil: Instant?
    /// Grows with each failure.
    var holdOff: Duration = Self.firstHoldOff
    /// Why the group is being given away.
    var givingBecause: Reason = .requested
    /// When the addresses lapse here unless the hand renews them, while this director holds them.
    var leaseEnds: Instant?
    /// When they lapse at the peer, as far as it said.
    var peerLeaseEnds: Instant?
    /// When to announce once more: a peer that fell silent may have answered for the addresses until its leases ended.
    package internal(set) var announceAgainAt = Instant.never
    /// Until when this director asks the holder for the group.
    package internal(set) var askingUntil: Instant?

    /// Since when the peer has been releasing or moving the addresses.
    var lettingGoSince: Instant?

    // Implementation constants

    static let firstHoldOff = Duration.seconds(1)
    static let longestHoldOff = Duration.seconds(60)
    static let rest = Duration.seconds(10)
    /// The kernel takes a lapsed address away a little after its time.
    static let afterLease = Duration.milliseconds(50)
    /// DESIGN: three takeover times without a peer before the first claim.
    static let bootPatience = 3

    init(
        settings: ElectionGroup, index: Int, hasLowerName: Bool, takeoverTime: Duration, isFound: Bool = false,
        term: UInt64 = 0, now: Instant
    ) {
        self.settings = settings
        self.index = index
        self.hasLowerName = hasLowerName
        self.takeoverTime = takeoverTime
        role = isFound ? .returning : .waiting
        since = now
        highest = term
        notedTerm = term
        overdueAt = now + takeoverTime * Self.bootPatience
    }

    /// How long the peer may take to answer a handover.
    var givingTime: Duration { max(.seconds(2), takeoverTime * 2) }

    /// How long the hand may take to move or remove addresses before it is told again.
    var handTime: Duration { max(.seconds(2), takeoverTime) }

    /// How long the hand may take to add addresses before the claim has failed.
    var claimTime: Duration { max(.seconds(5), takeoverTime * 2) }

    /// Whether this director may take the group.
    var isAble: Bool { mayKeep && !isStandby }

    /// Whether it may go on with what it has.
    var mayKeep: Bool { fitness > 0 && !isStopping }

    /// What a heartbeat says about the group.
    func beat(now: Instant) -> GroupBeat {
        var beat = GroupBeat(
            id: settings.id, term: role.holds ? term : highest, role: role, fitness: isAble ? fitness : 0)
        if let leaseEnds, leaseEnds > now { beat.leaseLeft = UInt32(clamping: (leaseEnds - now).nanoseconds / 1000) }
        beat.isAsking = askingUntil != nil
        beat.mac = mac
        return beat
    }

    /// When something has to happen although nobody says anything.
    var deadline: Instant {
        var deadline = overdueAt
        if let askingUntil { deadline = min(deadline, askingUntil) }
        if role == .backup, isAble, let reservedSince {
            deadline = min(deadline, max(reservedSince + takeoverTime * 2, holdOffUntil ?? reservedSince))
        }
        if role == .backup, let holdOffUntil { deadline = min(deadline, holdOffUntil) }
        guard role == .active else { return deadline }
        deadline = min(deadline, announceAgainAt)
        if let restUntil { return min(deadline, restUntil) }
        if !isPaused, settings.preference == .peer, let peerFitSince, let preempt = settings.preempt {
            deadline = min(deadline, peerFitSince + preempt)
        }
        return deadline
    }
}
