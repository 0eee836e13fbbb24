/// What a director says on every path, every interval: I live, this is what I heard from you, and these are
/// my groups.
///
/// A value to be filled and read in place: the heart keeps one of each direction and never allocates.
package struct Heartbeat: Hashable, Sendable {
    /// As many groups as one datagram carries.
    package static let maximumGroups = 32

    /// The sender's monotonic clock, in nanoseconds.
    package var sentAt: UInt64 = 0
    /// `sentAt` of the newest heartbeat that the sender heard from the receiver; 0 for none.
    package var echo: UInt64 = 0
    /// How long the sender held that echo before this datagram left, in microseconds.
    package var echoHeld: UInt32 = 0
    /// The sender's interval, in microseconds.
    package var interval: UInt32 = 0
    /// How late the sender's heart was at worst in the last 10 s, in microseconds.
    package var lateness: UInt32 = 0
    /// The sender restarts and asks that its silence be no failure for so long, in microseconds; 0: it does not.
    package var patience: UInt32 = 0
    /// How late the sender's heart was when it woke last, and at worst in the last second and minute, in microseconds.
    package var latenessNow: UInt32 = 0
    package var latenessOfSecond: UInt32 = 0
    package var latenessOfMinute: UInt32 = 0
    /// Connections that the sender's kernel has seen begin lately: about those the peer may not know yet.
    package var youngConnections: UInt32 = 0
    /// The sender stops: its silence from now on is no failure.
    package var isLeaving = false
    package var configurationDigest: UInt64 = 0
    package var desiredTableDigest: UInt64 = 0
    package var kernelTableDigest: UInt64 = 0
    /// Established connections in the sender's kernel.
    package var connections: UInt32 = 0
    /// What an operator asked for, one subject in each heartbeat; nil where nobody did, and of an older version.
    package var wish: Wish?
    /// Counts the sender's heartbeats from 1, the same on all paths; 0 where the sender does not say.
    package var round: UInt64 = 0
    /// On which paths the sender heard the receiver within its takeover time: bit *i* for path *i*, and
    /// `saysPaths`; 0 where it does not say.
    package var pathsHeard: UInt16 = 0
    package static let saysPaths: UInt16 = 0x8000
    /// Of what the sender's own checks think of the servers; 0 where it does not say.
    package var verdictDigest: UInt64 = 0
    /// In the order of the sender's configuration; found by `id`.
    package var groups: [GroupBeat] = []

    package init() {
        groups.reserveCapacity(Self.maximumGroups)
    }

    /// What is said about the group of that id; nil where nothing is.
    package func group(_ id: UInt64) -> GroupBeat? {
        for index in groups.indices where groups[index].id == id { return groups[index] }
        return nil
    }
}

/// What a director says about one group.
package struct GroupBeat: Hashable, Sendable {
    /// More is refused: the next claim must have a number.
    package static let highestTerm = UInt64(1) << 62

    /// The fingerprint of the group's name.
    package var id: UInt64
    /// The term of the sender's claim while it has one, else the highest it knows.
    package var term: UInt64
    package var role: Role
    /// 0 (cannot hold it) to 100.
    package var fitness: UInt8
    /// What is left of the lease of the group's addresses, in microseconds; 0 for none.
    package var leaseLeft: UInt32
    /// The sender is backup and asks the holder to hand the group over.
    package var isAsking = false
    /// No gateway of the group answers the sender any more.
    package var lacksGateways = false
    /// One has answered the sender since it heard that none answers the receiver.
    package var hasGateway = false
    /// The sender's link-layer address on the group's first interface, in the lower 48 bits; 0 where it is not known.
    package var mac: UInt64 = 0

    package init(id: UInt64, term: UInt64, role: Role, fitness: UInt8, leaseLeft: UInt32 = 0) {
        self.id = id
        self.term = term
        self.role = role
        self.fitness = fitness
        self.leaseLeft = leaseLeft
    }
}

/// What a director is for a group, from the moment it starts to the moment it holds the addresses and back:
/// waiting → backup → claiming → active → giving → moving → backup, or → releasing → backup. A restarted director
/// that finds the addresses begins with returning instead of waiting.
package enum Role: UInt8, Hashable, Sendable, CaseIterable {
    /// Just started: claims nothing until it heard the peer or waited long enough.
    case waiting = 0
    case backup = 1
    /// The hand is adding the addresses.
    case claiming = 2
    case active = 3
    /// Active still, and asking the peer to take over.
    case giving = 4
    /// The peer has taken over; the hand is moving the addresses to lo.
    case moving = 5
    /// The hand is removing the addresses.
    case releasing = 6
    /// Just started and found the addresses of an earlier life: lets them be, unrenewed, until the peer was heard.
    case returning = 7

    /// A role as it stands in a heartbeat. One that a later version knows and this one does not is read as the nearest
    /// that claims no more and gives up no less; where its number says nothing, as an active one's.
    init(wire number: UInt8) {
        switch number {
        case 64..<128: self = .waiting
        case 128..<192: self = .releasing
        default: self = Role(rawValue: number) ?? .active
        }
    }

    /// Whether the addresses are, or are about to be, on the wire here.
    package var holds: Bool { self == .active || self == .giving || self == .claiming }

    /// Whether the peer is taking over what still comes here.
    package var isGivingAway: Bool { self == .giving || self == .moving }

    /// Whether the addresses may still be here.
    package var touches: Bool { self != .waiting && self != .backup }
}
