import Addresses
import Settings

extension Reading {
    mutating func text(_ node: Node, _ what: @autoclosure () -> String) -> String? {
        if case .scalar(let text) = node.content, !node.isEmpty { return text }
        diagnosis.expected(what(), node)
        return nil
    }

    /// 1 to 64 of A-Z a-z 0-9 . _ -
    mutating func name(_ node: Node, _ what: String) -> String? {
        guard let name = text(node, what) else { return nil }
        let isGood = (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(Self.isNameByte)
        if isGood { return name }
        diagnosis.error(node.mark, "\(node.kind) is no name; names have 1 to 64 of A-Z a-z 0-9 . _ -")
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// A name as the kernel takes it (net/core/dev.c, `dev_valid_name`), of at most 15 bytes.
    mutating func interface(_ node: Node) -> String? {
        guard let name = text(node, "the name of an interface") else { return nil }
        let isGood =
            name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
            && name != "." && name != ".."
        guard isGood else {
            diagnosis.error(node.mark, "\(node.kind) is no name of an interface")
            return nil
        }
        guard name.utf8.count <= 15 else {
            diagnosis.error(node.mark, "\(node.kind) is too long for an interface; names have at most 15 bytes")
            return nil
        }
        return name
    }

    mutating func number(_ node: Node, _ range: ClosedRange<Int>, _ what: String) -> Int? {
        guard let text = text(node, "a number for \(what)") else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.count <= 18, let number = Int(text) else {
            diagnosis.expected("a number for \(what)", node)
            return nil
        }
        guard range.contains(number) else {
            diagnosis.error(
                node.mark,
                "\(what) is \(number); it is \(Self.grouped(range.lowerBound)) to \(Self.grouped(range.upperBound))")
            return nil
        }
        return number
    }

    /// 2147483647 as 2,147,483,647.
    private static func grouped(_ number: Int) -> String {
        var digits = Array(String(number))
        guard digits.count > 5 else { return String(digits) }
        for position in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: position) }
        return String(digits)
    }

    mutating func duration(_ node: Node, _ range: ClosedRange<Duration>, _ what: String) -> Duration? {
        guard let text = text(node, "a duration for \(what)") else { return nil }
        let duration: Duration
        do {
            duration = try DurationText.parse(text)
        } catch .noUnit(let number) {
            let unit = range.upperBound > .seconds(10) || range.lowerBound >= .seconds(1) ? "s" : "ms"
            diagnosis.error(
                node.mark, "\(what) is \(number) without a unit; durations have one of us, ms, s, m, h, d",
                suggestion: number + unit)
            return nil
        } catch {
            diagnosis.expected("a duration for \(what), a whole number with us, ms, s, m, h or d", node)
            return nil
        }
        guard range.contains(duration) else {
            let limits = "\(DurationText.print(range.lowerBound)) to \(DurationText.print(range.upperBound))"
            diagnosis.error(node.mark, "\(what) is \(text); it is \(limits)")
            return nil
        }
        return duration
    }

    /// One of an enumeration's words.
    mutating func word<Word: RawRepresentable<String> & CaseIterable & Equatable>(
        _ node: Node, _ what: String, as type: Word.Type
    ) -> Word? {
        var words: [String] { Word.allCases.map(\.rawValue) }
        guard let text = text(node, "\(Words.alternatives(words)) for \(what)") else { return nil }
        guard let word = Word(rawValue: text) else {
            diagnosis.error(
                node.mark, "\(node.kind) is no \(what); it is \(Words.alternatives(words))",
                suggestion: Words.nearest(to: text, among: words))
            return nil
        }
        return word
    }
}
