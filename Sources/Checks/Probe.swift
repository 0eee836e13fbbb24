import Addresses
import Agreement
import Dialogues
import Settings

/// One target that is asked one thing over and over, for one server or several. Lives on the checker's event loop.
final class Probe {
    /// What makes two probes the same.
    struct Identity: Hashable {
        let target: Endpoint
        /// What a script is told: each server of each service has its own.
        let subject: ScriptSubject?
        /// What is asked for the clients' way besides.
        let path: DataPath?
        /// Absent: the kernel chooses, or nothing is sent.
        let source: IPAddress?
        private let shared: SharedCheck

        /// What counts before the first result changes nothing about the asking.
        ///
        /// - Parameter neighbour: of a probe that may be asked in the same way.
        init(_ settings: ProbeSettings, like neighbour: Identity? = nil) {
            target = settings.target
            subject = settings.subject
            path = settings.path
            source = settings.check.kind.asksServer ? settings.source[family: target.address.family] : nil
            var check = settings.check
            check.agent = nil
            check.sources = [:]
            check.initial = .down
            if let neighbour, neighbour.check == check {
                shared = neighbour.shared
            } else {
                shared = SharedCheck(check)
            }
        }

        /// Agents that are asked the same are the same, whatever the checks beside them.
        init?(agentOf settings: ProbeSettings) {
            guard let agent = settings.check.agent else { return nil }
            target = Endpoint(address: agent.address ?? settings.server.server.address, port: agent.port)
            subject = nil
            path = nil
            source = settings.source[family: target.address.family]
            shared = SharedCheck(
                CheckSettings(
                    kind: .none, interval: agent.interval, timeout: min(settings.check.timeout, agent.interval),
                    jitter: settings.check.jitter, rise: 1, fall: 1, mark: settings.check.mark, agent: agent))
        }

        var check: CheckSettings { shared.check }
        var isAgent: Bool { check.agent != nil }
        /// Whether it may say something of a weight.
        var isAdvising: Bool { check.isAdvised }

        static func == (one: Identity, other: Identity) -> Bool {
            one.target == other.target && one.subject == other.subject && one.path == other.path
                && one.source == other.source && (one.shared === other.shared || one.check == other.check)
        }

        /// Few targets are checked in more than one way.
        func hash(into hasher: inout Hasher) {
            hasher.combine(target)
        }
    }

    /// What thousands of probes have in common, once.
    private final class SharedCheck: Sendable {
        let check: CheckSettings

        init(_ check: CheckSettings) {
            self.check = check
        }
    }

    let identity: Identity
    var servers: [ServerKey] = []
    /// What it said so far; of agents and scripts alone.
    var advice = Advice()
    var tally: Tally
    /// The newest at the end.
    private(set) var results: [CheckResult] = []
    var checkedAt: Instant? { results.last.map { $0.start + $0.took } }
    /// When it is to run next, or was to run while it waits or runs.
    var due: Instant
    /// No longer wanted: results that still come are ignored.
    var isRetired = false

    /// Whether it takes one of the checker's places: what asks no server over the network keeps
    /// nobody waiting here.
    let takesPlace: Bool

    /// Those of the check's usual interval.
    private let slots: Slots
    private let seed: UInt64
    private let rhythm: Rhythm
    private var jitter: Jitter
    /// By how much the look that is due or runs was put off, and of which interval, in nanoseconds.
    private var shift: (length: UInt64, interval: UInt64) = (0, 0)

    /// Results that are remembered: of thousands of probes they take room.
    static let mostResults = 12

    init(_ identity: Identity, adoptedAt: Instant, rhythm: Rhythm) {
        self.identity = identity
        tally = Tally(rise: identity.check.rise, fall: identity.check.fall)
        takesPlace = identity.isAgent || identity.check.kind.asksServer
        // The same on every start, so that a director's probes keep their rhythm.
        seed = textDigest(identity.target.description)
        self.rhythm = rhythm
        jitter = Jitter(seed: seed)
        slots = Slots(from: adoptedAt, every: identity.check.interval, seed: seed, rhythm)
        due = slots.first
    }

    func remember(_ result: CheckResult) {
        if results.isEmpty { results.reserveCapacity(Self.mostResults) }
        if results.count == Self.mostResults { results.removeFirst() }
        results.append(result)
    }

    /// A probe that has no verdict yet does not wait for its slot, only for its turn.
    func firstStart(turn: Int) -> Instant {
        tally.view == nil ? min(slots.first, slots.origin + .milliseconds(turn)) : slots.first
    }

    /// The slot that follows a run that began at `start`, put off by up to the check's share of the interval. How long
    /// that is follows from the results, the one of that run among them.
    func start(after start: Instant) -> Instant {
        let slots = slots(every: identity.check.interval(after: tally))
        // A look that was put off for long is still of its slot, and not of the next.
        let own = start.nanoseconds - (shift.interval == slots.interval ? shift.length : 0)
        let slot = slots.next(after: Instant(nanoseconds: own + slots.interval / 2))
        shift = (jitter.next(upTo: slots.interval / 100 * UInt64(identity.check.jitter)), slots.interval)
        return Instant(nanoseconds: slot.nanoseconds + shift.length)
    }

    private func slots(every interval: Duration) -> Slots {
        interval == identity.check.interval ? slots : Slots(from: slots.origin, every: interval, seed: seed, rhythm)
    }
}

/// How far the looks of a probe are put off, one after the other: the same for the same seed (Marsaglia, Xorshift RNGs,
/// 2003).
struct Jitter {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    /// 0 to less than `limit`.
    mutating func next(upTo limit: UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state % max(limit, 1)
    }
}

/// Where a director's slots are: those of the second lie half an interval behind those of the first, as far as their
/// wall clocks agree.
package struct Rhythm: Sendable {
    /// The monotonic clock less the wall's, in nanoseconds, as they were when the director started.
    package var clockLead: Int64
    package var isSecond: Bool

    package init(clockLead: Int64 = 0, isSecond: Bool = false) {
        self.clockLead = clockLead
        self.isSecond = isSecond
    }
}

/// The moments, one interval apart, at which a probe is due.
struct Slots {
    let origin: Instant
    let first: Instant
    /// In nanoseconds.
    let interval: UInt64

    init(from origin: Instant, every interval: Duration, seed: UInt64, _ rhythm: Rhythm) {
        self.origin = origin
        self.interval = UInt64(max(interval.nanoseconds, 1))
        let length = Int128(self.interval)
        let slot = Int128(seed % self.interval) + Int128(rhythm.clockLead) + (rhythm.isSecond ? length / 2 : 0)
        let wait = (slot - Int128(origin.nanoseconds)) % length
        first = origin + .nanoseconds(Int64(wait < 0 ? wait + length : wait))
    }

    func next(after instant: Instant) -> Instant {
        guard instant >= first else { return first }
        let passed = (instant.nanoseconds - first.nanoseconds) / interval
        return Instant(nanoseconds: first.nanoseconds + (passed + 1) * interval)
    }
}
