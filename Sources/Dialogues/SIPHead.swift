/// What of a SIP message's start line and header says whose answer it is (RFC 3261 7).
struct SIPHead {
    /// Absent: it is a request.
    private(set) var status: Int?
    private(set) var callID: [UInt8]?
    private(set) var sequence: [UInt8]?
    /// Of the topmost Via, where there is one alone: an answer that is for the check has no others (8.1.3.3).
    private(set) var branch: [UInt8]?
    /// Of the From.
    private(set) var tag: [UInt8]?
    /// In bytes, as it says; absent: it does not say.
    private(set) var bodyLength: Int?

    /// - Parameter head: all up to the empty line.
    /// - Returns: nil for what is not SIP.
    init?(_ head: [UInt8]) {
        var lines = Self.lines(of: head)[...]
        guard let start = lines.popFirst(), readStart(start) else { return nil }
        var vias = 0
        for line in lines {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let value = Self.trimmed(line[(colon + 1)...])
            switch String(decoding: Self.trimmed(line[..<colon]), as: UTF8.self).lowercased() {
            case "via", "v":
                vias += value.contains(UInt8(ascii: ",")) ? 2 : 1
                branch = vias == 1 ? Self.parameter("branch", of: value) : nil
            case "from", "f": tag = Self.parameter("tag", of: value)
            case "call-id", "i": callID = Array(value)
            case "cseq":
                let words = value.split(whereSeparator: Self.isBlank)
                sequence = Array(words.joined(separator: [UInt8(ascii: " ")]))
            case "content-length", "l":
                guard let length = Self.number(value) else { return nil }
                bodyLength = length
            default: break
            }
        }
    }

    /// `SIP/2.0 200 OK`, or `METHOD target SIP/2.0`.
    private mutating func readStart(_ line: [UInt8]) -> Bool {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count >= 2 else { return false }
        guard words[0].elementsEqual(Self.version) else {
            return words.count == 3 && words[2].elementsEqual(Self.version)
        }
        status = words[1].count == 3 ? Self.number(words[1]).flatMap { (100...699).contains($0) ? $0 : nil } : nil
        return status != nil
    }

    /// Without what ends them, and each with those that go on with it (7.3.1).
    private static func lines(of head: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for piece in head.split(separator: UInt8(ascii: "\n")) {
            let line = piece.last == UInt8(ascii: "\r") ? piece.dropLast() : piece
            if let first = line.first, isBlank(first), !lines.isEmpty {
                lines[lines.count - 1] += line
            } else if !line.isEmpty {
                lines.append(Array(line))
            }
        }
        return lines
    }

    /// `name=value` behind a semicolon, and behind what stands in angle brackets.
    private static func parameter(_ name: String, of value: ArraySlice<UInt8>) -> [UInt8]? {
        let rest = value.lastIndex(of: UInt8(ascii: ">")).map { value[$0...] } ?? value
        for part in rest.split(separator: UInt8(ascii: ";")).dropFirst() {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, String(decoding: trimmed(sides[0]), as: UTF8.self).lowercased() == name else {
                continue
            }
            return Array(trimmed(sides[1]))
        }
        return nil
    }

    /// Of up to nine digits.
    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...9).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static let version = Array("SIP/2.0".utf8)
}
