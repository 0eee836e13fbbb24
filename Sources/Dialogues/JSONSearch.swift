import Settings

/// Reads a whole JSON text (RFC 8259) and looks for the value at one place of it.
struct JSONSearch {
    enum Finding: Hashable {
        case value(JSONCondition.Value)
        /// A list or an object stands there.
        case several
        /// The text is right, and there is nothing at that place.
        case nothing
        case notJSON
    }

    /// How deep lists and objects may stand within each other.
    private static let deepest = 64

    private struct Malformed: Error {}

    private let bytes: [UInt8]
    private var place = 0
    private var found = Finding.nothing

    static func find(_ path: [JSONCondition.Step], in bytes: [UInt8]) -> Finding {
        var search = JSONSearch(bytes: bytes)
        do {
            try search.value(path[...], depth: 0)
            search.skipBlanks()
            return search.place == bytes.count ? search.found : .notJSON
        } catch {
            return .notJSON
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    private mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard next == UInt8(ascii: sign) else { return false }
        place += 1
        return true
    }

    /// - Parameter path: what is left to go; absent: this is not on the way.
    private mutating func value(_ path: ArraySlice<JSONCondition.Step>?, depth: Int) throws(Malformed) {
        guard depth <= Self.deepest else { throw Malformed() }
        skipBlanks()
        let isGoal = path?.isEmpty == true
        switch next {
        case UInt8(ascii: "{"):
            if isGoal { found = .several }
            try object(path, depth)
        case UInt8(ascii: "["):
            if isGoal { found = .several }
            try list(path, depth)
        default:
            let value = try scalar()
            if isGoal { found = .value(value) }
        }
    }

    private mutating func object(_ path: ArraySlice<JSONCondition.Step>?, _ depth: Int) throws(Malformed) {
        place += 1
        if skip("}") { return }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw Malformed() }
            let key = try text()
            guard skip(":") else { throw Malformed() }
            try value(path?.first == .key(key) ? path?.dropFirst() : nil, depth: depth + 1)
        } while skip(",")
        guard skip("}") else { throw Malformed() }
    }

    private mutating func list(_ path: ArraySlice<JSONCondition.Step>?, _ depth: Int) throws(Malformed) {
        place += 1
        if skip("]") { return }
        var index = 0
        repeat {
            try value(path?.first == .index(index) ? path?.dropFirst() : nil, depth: depth + 1)
            index += 1
        } while skip(",")
        guard skip("]") else { throw Malformed() }
    }

    private mutating func scalar() throws(Malformed) -> JSONCondition.Value {
        switch next {
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "-"), .some(0x30...0x39): return .number(try number())
        default: break
        }
        for (word, value) in Self.words where bytes[place...].starts(with: word.utf8) {
            place += word.utf8.count
            return value
        }
        throw Malformed()
    }

    private static let words: [(String, JSONCondition.Value)] = [
        ("true", .truth(true)), ("false", .truth(false)), ("null", .null),
    ]

    private mutating func number() throws(Malformed) -> Double {
        let start = place
        if next == UInt8(ascii: "-") { place += 1 }
        if next == 0x30 { place += 1 } else { try digits() }
        if next == UInt8(ascii: ".") {
            place += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            try digits()
        }
        guard let number = Double(String(decoding: bytes[start..<place], as: UTF8.self)) else { throw Malformed() }
        return number
    }

    private mutating func digits() throws(Malformed) {
        let start = place
        while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
        guard place > start else { throw Malformed() }
    }

    /// From one quote to the other.
    private mutating func text() throws(Malformed) -> String {
        var units: [UInt8] = []
        place += 1
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw Malformed() }
            place += 1
            if byte == UInt8(ascii: "\\") {
                units += try escape()
            } else {
                units.append(byte)
            }
        }
        guard next != nil, let text = String(validating: units, as: UTF8.self) else { throw Malformed() }
        place += 1
        return text
    }

    private mutating func escape() throws(Malformed) -> [UInt8] {
        guard let byte = next else { throw Malformed() }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try character()).utf8)
        default: throw Malformed()
        }
    }

    /// What follows `\u`: one unit of UTF-16, or two that belong together.
    private mutating func character() throws(Malformed) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), bytes[place...].starts(with: "\\u".utf8) else { throw Malformed() }
        place += 2
        let second = try unit()
        guard (0xDC00...0xDFFF).contains(second) else { throw Malformed() }
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(value) else { throw Malformed() }
        return scalar
    }

    private mutating func unit() throws(Malformed) -> UInt16 {
        guard place + 4 <= bytes.count else { throw Malformed() }
        var unit: UInt16 = 0
        for byte in bytes[place..<(place + 4)] {
            guard let digit = ByteText.digit(byte) else { throw Malformed() }
            unit = unit << 4 | UInt16(digit)
        }
        place += 4
        return unit
    }
}
