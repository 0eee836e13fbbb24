/// A value that has to stand at one place of a JSON text (RFC 8259): `database.replicas[0].state == up`.
package struct JSONCondition: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    package enum Value: Hashable, Sendable {
        case text(String)
        case number(Double)
        case truth(Bool)
        case null
    }

    package enum Fault: Error, Hashable, CustomStringConvertible {
        case noComparison, noPath, badIndex, badKey, badText, noValue

        package var description: String {
            switch self {
            case .noComparison: "it has no =="
            case .noPath: "nothing stands before =="
            case .badIndex: "between [ and ] stands a number up to 65535"
            case .badKey: "keys are put together by . and are not empty"
            case .badText: "a text in quotes ends with the quote"
            case .noValue: "nothing stands after ==; an empty text is \"\""
            }
        }
    }

    /// 1 to 64 steps from the whole text inwards.
    package let path: [Step]
    package let value: Value
    /// As it is written.
    package let source: String

    /// - Throws: `Fault` with the reason.
    package init(_ text: String) throws(Fault) {
        source = text
        guard let sign = text.firstRange(of: "==") else { throw .noComparison }
        let left = Self.trimmed(text[..<sign.lowerBound])
        path = try Self.path(left)
        value = try Self.value(Self.trimmed(text[sign.upperBound...]))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }

    private static func path(_ text: Substring) throws(Fault) -> [Step] {
        guard !text.isEmpty else { throw .noPath }
        var steps: [Step] = []
        for (number, part) in text.split(separator: ".", omittingEmptySubsequences: false).enumerated() {
            let key = part.prefix { $0 != "[" }
            // A path may begin with an index, where the whole text is a list.
            if !key.isEmpty {
                steps.append(.key(String(key)))
            } else if number > 0 || part.isEmpty {
                throw .badKey
            }
            var rest = part.dropFirst(key.count)
            while !rest.isEmpty {
                guard rest.first == "[", let end = rest.firstIndex(of: "]") else { throw .badIndex }
                let digits = rest[rest.index(after: rest.startIndex)..<end]
                guard let index = UInt16(digits), !digits.hasPrefix("+") else { throw .badIndex }
                steps.append(.index(Int(index)))
                rest = rest[rest.index(after: end)...]
            }
        }
        guard steps.count <= 64 else { throw .badKey }
        return steps
    }

    private static func value(_ text: Substring) throws(Fault) -> Value {
        switch text {
        case "": throw .noValue
        case "true": return .truth(true)
        case "false": return .truth(false)
        case "null": return .null
        default: break
        }
        if text.first == "\"" {
            guard text.count >= 2, text.last == "\"" else { throw .badText }
            return .text(String(text.dropFirst().dropLast()))
        }
        if let first = text.utf8.first, first == 0x2D || (0x30...0x39).contains(first), let number = Double(text) {
            return .number(number)
        }
        return .text(String(text))
    }
}
