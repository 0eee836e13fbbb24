package import Addresses
package import Heartbeat

/// The witness's side: which director has the grant of a group, and for how long.
///
/// One life of one director at a time has the grant of a group. It lasts one takeover time, as the petition states it,
/// and counts for its holder from the moment on when the request left; here it is kept a little longer, so that no
/// other director gets it before the holder has let go. Nothing is stored: a witness that has just started grants
/// nothing until everything that an earlier life may have granted has ended, except to who shows that it has a grant,
/// for there can be only one.
package struct WitnessMachine: Sendable {
    /// One life of one director of one pair.
    package struct Petitioner: Hashable, Sendable {
        /// Fingerprints of names.
        package var pair: UInt64
        package var director: UInt64
        package var boot: BootID

        package init(pair: UInt64, director: UInt64, boot: BootID) {
            self.pair = pair
            self.director = director
            self.boot = boot
        }
    }

    /// Who has a grant.
    package struct Holding: Hashable, Sendable {
        package var holder: Petitioner
        package var term: UInt64
        /// When another director may have it.
        package var ends: Instant
    }

    /// A grant that began or was given up. One that runs out is noticed when somebody else gets it.
    package struct Change: Hashable, Sendable {
        package var pair: UInt64
        package var group: UInt64
        package var from: Petitioner?
        package var to: Petitioner?
        package var term: UInt64

        package init(pair: UInt64, group: UInt64, from: Petitioner?, to: Petitioner?, term: UInt64) {
            self.pair = pair
            self.group = group
            self.from = from
            self.to = to
            self.term = term
        }
    }

    fileprivate struct PairRecord: Sendable {
        /// By the group's id.
        var holdings: [UInt64: Holding] = [:]
        /// The newest request of each life, the life that spoke last at the end.
        var requests: [(petitioner: Petitioner, number: UInt64)] = []
        /// The longest time for which any director of the pair wanted a grant to be kept from others.
        var longest = Duration.zero
    }

    // Specification constants

    /// A grant lasts one takeover time, within these.
    package static let span = Duration.milliseconds(10) ... .seconds(60)
    /// Clocks run apart by less than one part in so many.
    static let drift = 64

    // Implementation constants

    /// Grants of one pair, of which a petition has 32 at most.
    static let roomForGroups = 64
    /// Lives of one pair's directors whose requests are counted.
    static let roomForLives = 8

    private let started: Instant
    private var pairs: [UInt64: PairRecord] = [:]

    package init(now: Instant) {
        started = now
    }

    /// Who has the grant of a group, if anybody.
    package func holding(pair: UInt64, group: UInt64, now: Instant) -> Holding? {
        guard let holding = pairs[pair]?.holdings[group], now < holding.ends else { return nil }
        return holding
    }

    /// How many grants last.
    package func grants(now: Instant) -> Int {
        pairs.values.reduce(0) { $0 + $1.holdings.values.count { now < $0.ends } }
    }
}

extension WitnessMachine {
    /// Judges a petition. Nil, and nothing happens, where a newer one of the same life has been judged already.
    package mutating func judge(
        _ petition: PetitionBody, from petitioner: Petitioner, now: Instant, into changes: inout [Change]
    ) -> GrantBody? {
        var record = pairs[petitioner.pair] ?? PairRecord()
        guard record.admit(petition.number, of: petitioner) else { return nil }
        let length = Self.length(petition)
        let grace = min(.microseconds(Int64(petition.grace)), Self.span.upperBound)
        let kept = length + grace + length / Self.drift
        record.longest = max(record.longest, kept)
        record.holdings = record.holdings.filter { now < $0.value.ends }
        var answer = GrantBody(number: petition.number)
        for entry in petition.groups {
            let before = record.holdings[entry.id]
            let verdict = record.judge(entry, of: petitioner, opening: started + record.longest, now: now)
            if verdict == .granted {
                record.holdings[entry.id] = Holding(holder: petitioner, term: entry.term, ends: now + kept)
            }
            let after = record.holdings[entry.id]
            if before?.holder != after?.holder || before?.term != after?.term {
                changes.append(
                    Change(
                        pair: petitioner.pair, group: entry.id, from: before?.holder, to: after?.holder,
                        term: after?.term ?? before?.term ?? 0))
            }
            answer.groups.append(
                Self.entry(entry.id, verdict, after, length: length, opening: started + record.longest, now: now))
        }
        pairs[petitioner.pair] = record
        return answer
    }

    private static func length(_ petition: PetitionBody) -> Duration {
        min(max(.microseconds(Int64(petition.takeoverTime)), span.lowerBound), span.upperBound)
    }

    private static func entry(
        _ id: UInt64, _ verdict: GrantBody.Verdict, _ holding: Holding?, length: Duration, opening: Instant,
        now: Instant
    ) -> GrantBody.Entry {
        var entry = GrantBody.Entry(id: id, verdict: verdict)
        switch verdict {
        case .none: break
        case .waiting: entry.left = microseconds(opening - now)
        case .granted, .held:
            entry.term = holding?.term ?? 0
            entry.holder = holding?.holder.director ?? 0
            entry.left = microseconds(verdict == .granted ? length : holding.map { $0.ends - now } ?? .zero)
        }
        return entry
    }

    private static func microseconds(_ duration: Duration) -> UInt32 { UInt32(clamping: duration.nanoseconds / 1000) }
}

extension WitnessMachine.PairRecord {
    /// Whether the request is newer than all of that life.
    fileprivate mutating func admit(_ number: UInt64, of petitioner: WitnessMachine.Petitioner) -> Bool {
        if let index = requests.firstIndex(where: { $0.petitioner == petitioner }) {
            guard number > requests[index].number else { return false }
            requests.remove(at: index)
        } else if requests.count == WitnessMachine.roomForLives {
            requests.removeFirst()
        }
        requests.append((petitioner, number))
        return true
    }

    /// The rules. Holdings that have ended are gone already.
    fileprivate mutating func judge(
        _ entry: PetitionBody.Entry, of petitioner: WitnessMachine.Petitioner, opening: Instant, now: Instant
    ) -> GrantBody.Verdict {
        let holding = holdings[entry.id]
        if let holding, holding.holder != petitioner { return .held }
        guard entry.role != .none else {
            holdings[entry.id] = nil
            return .none
        }
        // An older word than the one that the grant was given for: it lasts, and is not renewed.
        if let holding { return entry.term >= holding.term ? .granted : .none }
        if now < opening, entry.left == 0 { return .waiting }
        return holdings.count < WitnessMachine.roomForGroups ? .granted : .none
    }
}
