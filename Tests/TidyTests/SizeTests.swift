import Testing

struct SizeTests {
    static let longestFile = 400
    static let longestFunction = 60
    static let longestLine = 120

    @Test func `no file is longer than 400 lines`() {
        for file in SourceTree.swift {
            #expect(file.lines.count <= Self.longestFile, "\(file.path): \(file.lines.count)")
        }
    }

    /// Tests may quote longer texts.
    @Test func `no line of the sources is longer than 120 columns`() {
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() where line.count > Self.longestLine {
                Issue.record("\(file.path):\(index + 1): \(line.count) columns")
            }
        }
    }

    @Test func `no function is longer than 60 lines`() {
        for file in SourceTree.swift {
            for (name, line, length) in Self.functions(of: file) where length > Self.longestFunction {
                Issue.record("\(file.path):\(line): \(name) has \(length) lines")
            }
        }
    }

    /// Functions end where their indentation closes, which the formatter guarantees.
    static func functions(of file: SourceTree.File) -> [(name: Substring, line: Int, length: Int)] {
        let lines = file.lines
        var found: [(Substring, Int, Int)] = []
        for (start, line) in lines.enumerated() {
            let text = line.drop { $0 == " " }
            guard text.contains("func ") || text.contains("init("), text.hasSuffix("{") else { continue }
            let indent = line.prefix { $0 == " " }
            guard let end = lines[(start + 1)...].firstIndex(where: { $0 == indent + "}" }) else { continue }
            found.append((text.prefix(60), start + 1, end - start + 1))
        }
        return found
    }
}
