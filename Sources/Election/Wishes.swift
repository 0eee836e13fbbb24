package import Addresses
package import Heartbeat

/// The newest wish about each subject, as this director knows it, and what the peer repeated of it. Copied without
/// asking for memory.
package struct Wishes: Sendable {
    private let isFirst: Bool
    /// By subject.
    private var newest: InlineArray<3, Wish> = [Wish(.pause), Wish(.firstStandby), Wish(.secondStandby)]
    /// The stamps that the peer said last, by subject.
    private var heard: InlineArray<3, UInt64> = [0, 0, 0]
    /// When the pause that is in force ends, on this director's clock.
    package private(set) var pauseEnds = Instant.never
    /// The subject that the heartbeats carry now, and for how many of them it stays.
    private var turn = 0
    private var hurry = 0

    // Implementation constant: a new wish leaves at once and stands so many intervals before its turn ends.
    private static let newsLasts = 3

    /// - Parameters:
    ///   - isFirst: whether this director's name is the lower one.
    ///   - restored: what an earlier life kept.
    package init(isFirst: Bool, restored: [Wish] = [], now: Instant) {
        self.isFirst = isFirst
        for wish in restored { adopt(wish, now: now) }
    }

    /// Whether no role changes by itself except after the holder's death.
    package var isPaused: Bool { pauseEnds != .never }

    /// About this director.
    package var standby: Wish { newest[isFirst ? 1 : 2] }
    package var peerStandby: Wish { newest[isFirst ? 2 : 1] }
    package var pause: Wish { newest[0] }

    /// Which subject a director's standby is.
    package func standbySubject(ofPeer: Bool) -> Wish.Subject {
        isFirst == ofPeer ? .secondStandby : .firstStandby
    }

    package subscript(subject: Wish.Subject) -> Wish { newest[Int(subject.rawValue)] }

    /// Whether the peer repeats the newest wish, or a newer one, so that nothing is lost with this director.
    package func isKnownToPeer(_ subject: Wish.Subject) -> Bool {
        heard[Int(subject.rawValue)] >= self[subject].stamp
    }

    /// Takes an operator's wish, which is newer than all that are known; gives it back with its stamp.
    mutating func make(_ wish: Wish, now: Instant) -> Wish {
        var wish = wish
        wish.stamp = min(max(wish.stamp, self[wish.subject].stamp + 1), Wish.highestStamp)
        wish.isFromFirst = isFirst
        wish.isEstimate = false
        wish.length = min(wish.length, Wish.longestPause)
        wish.left = wish.length * 1000
        adopt(wish, now: now)
        return wish
    }

    /// What the peer repeats; says whether it was news.
    mutating func hear(_ wish: Wish, now: Instant) -> Bool {
        heard[Int(wish.subject.rawValue)] = wish.stamp
        let own = self[wish.subject]
        guard !own.supersedes(wish) else { return false }
        guard !wish.supersedes(own) else {
            adopt(wish, now: now)
            return true
        }
        return wish.subject == .pause && own.isEstimate && correct(wish, now: now)
    }

    /// Who only estimates what is left of a pause believes who counted it; of two estimates the shorter counts.
    private mutating func correct(_ wish: Wish, now: Instant) -> Bool {
        let wasPaused = isPaused
        guard !wish.isEstimate || pauseEnds > now + .milliseconds(Int64(wish.left)) else { return false }
        newest[0].isEstimate = wish.isEstimate
        newest[0].left = wish.left
        if wasPaused || wish.left > 0 { pauseEnds = now + .milliseconds(Int64(wish.left)) }
        return isPaused && !wasPaused
    }

    private mutating func adopt(_ wish: Wish, now: Instant) {
        newest[Int(wish.subject.rawValue)] = wish
        turn = Int(wish.subject.rawValue)
        hurry = Self.newsLasts
        guard wish.subject == .pause else { return }
        pauseEnds = wish.isOn && wish.left > 0 ? now + .milliseconds(Int64(wish.left)) : .never
    }

    /// Whether the pause has just ended by itself.
    mutating func expire(now: Instant) -> Bool {
        guard now >= pauseEnds else { return false }
        pauseEnds = .never
        return true
    }

    /// A peer that has just started may have forgotten everything; whether it is in standby it must hear first.
    mutating func peerRestarted() {
        heard = [0, 0, 0]
        guard peerStandby.stamp > 0 else { return }
        turn = isFirst ? 2 : 1
        hurry = Self.newsLasts
    }

    /// Goes on to the next subject that there is a wish about.
    mutating func turnOn() {
        guard hurry == 0 else {
            hurry -= 1
            return
        }
        for step in 1...newest.count {
            let next = (turn + step) % newest.count
            if newest[next].stamp > 0 {
                turn = next
                return
            }
        }
    }

    /// What the heartbeats of this interval carry.
    func carried(now: Instant) -> Wish? {
        var wish = newest[turn]
        guard wish.stamp > 0 else { return nil }
        guard wish.subject == .pause else { return wish }
        wish.left = isPaused ? UInt32(clamping: max(0, (pauseEnds - now).nanoseconds) / 1_000_000) : 0
        return wish
    }
}

/// What an earlier life of a director left for this one.
package struct Remembered: Hashable, Sendable {
    /// The highest term known of each group, in the order of the configuration; 0 where none is.
    package var terms: [UInt64]
    package var wishes: [Wish]

    package init(terms: [UInt64] = [], wishes: [Wish] = []) {
        self.terms = terms
        self.wishes = wishes
    }
}
