/// What an operator asked for, until somebody asks for something else: that a director stays in standby, or that the
/// pair pauses.
///
/// Both directors hold the newest wish about each subject and repeat it in their heartbeats, one subject after the
/// other; the higher stamp wins, whatever way it came and however often.
package struct Wish: Hashable, Sendable {
    package enum Subject: UInt8, Hashable, Sendable, CaseIterable {
        /// No role changes by itself except after the holder's death, on both directors.
        case pause = 0
        /// The director whose name is lower takes nothing and hands over what it has.
        case firstStandby = 1
        /// The same for the other one.
        case secondStandby = 2
    }

    /// More is refused: the next wish must have a stamp.
    package static let highestStamp = UInt64(1) << 62
    /// In seconds: 7 days.
    package static let longestPause: UInt32 = 604_800

    package var subject: Subject
    /// Milliseconds of the Unix epoch where it was made, or one more than the newest known: the order of the wishes
    /// about one subject. 0: there was none yet.
    package var stamp: UInt64 = 0
    /// Whether standby, or the pause, begins; else it ends.
    package var isOn = false
    /// Whether it was made at the director whose name is lower.
    package var isFromFirst = false
    /// Who made it there.
    package var uid: UInt32 = 0
    /// How long a pause lasts, in seconds, at most 7 days.
    package var length: UInt32 = 0
    /// How much of it is left, in milliseconds.
    package var left: UInt32 = 0
    /// What is left was not counted since the beginning but worked out from a wall clock.
    package var isEstimate = false
    package var reason = ShortText()

    package init(_ subject: Subject) {
        self.subject = subject
    }

    /// Whether this wish replaces another one about the same subject.
    package func supersedes(_ other: Wish) -> Bool {
        (stamp, isFromFirst ? 0 : 1) > (other.stamp, other.isFromFirst ? 0 : 1)
    }
}

/// ```
///  0 8 stamp   8 1 subject   9 1 flags   10 1 zero   11 1 length of the reason   12 64 reason
/// 76 4 uid   80 4 length   84 4 left
/// ```
extension Wish {
    // Specification constants

    static let encodedLength = 88
    static let onFlag: UInt8 = 1
    static let firstFlag: UInt8 = 2
    static let estimateFlag: UInt8 = 4

    func encode(into buffer: inout [UInt8], at offset: inout Int) {
        buffer.put(stamp, at: &offset)
        buffer.put(subject.rawValue, at: &offset)
        let flags = (isOn ? Self.onFlag : 0) | (isFromFirst ? Self.firstFlag : 0) | (isEstimate ? Self.estimateFlag : 0)
        buffer.put(flags, at: &offset)
        buffer.put(UInt8(0), at: &offset)
        reason.encode(into: &buffer, at: &offset)
        buffer.put(uid, at: &offset)
        buffer.put(length, at: &offset)
        buffer.put(left, at: &offset)
    }

    /// Nil where there is none, or one that this version cannot read: it must not cost the heartbeat that carries it.
    /// What is too long is cut down.
    static func decode(_ buffer: [UInt8], at start: Int) -> Wish? {
        var offset = start
        let stamp = buffer.take(UInt64.self, at: &offset)
        let subject = Subject(rawValue: buffer.take(UInt8.self, at: &offset))
        let flags = buffer.take(UInt16.self, at: &offset) >> 8
        let reason = ShortText(buffer, at: &offset)
        guard let subject, let reason, (1...highestStamp).contains(stamp) else { return nil }
        var wish = Wish(subject)
        wish.stamp = stamp
        wish.isOn = flags & UInt16(onFlag) != 0
        wish.isFromFirst = flags & UInt16(firstFlag) != 0
        wish.isEstimate = flags & UInt16(estimateFlag) != 0
        wish.reason = reason
        wish.uid = buffer.take(UInt32.self, at: &offset)
        wish.length = min(buffer.take(UInt32.self, at: &offset), longestPause)
        wish.left = min(buffer.take(UInt32.self, at: &offset), wish.length * 1000)
        return wish
    }
}
