import Testing

struct WordTests {
    /// What must not stand in Sources, and what to write instead.
    static let banned: [(text: String, instead: String)] = [
        ("fatal" + "Error(", "precondition, or a typed error"),
        ("try" + "!", "do and catch"),
        ("TO" + "DO", "an issue"),
        ("FIX" + "ME", "an issue"),
        ("@test" + "able", "package access"),
        ("public " + "func", "package"),
        ("public " + "struct", "package"),
        ("DispatchQueue", "a thread of the house or an event loop"),
        ("Date" + "()", "Clock"),
    ]

    @Test func `banned words are not used`() {
        for file in SourceTree.sources {
            for (text, instead) in Self.banned where file.text.contains(text) {
                Issue.record("\(file.path): write \(instead), not \(text)")
            }
        }
    }

    @Test func `only the command line prints`() {
        for file in SourceTree.sources where file.module != "Commands" && !ArrowTests.commandLines.contains(file.path) {
            for (index, line) in file.lines.enumerated() where line.drop(while: { $0 == " " }).hasPrefix("print(") {
                Issue.record("\(file.path):\(index + 1)")
            }
        }
    }

    @Test func `names say what a thing is`() {
        for file in SourceTree.sources {
            for line in file.lines {
                for kind in ["struct ", "class ", "enum ", "actor ", "protocol "] {
                    guard let range = line.firstRange(of: kind) else { continue }
                    let name = line[range.upperBound...].prefix { $0.isLetter }
                    for suffix in ["Manager", "Helper", "Util", "Utils"] where name.hasSuffix(suffix) {
                        Issue.record("\(file.path): \(name)")
                    }
                }
            }
        }
    }

    @Test func `the top level holds what the house has and nothing more`() {
        let allowed: Set = ["Package.swift", "Package.resolved", "Sources", "Tests", "Deploy", "Docs", "README.md"]
        #expect(Set(SourceTree.names(in: "")).subtracting(allowed).isEmpty)
    }

    @Test func `links in the documents lead somewhere`() {
        for file in SourceTree.docs {
            let folder = file.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
            for part in file.text.components(after: "](") {
                let target = part.prefix { $0 != ")" && $0 != "#" }
                guard !target.isEmpty, !target.contains("://") else { continue }
                #expect(SourceTree.exists(folder + target), "\(file.path): \(target)")
            }
        }
    }
}

extension String {
    fileprivate func components(after mark: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: mark) {
            rest = rest[range.upperBound...]
            parts.append(rest)
        }
        return parts
    }
}
