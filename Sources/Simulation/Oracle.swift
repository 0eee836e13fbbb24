import Addresses
import Election
import Heartbeat

/// Watches the pair from outside and says what must never be. It knows where the addresses are and what each
/// director says that it is; of how a director decides it knows nothing.
package struct Oracle: Sendable {
    /// One director and one group.
    struct Position: Hashable, Sendable {
        var isOnWire = false
        /// On the wire, by a director that is awake and says that it holds the group.
        var isServing = false
        /// A director that is awake says that it is active.
        var isActive = false
        /// A daemon runs that has to do with the addresses.
        var isOwned = false
        /// Nothing keeps this director from holding the group.
        var isAble = false
    }

    /// What there is to see at one moment.
    struct View {
        var now: Instant
        /// Some path carries datagrams in each direction.
        var isConnected: Bool
        /// Both daemons run, awake, on fair wires, with hands that do as they are told.
        var isUndisturbed: Bool
        /// The policy lets both directors hold a group in a partition.
        var areBothGranted = true
        /// By group, then by seat.
        var seats: [Position] = []
    }

    /// What is remembered of one group.
    struct Watch: Sendable {
        var vacancy = Stretch()
        var unserved = Stretch()
        var double = Stretch()
        /// Both serve.
        var both = Stretch()
    }

    /// For how long something has been so, and was so at the longest.
    struct Stretch: Sendable {
        var since: Instant?
        var longest: Duration = .zero

        mutating func extend(_ isSo: Bool, _ now: Instant) {
            if let since { longest = max(longest, now - since) }
            since = isSo ? since ?? now : nil
        }
    }

    /// What is remembered of one director and one group.
    struct Record: Sendable {
        var position = Position()
        var ableSince: Instant?
        var orphanSince: Instant?
        var emptySince: Instant?
        /// The term of its last claim since the machine started.
        var claimed: UInt64 = 0
        /// How many claims it began since the watch did.
        var claims = 0
        var failures = 0
        /// No claim is asked for before: a director pauses after claims that failed.
        var pausesUntil = Instant(nanoseconds: 0)
    }

    package let bounds: Bounds
    package private(set) var violations: [String] = []
    package internal(set) var roleChanges = 0
    var watches: [Watch]
    /// By group, then by seat.
    var records: [Record]
    var connectedSince: Instant?
    var undisturbedSince: Instant?
    /// Since when the policy lets only one director hold a group.
    var exclusiveSince: Instant?
    /// By group: those that have to have the same holder, itself among them.
    let mates: [[Int]]
    /// By group, then by seat: when a foreign claim was last told of, by the director's clock.
    private var foreignAt: [Instant?]
    var disturbedAt: Instant
    /// Everything has come to rest, so nothing may change.
    var isQuiet = false
    private let start: Instant

    init(_ options: SimulatedPair.Options, now: Instant) {
        bounds = Bounds(options)
        watches = options.groups.map { _ in Watch() }
        mates = options.groups.indices.map { group in
            options.groups.indices.filter { options.areTogether(group, $0) }
        }
        foreignAt = Array(repeating: nil, count: 2 * options.groups.count)
        records = Array(repeating: Record(), count: 2 * options.groups.count)
        disturbedAt = now
        start = now
    }

    /// The longest times since the watch began, by group, with nobody on the wire.
    package var vacancy: [Duration] { watches.map(\.vacancy.longest) }
    /// With nobody who serves.
    package var unserved: [Duration] { watches.map(\.unserved.longest) }
    /// With two on the wire.
    package var double: [Duration] { watches.map(\.double.longest) }
    /// How many claims began, by group.
    var claims: [Int] { watches.indices.map { records[2 * $0].claims + records[2 * $0 + 1].claims } }

    func claims(of seat: Seat) -> [Int] { watches.indices.map { records[2 * $0 + seat.rawValue].claims } }

    package mutating func startWatch() {
        for group in watches.indices {
            watches[group].vacancy.longest = .zero
            watches[group].unserved.longest = .zero
            watches[group].double.longest = .zero
            records[2 * group].claims = 0
            records[2 * group + 1].claims = 0
        }
        roleChanges = 0
    }

    mutating func complain(_ now: Instant, _ words: String) {
        let line = "VIOLATION at \((now - start).milliseconds) ms: \(words)"
        if violations.count < 20 { violations.append(line) }
    }

    mutating func disturb(now: Instant) {
        disturbedAt = now
        isQuiet = false
    }

    /// Nothing happens and nothing is under way: no role may change until somebody disturbs the pair again.
    mutating func expectQuiet() { isQuiet = true }

    /// A daemon starts, and knows nothing of its earlier lives but their terms.
    mutating func begins(_ seat: Seat) {
        for group in watches.indices {
            foreignAt[2 * group + seat.rawValue] = nil
            records[2 * group + seat.rawValue].failures = 0
            records[2 * group + seat.rawValue].pausesUntil = Instant(nanoseconds: 0)
        }
    }

    /// A suspended machine's pauses stand still with its clock.
    mutating func postponePauses(of seat: Seat, by duration: Duration, now: Instant) {
        for group in watches.indices where records[2 * group + seat.rawValue].pausesUntil > now {
            let end = records[2 * group + seat.rawValue].pausesUntil
            records[2 * group + seat.rawValue].pausesUntil = end + duration
        }
    }

    /// A machine starts, and has forgotten its terms.
    mutating func reboots(_ seat: Seat) {
        for group in watches.indices { records[2 * group + seat.rawValue].claimed = 0 }
    }

    /// Foreign claims, however many, are told of and answered once in 10 s.
    mutating func foreignClaim(_ group: Int, at: Instant, now: Instant, by seat: Seat) {
        let index = 2 * group + seat.rawValue
        if let last = foreignAt[index], at - last < .seconds(10) {
            complain(now, "\(seat.name) answers a second foreign claim within \(at - last)")
        }
        foreignAt[index] = at
    }

    mutating func roleChanged(_ change: RoleChange, now: Instant, by seat: Seat) {
        roleChanges += 1
        if isQuiet || now - disturbedAt > bounds.settling {
            complain(now, "\(seat.name) changes a role unprovoked, from \(change.from) to \(change.to)")
        }
        let index = 2 * change.group + seat.rawValue
        if change.to == .claiming {
            records[index].claims += 1
            if change.term <= records[index].claimed {
                complain(now, "\(seat.name) claims under term \(change.term) again")
            }
            records[index].claimed = change.term
        }
        if change.to == .active { records[index].failures = 0 }
        if change.reason == .claimFailed {
            records[index].failures += 1
            records[index].pausesUntil = now + bounds.pause(after: records[index].failures)
        }
    }
}
