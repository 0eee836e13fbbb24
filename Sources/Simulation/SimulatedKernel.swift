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

    init(groups: Int) {
        places = Array(repeating: (.absent, .never), count: groups)
    }

    func place(of group: Int) -> Place { places[group].place }

    mutating func add(_ group: Int, to place: Place, leaseEnds: Instant) throws(Nonsense) {
        guard places[group].place == .absent else { throw .alreadyThere }
        places[group] = (place, leaseEnds)
    }

    mutating func delete(_ group: Int) throws(Nonsense) {
        guard places[group].place != .absent else { throw .notThere }
        places[group] = (.absent, .never)
    }

    mutating func renew(_ group: Int, leaseEnds: Instant) throws(Nonsense) {
        guard places[group].place == .wire else { throw .notThere }
        places[group].leaseEnds = leaseEnds
    }

    /// Drops what nobody renewed; says what it was.
    mutating func lapse(now: Instant) -> [Int] {
        let lapsed = places.indices.filter { places[$0].place != .absent && places[$0].leaseEnds <= now }
        for group in lapsed { places[group] = (.absent, .never) }
        return lapsed
    }

    /// The next moment at which something lapses.
    var nextLapse: Instant? {
        places.filter { $0.place != .absent }.map(\.leaseEnds).min()
    }
}
