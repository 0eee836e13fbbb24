package import Addresses
package import Heartbeat

/// A wish as it is kept over restarts.
package struct KeptWish: Hashable, Sendable {
    /// When a pause ends: on the monotonic clock, which goes on as long as the machine does, and on the wall clock for
    /// when it has not.
    package struct Ending: Hashable, Sendable {
        package var boot: String
        package var at: Instant
        /// Milliseconds of the Unix epoch.
        package var wall: Int64

        package init(boot: String, at: Instant, wall: Int64) {
            self.boot = boot
            self.at = at
            self.wall = wall
        }
    }

    package var wish: Wish
    package var ending: Ending?

    package init(wish: Wish, ending: Ending?) {
        self.wish = wish
        self.ending = ending
    }

    /// The wish with what is left of it now. A wall clock that jumped may shorten a pause but never makes it longer
    /// than it was meant to be.
    package func wish(boot: String, now: Instant, wall: Int64) -> Wish {
        var wish = wish
        guard let ending else { return wish }
        let isSameBoot = ending.boot == boot
        let left =
            isSameBoot ? (ending.at - now).nanoseconds / 1_000_000 : Int64(clamping: Int128(ending.wall) - Int128(wall))
        wish.left = UInt32(clamping: min(max(left, 0), Int64(wish.length) * 1000))
        wish.isEstimate = wish.isEstimate || !isSameBoot
        return wish
    }
}

/// Wishes as lines of a state file; directors by their names.
package struct WishesText {
    package static let kind = "wishes"
    package static let version = 1

    private let first: String
    private let second: String

    /// - Parameters: the directors' names, the lower one first.
    package init(first: String, second: String) {
        self.first = first
        self.second = second
    }

    package func text(_ wishes: [KeptWish]) -> StateText {
        StateText(kind: Self.kind, version: Self.version, lines: wishes.flatMap(lines))
    }

    private func lines(_ kept: KeptWish) -> [StateText.Line] {
        let wish = kept.wish
        var lines = [
            StateText.Line("wish", "\(word(wish.subject)) \(wish.isOn ? "on" : "off")"),
            StateText.Line("stamp", "\(wish.stamp)"), StateText.Line("from", wish.isFromFirst ? first : second),
            StateText.Line("uid", "\(wish.uid)"),
        ]
        if !wish.reason.isEmpty { lines.append(.init("reason", wish.reason.text)) }
        if wish.subject == .pause { lines.append(.init("seconds", "\(wish.length)")) }
        if wish.isEstimate { lines.append(.init("estimated", "yes")) }
        if let ending = kept.ending {
            lines.append(.init("ends", "\(ending.wall) \(ending.at.nanoseconds) \(ending.boot)"))
        }
        return lines
    }

    private func word(_ subject: Wish.Subject) -> String {
        switch subject {
        case .pause: "pause"
        case .firstStandby: "standby/\(first)"
        case .secondStandby: "standby/\(second)"
        }
    }

    /// Leaves out what is about a director that the pair has no more.
    package func wishes(_ text: StateText) throws(StateDamage) -> [KeptWish] {
        var wishes: [KeptWish?] = []
        for (offset, line) in text.lines.enumerated() {
            if line.key == "wish" {
                wishes.append(try begin(line.value, offset + 2).map { KeptWish(wish: $0, ending: nil) })
            } else {
                guard let last = wishes.last else { throw .line(offset + 2) }
                guard var kept = last else { continue }
                guard read(line, into: &kept) else { throw .line(offset + 2) }
                wishes[wishes.count - 1] = kept
            }
        }
        return wishes.compactMap(\.self)
    }

    private func begin(_ value: String, _ line: Int) throws(StateDamage) -> Wish? {
        let words = value.split(separator: " ")
        guard words.count == 2, ["on", "off"].contains(words[1]) else { throw .line(line) }
        guard let subject = Wish.Subject.allCases.first(where: { word($0) == words[0] }) else {
            guard words[0].hasPrefix("standby/") else { throw .line(line) }
            return nil
        }
        var wish = Wish(subject)
        wish.isOn = words[1] == "on"
        return wish
    }

    private func read(_ line: StateText.Line, into kept: inout KeptWish) -> Bool {
        switch line.key {
        case "stamp": return set(&kept.wish.stamp, line.value, upTo: Wish.highestStamp)
        case "uid": return set(&kept.wish.uid, line.value, upTo: .max)
        case "seconds": return set(&kept.wish.length, line.value, upTo: Wish.longestPause)
        case "reason": kept.wish.reason = ShortText(line.value)
        case "estimated": kept.wish.isEstimate = true
        case "from": kept.wish.isFromFirst = line.value == first
        case "ends":
            kept.ending = ending(line.value)
            return kept.ending != nil
        default: return false
        }
        return true
    }

    private func set<Number: FixedWidthInteger>(_ number: inout Number, _ text: String, upTo limit: Number) -> Bool {
        guard let read = Number(text), read >= 0, read <= limit else { return false }
        number = read
        return true
    }

    private func ending(_ value: String) -> KeptWish.Ending? {
        let words = value.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let wall = Int64(words[0]), let at = UInt64(words[1]) else { return nil }
        return KeptWish.Ending(boot: String(words[2]), at: Instant(nanoseconds: at), wall: wall)
    }
}

/// The highest term known of each group, as lines of a state file.
package enum TermsText {
    package static let kind = "terms"
    package static let version = 1

    package static func text(_ terms: [String: UInt64]) -> StateText {
        StateText(
            kind: kind, version: version,
            lines: terms.sorted { $0.key < $1.key }.map { StateText.Line($0.key, "\($0.value)") })
    }

    package static func terms(_ text: StateText) throws(StateDamage) -> [String: UInt64] {
        var terms: [String: UInt64] = [:]
        for (offset, line) in text.lines.enumerated() {
            guard let term = UInt64(line.value), term <= GroupBeat.highestTerm, terms[line.key] == nil else {
                throw .line(offset + 2)
            }
            terms[line.key] = term
        }
        return terms
    }
}
