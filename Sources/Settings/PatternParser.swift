/// Reads the text of a regular expression.
struct PatternParser {
    static let deepest = 32
    static let mostRepeats = 255

    private let bytes: [UInt8]
    private var place = 0
    private var ignoresCase = false
    private var depth = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func parse() throws(PatternFault) -> PatternTree {
        if bytes.starts(with: "(?i)".utf8) {
            ignoresCase = true
            place = 4
        }
        let tree = try choice()
        guard place == bytes.count else { throw PatternFault(.strayParenthesis) }
        return tree
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// Whether that comes next; it is passed then.
    private mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: sign) else { return false }
        place += 1
        return true
    }

    private mutating func choice() throws(PatternFault) -> PatternTree {
        var parts = [try sequence()]
        while skip("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func sequence() throws(PatternFault) -> PatternTree {
        var parts: [PatternTree] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            // A part that is nothing could be repeated without end at no cost in instructions.
            if case let part = try repeated(try atom()), !part.isNothing { parts.append(part) }
        }
        return parts.isEmpty ? .nothing : .sequence(parts)
    }

    private mutating func repeated(_ atom: PatternTree) throws(PatternFault) -> PatternTree {
        guard let sign = next, "*+?{".utf8.contains(sign) else { return atom }
        guard !atom.isNothing else { throw PatternFault(.nothingToRepeat) }
        place += 1
        let tree: PatternTree
        switch sign {
        case UInt8(ascii: "*"): tree = .times(atom, 0, nil)
        case UInt8(ascii: "+"): tree = .times(atom, 1, nil)
        case UInt8(ascii: "?"): tree = .times(atom, 0, 1)
        default:
            let (least, most) = try bounds()
            tree = .times(atom, least, most)
        }
        // As little as possible instead of as much: that decides where a match ends, and nobody asks for it here.
        _ = skip("?")
        return tree
    }

    /// What follows a `{`.
    private mutating func bounds() throws(PatternFault) -> (Int, Int?) {
        guard bytes[place...].contains(UInt8(ascii: "}")) else { throw PatternFault(.openRepeat) }
        guard let least = number() else { throw PatternFault(.badRepeat) }
        var most: Int? = least
        if skip(",") {
            most = number()
            if most == nil, next != UInt8(ascii: "}") || bytes[place - 1] != UInt8(ascii: ",") {
                throw PatternFault(.badRepeat)
            }
        }
        guard skip("}"), least <= most ?? least, most != 0 else { throw PatternFault(.badRepeat) }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = next, (0x30...0x39).contains(byte), value ?? 0 <= Self.mostRepeats {
            value = (value ?? 0) * 10 + Int(byte - 0x30)
            place += 1
        }
        return value.flatMap { $0 <= Self.mostRepeats ? $0 : nil }
    }

    private mutating func atom() throws(PatternFault) -> PatternTree {
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "."): return .byte(ByteSet([UInt8(ascii: "\n")]).inverted)
        case UInt8(ascii: "^"): return .lineStart
        case UInt8(ascii: "$"): return .lineEnd
        case UInt8(ascii: "("): return try group()
        case UInt8(ascii: "["): return try set(choices())
        case UInt8(ascii: "\\"): return try set(escape())
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
            throw PatternFault(.nothingToRepeat)
        case 0x80...: return letter(byte)
        default: return set(ByteSet([byte]))
        }
    }

    private func set(_ set: ByteSet) -> PatternTree { .byte(ignoresCase ? set.withoutCase : set) }

    /// A letter that is several bytes of UTF-8 is one thing to repeat.
    private mutating func letter(_ first: UInt8) -> PatternTree {
        var parts = [PatternTree.byte(ByteSet([first]))]
        while let byte = next, byte & 0xC0 == 0x80 {
            parts.append(.byte(ByteSet([byte])))
            place += 1
        }
        return .sequence(parts)
    }

    private mutating func group() throws(PatternFault) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw PatternFault(.tooDeep) }
        if skip("?"), !skip(":") { throw PatternFault(.unknownGroup) }
        let tree = try choice()
        guard skip(")") else { throw PatternFault(.openGroup) }
        return tree
    }

    /// What stands between `[` and `]`.
    private mutating func choices() throws(PatternFault) -> ByteSet {
        let isInverted = skip("^")
        var found = ByteSet()
        var isFirst = true
        while isFirst || next != UInt8(ascii: "]") {
            isFirst = false
            let (low, set) = try member()
            guard let low, next == UInt8(ascii: "-"), place + 1 < bytes.count, bytes[place + 1] != UInt8(ascii: "]")
            else {
                found = found.union(set)
                continue
            }
            place += 1
            guard let high = try member().byte, low <= high else { throw PatternFault(.badRange) }
            found = found.union(ByteSet(low...high))
        }
        place += 1
        let whole = ignoresCase ? found.withoutCase : found
        return isInverted ? whole.inverted : whole
    }

    /// One byte or one escape within `[ ]`; the byte is absent where it is a set of several.
    private mutating func member() throws(PatternFault) -> (byte: UInt8?, set: ByteSet) {
        guard let byte = next else { throw PatternFault(.openClass) }
        place += 1
        guard byte < 0x80 else { throw PatternFault(.foreignLetterInClass) }
        guard byte == UInt8(ascii: "\\") else { return (byte, ByteSet([byte])) }
        let set = try escape()
        let members = (UInt8(0)...255).filter(set.contains)
        return (members.count == 1 ? members[0] : nil, set)
    }

    /// What follows a backslash.
    private mutating func escape() throws(PatternFault) -> ByteSet {
        guard let byte = next else { throw PatternFault(.trailingBackslash) }
        place += 1
        switch byte {
        case UInt8(ascii: "d"): return Self.digits
        case UInt8(ascii: "D"): return Self.digits.inverted
        case UInt8(ascii: "w"): return Self.wordBytes
        case UInt8(ascii: "W"): return Self.wordBytes.inverted
        case UInt8(ascii: "s"): return Self.blanks
        case UInt8(ascii: "S"): return Self.blanks.inverted
        case UInt8(ascii: "x"): return ByteSet([try hexadecimal()])
        case 0x30: return ByteSet([0])
        case 0x31...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...:
            guard let control = ByteText.control(byte) else {
                let letter = String(decoding: bytes[(place - 1)...], as: UTF8.self).prefix(1)
                throw PatternFault(.unknownEscape(String(letter)))
            }
            return ByteSet([control])
        default: return ByteSet([byte])
        }
    }

    private mutating func hexadecimal() throws(PatternFault) -> UInt8 {
        guard place + 2 <= bytes.count, let value = ByteText.hexadecimal(bytes[place], bytes[place + 1]) else {
            throw PatternFault(.badHex)
        }
        place += 2
        return value
    }

    private static let digits = ByteSet(0x30...0x39)
    private static let wordBytes = ByteSet(Array(0x30...0x39) + Array(0x41...0x5A) + [0x5F] + Array(0x61...0x7A))
    private static let blanks = ByteSet([0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20])
}
