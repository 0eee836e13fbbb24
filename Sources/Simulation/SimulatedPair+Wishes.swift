import Addresses
import Election
import Heartbeat

/// What outlives a daemon.
struct SimulatedDisk {
    /// The newest wish about each subject, and when a pause ends by the world's clock.
    private var wishes: [Wish.Subject: (wish: Wish, ends: Instant)] = [:]
    private var terms: [UInt64]

    init(groups: Int) {
        terms = Array(repeating: 0, count: groups)
    }

    mutating func keep(_ wish: Wish, now: Instant) {
        wishes[wish.subject] = (wish, now + .milliseconds(Int64(wish.left)))
    }

    mutating func keep(term: UInt64, group: Int) { terms[group] = term }

    /// Terms live in /run.
    mutating func reboot() { for group in terms.indices { terms[group] = 0 } }

    func remembered(now: Instant) -> Remembered {
        let restored = wishes.values.map { kept in
            var wish = kept.wish
            wish.left = UInt32(clamping: max(0, (kept.ends - now).nanoseconds) / 1_000_000)
            return wish
        }
        return Remembered(terms: terms, wishes: restored.sorted { $0.subject.rawValue < $1.subject.rawValue })
    }
}

// What an operator asks for.
extension SimulatedPair {
    /// `tandem standby` or `tandem online` about one director, at one of the two.
    package mutating func setStandby(_ isOn: Bool = true, of subject: Seat, at seat: Seat) {
        var wish = Wish(subject == .lb1 ? .firstStandby : .secondStandby)
        wish.isOn = isOn
        make(wish, at: seat, "is told that \(subject.name) is \(isOn ? "in standby" : "online")")
    }

    /// `tandem pause`, at one director; 0 s is `tandem resume`.
    package mutating func pause(seconds: UInt32, at seat: Seat) {
        var wish = Wish(.pause)
        wish.isOn = seconds > 0
        wish.length = seconds
        make(wish, at: seat, "is told to pause for \(seconds) s")
    }

    /// The directors' clocks are days apart, and so are their wishes' stamps.
    private mutating func make(_ wish: Wish, at seat: Seat, _ words: String) {
        var stamped = wish
        stamped.stamp = clock(of: seat).nanoseconds / 1_000_000
        let wish = stamped
        command(seat, words) { $0.wish(wish, now: $1, into: &$2) }
    }

    /// The disk of a director is as if it were new.
    package mutating func loseDisk(of seat: Seat) {
        trace.add(now, seat, "loses its state files")
        directors[seat.rawValue].disk = SimulatedDisk(groups: options.groups.count)
    }

    /// What both know of standby and pause, for comparing: nil while a daemon does not run.
    package func isPaused(_ seat: Seat) -> Bool? { directors[seat.rawValue].machine?.wishes.isPaused }
    package func isStandby(_ subject: Seat, seenFrom seat: Seat) -> Bool? {
        let wishes = directors[seat.rawValue].machine?.wishes
        return subject == seat ? wishes?.standby.isOn : wishes?.peerStandby.isOn
    }
}
