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
    /// What decides in a partition.
    package let rule: PartitionRule
    /// Whether more than silence decides, for this group or one that it stays with.
    let isGuarded: Bool
    /// How long a director without a peer waits before it claims.
    let bootTime: Duration

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
    /// The peer's term when it was lost while this director held the group. It may have held it too, and let go before
    /// it was heard again: what it announced stands in the caches of clients.
    var termWhenLost: UInt64?
    /// Since when the peer could have taken a group that is its to take.
    var reservedSince: Instant?
    /// Since when the peer has said that no gateway answers it.
    var peerLacksGatewaysSince: Instant?
    /// Since when the peer has said that one answers it, while none answers this director.
    var peerHasGatewaySince: Instant?
    /// When the group moved because of its gateways.
    var gatewaysMovedAt: Instant?
    /// Since when the peer has been fit to get a group back that prefers it.
    var peerFitSince: Instant?
    /// Since when the peer has been fitter than this director, by the margin.
    var peerFitterSince: Instant?
    /// After moves because of fitness.
    var restraint = Restraint()
    /// While the peer is silent, nobody else answers either.
    package internal(set) var isIsolated = false
    /// When the peer has been silent for a takeover time since that ended.
    var alonePassed = Instant(nanoseconds: 0)
    /// This director would claim the group if it had a permit, or if the peer had been silent for long enough.
    package internal(set) var isBlocked = false
    /// When it will have been.
    var blockedUntil = Instant.never
    /// The boot rule is fulfilled but for the permit.
    var awaitsPermit = false
    /// The permit came and the network is being asked for the addresses: the permit is wanted until that is answered.
    var probesWithPermit = false
    /// Until when this director may hold the group, as far as it knows now.
    package internal(set) var mayHoldUntil = Instant.never
    /// What the witness was asked last.
    var petitioned: Petition?
    /// When the peer's link-layer address claimed the group, until the peer says what it holds.
    var doubtedAt: Instant?
    var doubtedMAC: UInt64 = 0
    /// When this director last answered a foreign claim.
    var defendedAt: Instant?
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
    /// By how much a director must be fitter for that to count.
    package static let fitterBy: UInt8 = 10
    /// For how long, and a takeover time more.
    package static let fitterFor = Duration.seconds(3)
    /// A group that was taken stays so long before fitness alone moves it.
    package static let stay = Duration.seconds(30)
    /// One answer to foreign claims in this time.
    package static let defenceEvery = Duration.seconds(10)

    init(
        settings: ElectionGroup, index: Int, hasLowerName: Bool, takeoverTime: Duration,
        rule: PartitionRule = .keepActive, isGuarded: Bool = false, interval: Duration = .zero, isFound: Bool = false,
        term: UInt64 = 0,
        now: Instant
    ) {
        self.settings = settings
        self.index = index
        self.hasLowerName = hasLowerName
        self.takeoverTime = takeoverTime
        self.rule = rule
        self.isGuarded = isGuarded
        bootTime = Self.bootTime(takeoverTime: takeoverTime, interval: interval, isGuarded: isGuarded)
        role = isFound ? .returning : .waiting
        since = now
        highest = term
        notedTerm = term
        overdueAt = now + (isFound ? takeoverTime * Self.bootPatience : bootTime)
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
        beat.lacksGateways = outlook.lacksGateways
        beat.hasGateway = hasGateway
        return beat
    }

    /// When something has to happen although nobody says anything.
    var deadline: Instant {
        var deadline = overdueAt
        if let askingUntil { deadline = min(deadline, askingUntil) }
        if role == .backup, !isBlocked, isAble, let reservedSince {
            deadline = min(deadline, max(reservedSince + takeoverTime * 2, holdOffUntil ?? reservedSince))
        }
        if role == .backup, let holdOffUntil { deadline = min(deadline, holdOffUntil) }
        deadline = min(deadline, role.holds ? mayHoldUntil : blockedUntil)
        guard role == .active else { return deadline }
        // Whether the peer is to get the group is asked with each heartbeat.
        return min(deadline, announceAgainAt, restUntil ?? .never)
    }
}
