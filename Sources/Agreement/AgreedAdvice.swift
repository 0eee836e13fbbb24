import Addresses
import Settings

/// What counts of what agents and scripts say. Both directors ask; the holder of a server's group decides for both
/// tables, so that they are the same.
///
/// What counts is told to the peer, and by whom it was heard. A director that has heard nothing itself takes what the
/// peer tells. One that no longer follows the peer, because it takes over or because the peer began anew, keeps what
/// counted until its own agent says something else, or for as long as the peer or the agent needs to speak again: a
/// takeover changes no weight.
struct AgreedAdvice: Sendable {
    /// What follows.
    struct Effects {
        /// Latches that the peer has to know.
        var marks: [UInt64] = []
        /// Of servers of which something else counts now; nothing: nothing does any more.
        var changes: [ServerKey: Advice] = [:]
    }

    /// An agent that can be reached has spoken again within this time.
    private typealias Latched = LatchedServers<Duration>

    private var latched: Latched
    /// What this director heard.
    private var heard: [ServerKey: Advice] = [:]
    /// What counts.
    private(set) var counted: [ServerKey: Advice] = [:]
    /// Of which the peer's word counts, or did until now.
    private var followed: Set<ServerKey> = []
    /// How long what the peer said still counts.
    private var kept: [ServerKey: Instant] = [:]

    init(_ settings: Settings) { latched = Self.latched(settings) }

    private static func latched(_ settings: Settings) -> Latched {
        Latched(settings, "advice on") { service in
            service.everyServer.compactMap { server in
                let check = service.check(of: server)
                return check.isAdvised ? (server, check.advicePatience) : nil
            }
        }
    }

    mutating func take(_ settings: Settings) {
        latched = Self.latched(settings)
        heard = heard.filter { latched[$0.key] != nil }
        followed = followed.filter { latched[$0] != nil }
        kept = kept.filter { latched[$0.key] != nil }
    }

    var marks: [UInt64] { latched.marks }

    /// When time alone changes something.
    var deadline: Instant { kept.values.min() ?? .never }

    /// Servers of which these words of the peer's are.
    func servers(_ marks: some Sequence<UInt64>) -> [ServerKey] { latched.servers(marks) }

    /// - Parameter said: of each server all that was said so far; nothing: nobody speaks for it any more.
    mutating func hear(_ said: [ServerKey: Advice]) {
        for (server, advice) in said where latched[server] != nil {
            heard[server] = advice == Advice() ? nil : advice
            followed.remove(server)
            kept[server] = nil
        }
    }

    /// Works out anew what counts of these servers; absent: of all.
    mutating func settle(_ servers: [ServerKey]? = nil, _ shared: inout SharedVerdicts, now: Instant) -> Effects {
        var effects = Effects()
        guard !latched.isEmpty || !counted.isEmpty else { return effects }
        for server in servers ?? Array(Set(latched.all).union(counted.keys)) {
            let before = counted[server]
            if let place = latched[server] {
                counted[server] = counting(server, place, shared, now)
                if let mark = tell(server, place, &shared, now) { effects.marks.append(mark) }
            } else {
                counted[server] = nil
            }
            if counted[server] != before { effects.changes[server] = counted[server] ?? Advice() }
        }
        return effects
    }

    /// nil: nothing that makes a difference.
    private mutating func counting(
        _ server: ServerKey, _ place: Latched.Place, _ shared: SharedVerdicts, _ now: Instant
    ) -> Advice? {
        let peers = shared.peerLatch(place.mark)?.word.flatMap { AdviceWord(number: $0) }
        let isPeerJudge = shared.isPeerHeard && shared.holder(of: place.group) == .peer
        let own = heard[server]
        let before = counted[server]
        if own == nil || isPeerJudge && peers?.isOwn == true {
            followed.insert(server)
            kept[server] = nil
            // Where nobody has heard anything, what counted goes on.
            let advice = peers?.advice ?? before
            return advice == Advice() ? nil : advice
        }
        if followed.contains(server), own != before {
            let end = kept[server] ?? now + place.terms
            if now < end {
                kept[server] = end
                return before
            }
        }
        followed.remove(server)
        kept[server] = nil
        return own
    }

    private func tell(
        _ server: ServerKey, _ place: Latched.Place, _ shared: inout SharedVerdicts, _ now: Instant
    ) -> UInt64? {
        guard counted[server] != nil || shared.latch(place.mark) != nil else { return nil }
        let word = AdviceWord(advice: counted[server] ?? Advice(), isOwn: !followed.contains(server))
        return shared.remember(word: word.number, as: place.mark, now: now) ? place.mark : nil
    }
}

/// A server's advice as a number that travels between the directors.
///
/// ```
/// bits 0-6 percentage, and 1 more    7-9 mode: 1 ready, 2 drain, 3 maint    10-12 state: 1 up, 2 down, 3 fail,
/// 4 stopped    13-29 weight, and 1 more    31 the sender heard it itself
/// ```
/// 0 in their place: nothing was said of it. Bits that are not used are not looked at.
package struct AdviceWord: Hashable, Sendable {
    package var advice: Advice
    /// It is what the sender heard itself; else it goes by the receiver's word.
    package var isOwn: Bool

    private static let heaviest: UInt32 = 65_535

    package init(advice: Advice, isOwn: Bool) {
        self.advice = advice
        self.isOwn = isOwn
    }

    /// nil: a later version's, with values that are not known here.
    package init?(number: UInt32) {
        let (percent, mode, state) = (number & 0x7F, Int(number >> 7 & 7), Int(number >> 10 & 7))
        let fixed = number >> 13 & 0x1FFFF
        guard percent <= 101, mode <= Self.modes.count, state <= Self.states.count, fixed <= Self.heaviest + 1 else {
            return nil
        }
        advice = Advice(
            fixed: fixed == 0 ? nil : fixed - 1, percent: percent == 0 ? nil : UInt8(percent - 1),
            mode: mode == 0 ? nil : Self.modes[mode - 1], state: state == 0 ? nil : Self.states[state - 1])
        isOwn = number >> 31 == 1
    }

    package var number: UInt32 {
        let percent = advice.percent.map { UInt32(min($0, 100)) + 1 } ?? 0
        let mode = advice.mode.flatMap { Self.modes.firstIndex(of: $0) }.map { UInt32($0) + 1 } ?? 0
        let state = advice.state.flatMap { Self.states.firstIndex(of: $0) }.map { UInt32($0) + 1 } ?? 0
        let fixed = advice.fixed.map { min($0, Self.heaviest) + 1 } ?? 0
        return percent | mode << 7 | state << 10 | fixed << 13 | (isOwn ? 1 << 31 : 0)
    }

    private static let modes: [Advice.Mode] = [.ready, .drain, .maint]
    private static let states: [Advice.State] = [.up, .down, .fail, .stopped]
}

extension CheckSettings {
    /// Whoever can be reached speaks at the agent's interval, or the script's.
    fileprivate var advicePatience: Duration {
        max(agent?.interval ?? .zero, interval, downInterval ?? .zero) + timeout
    }
}
