import Testing

/// `Deploy/test --quick` leaves out what makes namespaces or starts daemons.
struct SlowTests {
    @Test func `Deploy test knows every suite that needs namespaces`() throws {
        let script = try #require(SourceTree.read("Deploy/test"))
        let lists = script.split(separator: "\n").filter { $0.hasPrefix("slow") }.joined()
        for file in SourceTree.swift where file.path.hasPrefix("Tests/") {
            for (index, line) in file.lines.enumerated() {
                guard line.hasPrefix("@Suite("), line.contains("amespaces") else { continue }
                let rest = file.lines[index...].prefix(2).joined(separator: " ")
                let name = try #require(rest.firstRange(of: "struct ")).upperBound
                let suite = rest[name...].prefix { $0.isLetter || $0.isNumber }
                #expect(lists.contains(suite), "\(file.path): \(suite) is not among the slow ones of Deploy/test")
            }
        }
    }
}
