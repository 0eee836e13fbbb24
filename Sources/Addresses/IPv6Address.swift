/// An IPv6 address.
package struct IPv6Address: Hashable, Sendable, Comparable {
    /// The first 64 bits (the network half) and the last 64 bits, as numbers.
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The address whose eight 16-bit groups are given, first group first.
    package init(groups: [UInt16]) {
        precondition(groups.count == 8, "an IPv6 address has 8 groups, not \(groups.count)")
        high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
        low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
    }

    /// The eight 16-bit groups, first group first.
    package var groups: [UInt16] {
        [high, low].flatMap { half in
            [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
        }
    }

    /// The sixteen bytes in network order.
    package var bytes: [UInt8] {
        groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }

    /// fe80::/10, only meaningful together with an interface.
    package var isLinkLocal: Bool { high >> 54 == 0xFE80 >> 6 }

    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension IPv6Address {
    /// Parses the text forms of RFC 4291 2.2, including `::` and a dotted IPv4 tail; no zone, no brackets.
    package init?(_ text: some StringProtocol) {
        guard let gap = Self.gap(in: text) else {
            guard let groups = Self.groups(text), groups.count == 8 else { return nil }
            self.init(groups: groups)
            return
        }
        let tail = text[gap.upperBound...]
        guard Self.gap(in: tail) == nil, !tail.hasPrefix(":") else { return nil }
        guard let head = Self.groups(text[..<gap.lowerBound]), let rest = Self.groups(tail) else { return nil }
        let missing = 8 - head.count - rest.count
        guard missing >= 1, !text[..<gap.lowerBound].contains(".") else { return nil }
        self.init(groups: head + Array(repeating: 0, count: missing) + rest)
    }

    private static func gap<Text: StringProtocol>(in text: Text) -> Range<Text.Index>? {
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index] == ":", next < text.endIndex, text[next] == ":" {
                return index..<text.index(after: next)
            }
            index = next
        }
        return nil
    }

    /// The groups of one side of `::`, where an empty side has none.
    private static func groups(_ text: some StringProtocol) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let tail = IPv4Address(part) else { return nil }
                groups.append(UInt16(tail.number >> 16))
                groups.append(UInt16(tail.number & 0xFFFF))
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit) else { return nil }
                guard let group = UInt16(part, radix: 16) else { return nil }
                groups.append(group)
            }
        }
        return groups.count <= 8 ? groups : nil
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}

extension IPv6Address: CustomStringConvertible {
    /// The canonical text of RFC 5952: lower case, the longest run of two or more zero groups (the first of
    /// equals) as `::`.
    package var description: String {
        let groups = groups
        let run = Self.longestZeroRun(groups)
        guard run.count >= 2 else { return Self.text(groups[...]) }
        return Self.text(groups[..<run.lowerBound]) + "::" + Self.text(groups[run.upperBound...])
    }

    private static func text(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > longest.count { longest = start..<index }
            start = index + 1
        }
        return longest
    }
}
