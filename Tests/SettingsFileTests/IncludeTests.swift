import Settings
import SettingsFile
import Testing

@Suite struct IncludeTests {
    static let pair = """
        pair: {name: edge, directors: {lb1: {addresses: [192.0.2.2]}, lb2: {addresses: [192.0.2.3]}}}

        """

    private func load(_ text: String, _ others: [String: String]) -> (lines: [String], files: [String]) {
        let loaded = SettingsFile.load(text: Self.pair + text, name: "etc/tandem.yaml", others: others)
        return (loaded.problems.map(\.description), loaded.files)
    }

    @Test func `takes files in the order of their names and leaves hidden ones`() {
        let others = [
            "etc/d/b.yaml": "groups: {b: {addresses: [192.0.2.11]}}",
            "etc/d/a.yaml": "groups: {a: {addresses: [192.0.2.12]}}",
            "etc/d/.c.yaml": "x: y", "etc/d/a.yml": "x: y", "etc/d/e/a.yaml": "x: y",
        ]
        let (lines, files) = load("include: [d/*.yaml]", others)
        #expect(lines == [])
        #expect(files == ["etc/tandem.yaml", "etc/d/a.yaml", "etc/d/b.yaml"])
    }

    @Test func `a pattern may match nothing, a plain path may not`() {
        #expect(load("include: d/*.yaml", [:]).lines == [])
        #expect(
            load("include: [d/a.yaml]", [:]).lines == [
                "etc/tandem.yaml:2:11: error: etc/d/a.yaml: it cannot be opened: No such file or directory"
            ])
    }

    @Test func `names both places of what stands in two files`() {
        let others = ["etc/a.yaml": "groups:\n  web: {addresses: [192.0.2.11]}\nlog: {}\n"]
        let text = "include: a.yaml\ngroups: {web: {addresses: [192.0.2.10]}}\nlog: {}\n"
        #expect(
            load(text, others).lines == [
                "etc/tandem.yaml:3:10: error: group \"web\" stands in two files, first in etc/a.yaml:2",
                "etc/tandem.yaml:4:1: error: log stands in two files, first in etc/a.yaml:3; one of them has it",
            ])
    }

    @Test func `refuses files that include each other`() {
        let (lines, _) = load("include: a.yaml", ["etc/a.yaml": "include: b.yaml", "etc/b.yaml": "include: a.yaml"])
        #expect(lines == ["etc/b.yaml:1:10: error: etc/a.yaml is included already"])
        let own = load("include: tandem.yaml", [:]).lines
        #expect(own == ["etc/tandem.yaml:2:10: error: etc/tandem.yaml is included by itself or what it includes"])
    }

    @Test func `refuses includes too deep`() {
        var others: [String: String] = [:]
        for level in 0..<20 { others["etc/\(level).yaml"] = "include: \(level + 1).yaml" }
        let (lines, files) = load("include: 0.yaml", others)
        #expect(lines == ["etc/7.yaml:1:10: error: files include each other more than 8 levels deep"])
        #expect(files.count == 9)
    }

    @Test func `finds problems in included files`() {
        let (lines, _) = load("include: a.yaml", ["etc/a.yaml": "groups:\n  web: {adresses: [192.0.2.11]}\n"])
        #expect(
            lines == [
                "etc/a.yaml:2:8: error: group web needs addresses",
                "etc/a.yaml:2:9: error: \"adresses\" is no key of a group (did you mean \"addresses\"?)",
            ])
    }
}
