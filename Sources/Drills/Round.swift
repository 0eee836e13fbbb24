/// A drill, run once: who was who, what happened, and what was wrong with it.
package struct Round: Codable, Hashable, Sendable {
    package var number: Int
    /// Who was active when it began, and the other.
    package var holder: String
    package var other: String
    /// In the order of time.
    package var timeline: [Moment]
    package var outages: [Outage]
    /// Of the load that judges, if one ran.
    package var load: LoadReport?
    /// Who was active at the end.
    package var holderAfter: String?
    /// How late either heart had woken at worst, in milliseconds: silence is waited for longer by so much.
    package var latenessMS = 0.0
    package var broken: [BrokenRule] = []

    package init(
        number: Int = 1, holder: String, other: String, timeline: [Moment], outages: [Outage] = [],
        load: LoadReport? = nil, holderAfter: String? = nil
    ) {
        self.number = number
        self.holder = holder
        self.other = other
        self.timeline = timeline.sorted { $0.atMS < $1.atMS }
        self.outages = outages
        self.load = load
        self.holderAfter = holderAfter
    }
}

/// A rule of Docs/Drills.md that a round broke.
package struct BrokenRule: Codable, Hashable, Sendable {
    package var rule: Int
    package var sentence: String

    package init(rule: Int, sentence: String) {
        self.rule = rule
        self.sentence = sentence
    }

    package var line: String { "rule \(rule): \(sentence)" }
}

extension Round {
    /// Changes of role from the fault on.
    package var roles: [Moment] { timeline.filter { $0.kind == .role && $0.atMS >= 0 } }

    package var endMS: Double? { timeline.first { $0.kind == .ended }?.atMS }

    /// When a director first did something about the fault.
    package var detectionMS: Double? { roles.first?.atMS }

    /// The claim of the director that took over.
    package var takeover: Moment? { roles.first { $0.director == other && $0.to == "claiming" } }

    /// The longest silence that any probe saw, 0 if none saw one; nil if one never ended, or nothing was probed.
    package var outageMS: Double? {
        guard !outages.isEmpty, !outages.contains(where: { $0.lost > 0 && $0.answeredMS == nil }) else { return nil }
        return outages.compactMap(\.longestMS).max() ?? 0
    }

    /// nil: nothing was probed.
    package var lost: Int? { outages.map(\.lost).max() }

    /// When the other director became the only one with an address on the wire; nil: never.
    package var aloneMS: Double? { spans.first { $0.holders == [other] }.map { max($0.from, 0) } }

    /// For how long both directors had an address on the wire, between two moments.
    package func bothMS(from: Double, to: Double) -> Double {
        spans.filter { $0.holders.count > 1 }.reduce(0) { sum, span in
            sum + max(min(span.to, to) - max(span.from, from), 0)
        }
    }

    /// A time in which the same directors had an address on the wire.
    private struct Span {
        var from: Double
        var to: Double
        var holders: Set<String>
    }

    /// From the fault to the last moment, without holes. The holder has its addresses when the round begins.
    private var spans: [Span] {
        var there: [String: Set<String>] = [:]
        var holders: Set = [holder]
        var spans: [Span] = []
        var since = -Double.infinity
        for moment in timeline where moment.kind == .address {
            guard let director = moment.director, let address = moment.address else { continue }
            if moment.isThere == true {
                there[director, default: []].insert(address)
            } else {
                there[director, default: []].remove(address)
            }
            spans.append(Span(from: since, to: moment.atMS, holders: holders))
            since = moment.atMS
            holders = Set(there.filter { !$0.value.isEmpty }.keys)
        }
        return spans + [Span(from: since, to: max(since, timeline.last?.atMS ?? since), holders: holders)]
    }
}
