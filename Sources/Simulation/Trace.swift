import Addresses
import Election
import Heartbeat

/// What happened, one line each, in fixed columns: seconds since the start, who, what.
package struct Trace: Sendable {
    package private(set) var lines: [String] = []
    private let start: Instant
    private let isTold: Bool

    init(start: Instant, isTold: Bool) {
        self.start = start
        self.isTold = isTold
    }

    mutating func add(_ now: Instant, _ seat: Seat?, _ words: @autoclosure () -> String) {
        guard isTold else { return }
        lines.append("\(Self.seconds(now - start))  \(seat?.name ?? "   ")  \(words())")
    }

    mutating func add(_ now: Instant, _ seat: Seat, _ note: Note, _ groups: [SimulatedPair.Group]) {
        guard isTold else { return }
        switch note {
        case .role(let change):
            let name = groups[change.group].name
            let words = "\(change.from) → \(change.to), term \(change.term): \(change.reason.words)"
            add(now, seat, "\(name): \(words)")
        case .peer(let state, let restarted):
            add(now, seat, "the peer is \(state)" + (restarted ? ", restarted" : ""))
        case .notHandedOver(let group, let reason):
            add(now, seat, "\(groups[group].name): not handed over: \(reason.words)")
        case .patience(let time): add(now, seat, "waits for the peer's restart, \(time)")
        case .late(let time):
            add(now, seat, "woke late by \(time)")
        case .wish(let wish, _): add(now, seat, "\(wish.subject) is \(wish.isOn ? "on" : "off"), stamp \(wish.stamp)")
        case .pauseOver: add(now, seat, "the pause is over")
        case .foreignClaim(let group, let mac, _): add(now, seat, "\(groups[group].name): \(mac) claims it")
        case .isolated(let group, let isSo):
            add(now, seat, "\(groups[group].name): \(isSo ? "" : "no more ")cut off from everybody")
        case .term: break
        }
    }

    private static func seconds(_ time: Duration) -> String {
        let microseconds = time.nanoseconds / 1000
        let fraction = String(microseconds % 1_000_000)
        let whole = String(microseconds / 1_000_000)
        let padding = String(repeating: " ", count: max(0, 6 - whole.count))
        return padding + whole + "." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }
}

extension Weather {
    var words: String {
        if isCut { return "cut" }
        let shares = "loss \(Int(loss * 100)) %, duplication \(Int(duplication * 100)) %"
        return "\(shares), delay up to \(delay.upperBound)"
    }
}

extension HandFortune {
    /// Whether nothing fails; slow is fair.
    var isFair: Bool {
        claimFailure == 0 && moveFailure == 0 && releaseFailure == 0 && vanishing == 0
    }
}
