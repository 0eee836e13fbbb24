import Addresses

/// Rounds in which addresses of a group are announced, a slice at a time.
struct AnnouncementRounds {
    private var schedule: AnnouncementSchedule
    /// How many of the present round have been announced.
    private var announced = 0
    /// Those that alone are announced, by their places among the group's; absent: all that are held.
    private var chosen: Set<Int>?

    init(of chosen: Set<Int>? = nil, start: Instant) {
        self.chosen = chosen
        schedule = AnnouncementSchedule(start: start)
    }

    var next: Instant { schedule.next }

    /// Whether nothing is left of it that the rounds of the whole group do not do as well.
    var isOver: Bool { chosen.map { $0.isEmpty || schedule.isSteady } ?? false }

    mutating func leaveOut(_ places: Set<Int>) { chosen?.subtract(places) }

    /// The next of the round that is due or under way; with its last ones it goes on to the next round.
    ///
    /// - Parameters:
    ///   - held: those that the group's holder has.
    ///   - most: how long a slice is.
    mutating func takeSlice(of held: [Int], _ most: Int, _ now: Instant) -> [Int] {
        let places = chosen.map { held.filter($0.contains) } ?? held
        // Some may have been withdrawn since the round began.
        let start = min(announced, places.count)
        let end = min(start + most, places.count)
        // Each round starts at another address: what a queue drops is not the same each time.
        let slice = (start..<end).map { places[($0 + schedule.round * most) % places.count] }
        announced = end
        if end == places.count { skip(now) }
        return slice
    }

    /// Leaves the round that is due, or what is left of it, out.
    mutating func skip(_ now: Instant) {
        schedule.advance(past: now)
        announced = 0
    }
}

extension HandGroup {
    /// When somebody is to be told next where the addresses are.
    var nextAnnouncement: Instant {
        returning.reduce(announcing?.next ?? .never) { min($0, $1.next) }
    }

    /// Starts over with all that is held; a round is due at once.
    mutating func startAnnouncing(_ now: Instant) {
        announcing = AnnouncementRounds(start: now)
        returning = []
    }

    /// Does the same with some that came back, beside the rounds of the whole group.
    mutating func announce(returned places: Set<Int>, _ now: Instant) {
        for index in returning.indices { returning[index].leaveOut(places) }
        returning.removeAll(where: \.isOver)
        returning.append(AnnouncementRounds(of: places, start: now))
    }

    mutating func stopAnnouncing() {
        announcing = nil
        returning = []
    }

    /// Those that are to be announced now: a slice of each round that is due.
    mutating func takeDue(_ now: Instant, slice: Int) -> [Int] {
        guard nextAnnouncement <= now else { return [] }
        let held = held
        var due: [Int] = []
        if let next = announcing?.next, next <= now { due += announcing?.takeSlice(of: held, slice, now) ?? [] }
        for index in returning.indices where returning[index].next <= now {
            due += returning[index].takeSlice(of: held, slice, now)
        }
        returning.removeAll(where: \.isOver)
        return due
    }

    /// Leaves out every round that is due.
    mutating func skipDue(_ now: Instant) {
        if let next = announcing?.next, next <= now { announcing?.skip(now) }
        for index in returning.indices where returning[index].next <= now { returning[index].skip(now) }
        returning.removeAll(where: \.isOver)
    }
}
