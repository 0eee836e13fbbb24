package import Addresses
package import Heartbeat

/// A director's side of the witness: when to ask, and how long a grant is good for.
///
/// It asks when the heart says what to ask for, which it does every interval, for all groups in one request, whatever
/// was answered: a request that was lost is made good by the next. A grant counts from the moment on when its request
/// left. What the heart does not say again is not asked for again, so that the grant of a heart that stands still ends;
/// the request that then leaves without it only shows that the witness is there. A pure machine: its shell sends what
/// `request` gives at `deadline`, and hands it what comes back.
package struct WitnessClient: Sendable {
    /// What this director says about a group, and what the witness said last.
    package struct Group: Hashable, Sendable {
        package let id: UInt64
        package fileprivate(set) var role = PetitionBody.Role.none
        package fileprivate(set) var term: UInt64 = 0
        package fileprivate(set) var grant: WitnessGrant?
        package fileprivate(set) var verdict = GrantBody.Verdict.none
        /// The fingerprint of the name of who has the grant; 0 for nobody.
        package fileprivate(set) var holder: UInt64 = 0
        /// The first request that says what this director says now: an answer to an earlier one means nothing.
        fileprivate var since: UInt64 = 1
        /// When the heart said so last.
        fileprivate var saidAt: Instant?
        /// Whether the newest request says so.
        fileprivate var isAsked = false
    }

    /// A grant is given or renewed; nil: it is withdrawn, or was given up.
    package struct Event: Hashable, Sendable {
        package var grant: WitnessGrant?
        package var group: Int
    }

    // Implementation constant: an answer that took longer than so many requests is of no use.
    private static let memory = 64

    package private(set) var groups: [Group]
    /// When the newest answer arrived, and how long it took since its request had left.
    package private(set) var lastAnswer: Instant?
    package private(set) var roundTrip: Duration?
    /// When the next request is due.
    package private(set) var deadline: Instant
    private let interval: Duration
    private let takeoverTime: Duration
    private var number: UInt64 = 0
    private var answered: UInt64 = 0
    /// When each of the newest requests left, by its number.
    private var departures = [Instant](repeating: Instant(nanoseconds: 0), count: memory)

    /// `groups` are the ids of heartbeats.
    package init(groups: [UInt64], interval: Duration, takeoverTime: Duration, now: Instant) {
        self.groups = groups.map { Group(id: $0) }
        self.interval = interval
        self.takeoverTime = takeoverTime
        deadline = now
    }

    /// What this director is for a group from now on, said again every interval. A grant for another term is given up,
    /// and so is one for a group that it neither holds nor claims. A request is due at once: what the heart says of all
    /// groups in one round is handed over before the first is asked for, and a request that leaves between two rounds
    /// does not make the next one wait, for a grant must be renewed every interval.
    package mutating func petition(_ petition: Petition, now: Instant, into events: inout [Event]) {
        let (index, role, term) = (petition.group, PetitionBody.Role(petition.role), petition.term)
        guard groups.indices.contains(index) else { return }
        let isNew = groups[index].saidAt == nil
        groups[index].saidAt = now
        deadline = min(deadline, now)
        guard isNew || groups[index].role != role || groups[index].term != term else { return }
        let isSameClaim = role != .none && groups[index].role != .none && groups[index].term == term
        groups[index].role = role
        groups[index].term = term
        guard !isSameClaim else { return }
        groups[index].since = number + 1
        withdraw(index, into: &events)
    }

    /// The request that leaves now.
    package mutating func request(now: Instant) -> PetitionBody {
        number += 1
        departures[Int(number) % Self.memory] = now
        deadline = now + interval * 3 / 2
        for index in groups.indices {
            groups[index].isAsked = groups[index].saidAt.map { now - $0 < interval * 3 / 4 } ?? false
        }
        return PetitionBody(
            number: number, takeoverTime: Self.microseconds(takeoverTime), grace: Self.microseconds(interval),
            groups: groups.filter(\.isAsked).map { group in
                let left = group.grant.map { $0.until - now } ?? .zero
                return .init(
                    id: group.id, term: group.term, role: group.role, left: Self.microseconds(max(.zero, left)))
            })
    }

    /// What the witness answered. An answer to none of the newest requests, or older than one that came before it,
    /// changes nothing.
    package mutating func receive(_ answer: GrantBody, now: Instant, into events: inout [Event]) {
        guard answer.number > answered, answer.number <= number, number - answer.number < UInt64(Self.memory) else {
            return
        }
        answered = answer.number
        let left = departures[Int(answer.number) % Self.memory]
        lastAnswer = now
        roundTrip = now - left
        for entry in answer.groups {
            guard let index = groups.firstIndex(where: { $0.id == entry.id }), answer.number >= groups[index].since
            else { continue }
            groups[index].verdict = entry.verdict
            groups[index].holder = entry.holder
            hear(entry, group: index, departure: left, now: now, into: &events)
        }
    }

    private mutating func hear(
        _ entry: GrantBody.Entry, group index: Int, departure: Instant, now: Instant, into events: inout [Event]
    ) {
        switch entry.verdict {
        case .granted:
            guard groups[index].role != .none, entry.term == groups[index].term else { return }
            let length = min(.microseconds(Int64(entry.left)), WitnessMachine.span.upperBound)
            let grant = WitnessGrant(term: entry.term, until: departure + length)
            guard grant.until > now, grant.until > groups[index].grant?.until ?? now else { return }
            groups[index].grant = grant
            events.append(Event(grant: grant, group: index))
        case .held, .none: withdraw(index, into: &events)
        // What an earlier life of the witness granted lasts as long as it said.
        case .waiting: break
        }
    }

    private mutating func withdraw(_ index: Int, into events: inout [Event]) {
        guard groups[index].grant != nil else { return }
        groups[index].grant = nil
        events.append(Event(grant: nil, group: index))
    }

    private static func microseconds(_ duration: Duration) -> UInt32 { UInt32(clamping: duration.nanoseconds / 1000) }
}

extension PetitionBody.Role {
    fileprivate init(_ role: Petition.Role) {
        self =
            switch role {
            case .none: .none
            case .claiming: .claiming
            case .holding: .holding
            }
    }
}
