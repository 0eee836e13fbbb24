import Addresses

/// Where the addresses of each group are on one machine. It outlives the daemon, lets leases lapse by itself, and
/// refuses what a real kernel would refuse.
struct SimulatedKernel {
    enum Place: Hashable, Sendable {
        case absent
        /// On the interface: answers ARP.
        case wire
        /// On lo: forwards, answers nobody.
        case loopback
    }

    enum Nonsense: Error, Hashable, Sendable {
        case alreadyThere
        case notThere
    }

    private var places: [(place: Place, leaseEnds: Instant)]
    /// The next moment at which something lapses.
    private(set) var nextLapse = Instant.never
    /// How often addresses that were here already were announced again.
    var announcements = 0

    init(groups: Int) {
        places = Array(repeating: (.absent, .never), count: groups)
    }

    func place(of group: Int) -> Place { places[group].place }

    func leaseEnds(of group: Int) -> Instant { places[group].leaseEnds }

    mutating func add(_ group: Int, to place: Place, leaseEnds: Instant) throws(Nonsense) {
        guard places[group].place == .absent else { throw .alreadyThere }
        set(group, (place, leaseEnds))
    }

    mutating func delete(_ group: Int) throws(Nonsense) {
        guard places[group].place != .absent else { throw .notThere }
        set(group, (.absent, .never))
    }

    mutating func renew(_ group: Int, leaseEnds: Instant) throws(Nonsense) {
        guard places[group].place == .wire else { throw .notThere }
        set(group, (.wire, leaseEnds))
    }

    /// Drops what nobody renewed; says what it was.
    mutating func lapse(now: Instant) -> [Int] {
        let lapsed = places.indices.filter { places[$0].leaseEnds <= now }
        for group in lapsed { set(group, (.absent, .never)) }
        return lapsed
    }

    /// The machine stands still: its leases do not run.
    mutating func postpone(by duration: Duration) {
        for group in places.indices where places[group].place != .absent {
            set(group, (places[group].place, places[group].leaseEnds + duration))
        }
    }

    private mutating func set(_ group: Int, _ state: (Place, Instant)) {
        places[group] = state
        nextLapse = places.reduce(.never) { min($0, $1.leaseEnds) }
    }
}
