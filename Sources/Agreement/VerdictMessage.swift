import Addresses

/// What the directors tell each other of their verdicts through the stream: a part of a list of everything, or what
/// changed.
///
/// ```
/// 0 1 version   1 1 flags: 1 first part of everything, 2 last part, 4 the sender wants everything
/// 2 2 reasons, each: 0 1 length   1 n text
///     entries to the end, each: 0 8 mark   8 1 verdict: 1 up, 2 down   9 2 reason, from 1 on   11 4 age, ms
/// ```
/// Numbers are big-endian. Reasons are told as words, each once: a later version's are understood too. An entry that is
/// up and has the reason `word` is no verdict: a number stands in the place of its age, which earlier versions keep
/// without asking what it is.
package struct VerdictMessage: Hashable, Sendable {
    package struct Part: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let first = Part(rawValue: 1)
        package static let last = Part(rawValue: 2)
        package static let asksForAll = Part(rawValue: 4)
    }

    package struct Entry: Hashable, Sendable {
        package var mark: UInt64
        package var isUp: Bool
        package var reason: String?
        /// Of the verdict, in milliseconds; 49 days stand for more.
        package var age: UInt32
        /// Absent: it is a verdict. Else it is up, without reason and age.
        package var word: UInt32?

        package init(mark: UInt64, isUp: Bool, reason: String? = nil, age: UInt32 = 0) {
            self.mark = mark
            self.isUp = isUp
            self.reason = reason
            self.age = age
        }

        package init(mark: UInt64, word: UInt32) {
            self.init(mark: mark, isUp: true)
            self.word = word
        }
    }

    // Specification constants

    package static let version: UInt8 = 1
    /// In bytes.
    package static let longestReason = 200
    static let entryLength = 15
    static let wordReason = "word"

    /// Entries of a message: of 60 KiB with the reasons that those can have.
    package static let mostEntries = 4000
    package static let mostReasons = 64

    package var part: Part
    package var entries: [Entry]

    package init(part: Part = [], entries: [Entry] = []) {
        self.part = part
        self.entries = entries
    }

    /// Whether it changes words, and nothing else.
    package var isOfWords: Bool { part.isEmpty && entries.allSatisfy { $0.word != nil } }

    /// As many messages as it takes.
    package static func messages(_ entries: [Entry], isEverything: Bool) -> [VerdictMessage] {
        var rest = entries[...]
        var messages: [VerdictMessage] = []
        repeat {
            let piece = rest.prefix(mostEntries)
            rest = rest.dropFirst(piece.count)
            messages.append(VerdictMessage(entries: Array(piece)))
        } while !rest.isEmpty
        if isEverything {
            messages[0].part.insert(.first)
            messages[messages.count - 1].part.insert(.last)
        }
        return messages
    }

    package var bytes: [UInt8] {
        var numbers: [String: UInt16] = [:]
        var reasons: [[UInt8]] = []
        // First, for a verdict does without its reason if there are too many, and a word does not.
        if entries.contains(where: { $0.word != nil }) {
            reasons.append(Array(Self.wordReason.utf8))
            numbers[Self.wordReason] = 1
        }
        for case let reason? in entries.lazy.map(\.reason) where numbers[reason] == nil {
            guard reasons.count < Self.mostReasons else { break }
            reasons.append(Array(reason.utf8.prefix(Self.longestReason)))
            numbers[reason] = UInt16(reasons.count)
        }
        var bytes = [Self.version, part.rawValue]
        bytes.append(UInt16(reasons.count))
        for reason in reasons { bytes += [UInt8(reason.count)] + reason }
        bytes.reserveCapacity(bytes.count + entries.count * Self.entryLength)
        for entry in entries {
            bytes.append(entry.mark)
            bytes.append(UInt8(entry.isUp ? 1 : 2))
            let reason = entry.word == nil ? entry.reason : Self.wordReason
            bytes.append(reason.flatMap { numbers[$0] } ?? 0)
            bytes.append(entry.word ?? entry.age)
        }
        return bytes
    }

    /// nil for what is none, or of another version.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 4, bytes[0] == Self.version else { return nil }
        part = Part(rawValue: bytes[1])
        let count = Int(bytes.number(at: 2, of: UInt16.self))
        guard count <= Self.mostReasons else { return nil }
        var reasons: [String] = []
        var place = 4
        for _ in 0..<count {
            guard place < bytes.count, case let end = place + 1 + Int(bytes[place]), end <= bytes.count else {
                return nil
            }
            reasons.append(Self.plain(bytes[(place + 1)..<end]))
            place = end
        }
        guard (bytes.count - place) % Self.entryLength == 0 else { return nil }
        entries = []
        entries.reserveCapacity((bytes.count - place) / Self.entryLength)
        for start in stride(from: place, to: bytes.count, by: Self.entryLength) {
            guard case let verdict = bytes[start + 8], verdict == 1 || verdict == 2 else { return nil }
            let reason = Int(bytes.number(at: start + 9, of: UInt16.self))
            guard reason <= reasons.count else { return nil }
            let mark = bytes.number(at: start, of: UInt64.self)
            let words = reason == 0 ? nil : reasons[reason - 1]
            let age = bytes.number(at: start + 11, of: UInt32.self)
            let isWord = verdict == 1 && words == Self.wordReason
            entries.append(
                isWord ? Entry(mark: mark, word: age) : Entry(mark: mark, isUp: verdict == 1, reason: words, age: age))
        }
    }

    /// What stands on an operator's terminal has no control characters.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> String {
        let scalars = String(decoding: bytes.prefix(longestReason), as: UTF8.self).unicodeScalars
        return String(String.UnicodeScalarView(scalars.filter { !$0.properties.generalCategory.isControl }))
    }
}

extension VerdictMessage.Entry {
    init(mark: UInt64, _ view: View, now: Instant) {
        var reason: String?
        if case .down(let failure) = view.verdict { reason = failure.description }
        let age = (now - view.since).nanoseconds / 1_000_000
        self.init(mark: mark, isUp: view.verdict.isUp, reason: reason, age: UInt32(clamping: age))
    }

    func view(now: Instant) -> PeerView {
        PeerView(isUp: isUp, reason: reason, since: now - .milliseconds(Int64(age)), word: word)
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isControl: Bool { [.control, .format, .lineSeparator, .paragraphSeparator].contains(self) }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    /// The caller has checked the length.
    fileprivate func number<Number: FixedWidthInteger & UnsignedInteger>(at place: Int, of: Number.Type) -> Number {
        self[place..<(place + Number.bitWidth / 8)].reduce(0) { $0 << 8 | Number($1) }
    }
}
