import Addresses

/// Watches the pair from outside and says what must never be. It knows nothing of terms and roles but their order:
/// what counts is where the addresses are.
package struct Oracle: Sendable {
    /// What there is to see at one moment.
    struct View {
        var now: Instant
        /// Some path carries datagrams in each direction.
        var isConnected: Bool
        /// Both daemons run, awake, on fair wires, with hands that do not fail.
        var isUndisturbed: Bool
        /// One director at least runs, awake, with a hand that does not fail.
        var canServe: Bool
        /// Who has the addresses of each group on the wire.
        var holders: [[Seat]]
    }

    /// How long a network that works may see both directors answer, whatever happened to one of them.
    package var longestDouble: Duration
    /// The same for what began when nothing was wrong.
    package var longestUndisturbedDouble: Duration
    /// How long a director that could serve may leave a group to nobody.
    package var longestVacancy: Duration
    /// After such a time without fault or request no role changes.
    package var settlingTime: Duration

    package private(set) var violations: [String] = []
    /// The longest times so far, by group, with no holder and with two; `startWatch` begins anew.
    package private(set) var vacancy: [Duration]
    package private(set) var double: [Duration]
    package private(set) var roleChanges = 0
    private var vacantSince: [Instant?]
    private var doubleSince: [Instant?]
    private var connectedSince: Instant?
    private var undisturbedSince: Instant?
    private var ableSince: Instant?
    private var disturbedAt: Instant
    private let start: Instant

    init(_ options: SimulatedPair.Options, now: Instant) {
        longestDouble = options.lease + options.takeoverTime + .seconds(1)
        longestUndisturbedDouble = options.interval * 6 + .milliseconds(100)
        longestVacancy = options.takeoverTime * 8 + .seconds(6)
        settlingTime = .seconds(20)
        vacancy = options.groups.map { _ in .zero }
        double = vacancy
        vacantSince = options.groups.map { _ in nil }
        doubleSince = vacantSince
        disturbedAt = now
        start = now
    }

    package mutating func startWatch() {
        vacancy = vacancy.map { _ in .zero }
        double = vacancy
        roleChanges = 0
    }

    mutating func complain(_ now: Instant, _ words: String) {
        let line = "VIOLATION at \((now - start).milliseconds) ms: \(words)"
        if violations.count < 20 { violations.append(line) }
    }

    mutating func disturb(now: Instant) { disturbedAt = now }

    mutating func roleChanged(now: Instant, by seat: Seat) {
        roleChanges += 1
        if now - disturbedAt > settlingTime { complain(now, "\(seat.name) changes a role unprovoked") }
    }

    mutating func observe(term: UInt64, after before: UInt64, of seat: Seat, now: Instant) {
        if term < before { complain(now, "the term of \(seat.name) goes back from \(before) to \(term)") }
    }

    mutating func observe(_ view: View) {
        connectedSince = view.isConnected ? connectedSince ?? view.now : nil
        undisturbedSince = view.isUndisturbed ? undisturbedSince ?? view.now : nil
        ableSince = view.canServe ? ableSince ?? view.now : nil
        for (group, holders) in view.holders.enumerated() {
            doubleSince[group] = holders.count == 2 ? doubleSince[group] ?? view.now : nil
            vacantSince[group] = holders.isEmpty ? vacantSince[group] ?? view.now : nil
            judge(group, view.now)
        }
    }

    private mutating func judge(_ group: Int, _ now: Instant) {
        if let since = doubleSince[group] {
            double[group] = max(double[group], now - since)
            check(group, since, connectedSince, longestDouble, "two directors hold", now)
            let began = undisturbedSince.map { $0 <= since } ?? false
            check(group, since, began ? since : nil, longestUndisturbedDouble, "two undisturbed directors hold", now)
        }
        if let since = vacantSince[group] {
            vacancy[group] = max(vacancy[group], now - since)
            check(group, since, ableSince.map { max($0, disturbedAt) }, longestVacancy, "nobody holds", now)
        }
    }

    private mutating func check(
        _ group: Int, _ since: Instant, _ condition: Instant?, _ limit: Duration, _ words: String, _ now: Instant
    ) {
        guard let condition, now - max(since, condition) > limit else { return }
        complain(now, "\(words) group \(group) for more than \(limit)")
    }
}
