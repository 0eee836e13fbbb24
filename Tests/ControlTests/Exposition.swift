/// A strict reader of the text exposition format 0.0.4 and of what OpenMetrics 1.0 changes in it, as far as counters and
/// gauges go: what it does not expect to the letter is an error.
struct Exposition {
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    struct Sample: Hashable {
        var name: String
        var labels: [String: String]
        var value: String
    }

    struct Family {
        var type: String
        var help: String
        var samples: [Sample] = []
    }

    private(set) var families: [String: Family] = [:]

    init(_ text: String, isOpen: Bool = false) throws {
        guard text.isEmpty || text.hasSuffix("\n") else { throw Problem(description: "the last line has no end") }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        if isOpen, lines.popLast() != "# EOF" { throw Problem(description: "no # EOF at the end") }
        var seen: Set<String> = []
        var help: (name: String, text: String)?
        var current: String?
        for line in lines {
            if line.hasPrefix("# HELP ") {
                let words = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard words.count == 2 else { throw Problem(description: "no help: \(line)") }
                help = (String(words[0]), String(words[1]))
            } else if line.hasPrefix("# TYPE ") {
                let words = line.dropFirst(7).split(separator: " ", omittingEmptySubsequences: false)
                guard words.count == 2, let found = help, found.name == words[0], families[found.name] == nil,
                    words[1] == "counter" || words[1] == "gauge"
                else { throw Problem(description: "no type: \(line)") }
                families[found.name] = Family(type: String(words[1]), help: found.text)
                current = found.name
            } else {
                let sample = try Self.sample(line)
                guard let current, let family = families[current] else {
                    throw Problem(description: "no family: \(line)")
                }
                let suffix = isOpen && family.type == "counter" ? "_total" : ""
                guard sample.name == current + suffix else { throw Problem(description: "another family: \(line)") }
                guard seen.insert("\(sample.name) \(sample.labels.sorted { $0.key < $1.key })").inserted else {
                    throw Problem(description: "twice: \(line)")
                }
                families[current]?.samples.append(sample)
            }
        }
        for (name, family) in families where family.samples.isEmpty {
            throw Problem(description: "\(name) has no samples")
        }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        let problem = Problem(description: "no sample: \(line)")
        var rest = line.unicodeScalars[...]
        func word(_ isFirst: (Unicode.Scalar) -> Bool) throws -> String {
            let name = rest.prefix { isFirst($0) || ("0"..."9").contains($0) }
            guard let first = name.first, isFirst(first) else { throw problem }
            rest = rest.dropFirst(name.count)
            return String(name)
        }
        func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
        }
        let name = try word { isLetter($0) || $0 == ":" }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest = rest.dropFirst()
                let label = try word(isLetter)
                guard rest.prefix(2).elementsEqual("=\"".unicodeScalars) else { throw problem }
                rest = rest.dropFirst(2)
                guard labels.updateValue(try quoted(&rest, problem), forKey: label) == nil else { throw problem }
            } while rest.first == ","
            guard rest.first == "}" else { throw problem }
            rest = rest.dropFirst()
        }
        guard rest.first == " " else { throw problem }
        let value = String(rest.dropFirst())
        guard Double(value) != nil, value.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else { throw problem }
        return Sample(name: name, labels: labels, value: value)
    }

    private static func quoted(_ rest: inout Substring.UnicodeScalarView, _ problem: Problem) throws -> String {
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(text)
            case "\\":
                switch rest.popFirst() {
                case "\\": text.append("\\")
                case "\"": text.append("\"")
                case "n": text.append("\n")
                default: throw problem
                }
            default: text.append(scalar)
            }
        }
        throw problem
    }
}
