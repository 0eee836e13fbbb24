import Settings
import SettingsFile
import Testing

/// What is wrong with a snippet, to the letter. A row is `kind| snippet` and the expected lines without the file's
/// name below it; ⏎ stands for the end of a line and ⇥ for a tab.
@Suite struct ProblemTests {
    struct Row: CustomTestStringConvertible {
        var text: String
        var lines: [String]
        var testDescription: String { text.split(separator: "\n").last.map(String.init) ?? "nothing" }

        static func parse(_ table: String) -> [Row] {
            var rows: [Row] = []
            for line in table.split(separator: "\n") {
                if line.hasPrefix("  ") {
                    rows[rows.count - 1].lines.append("tandem.yaml:" + line.dropFirst(2))
                } else if let bar = line.firstIndex(of: "|") {
                    let snippet = line[line.index(after: bar)...].drop { $0 == " " }
                    rows.append(Row(text: whole(String(snippet), line[..<bar]), lines: []))
                }
            }
            return rows
        }

        /// The snippet in a file that has nothing else wrong with it.
        private static func whole(_ snippet: String, _ kind: Substring) -> String {
            let text = String(snippet.map { $0 == "⏎" ? "\n" : $0 == "⇥" ? "\t" : $0 })
            let pair = "pair:\n  name: edge\n"
            let directors = "  directors: {lb1: {addresses: [192.0.2.2]}, lb2: {addresses: [192.0.2.3]}}\n"
            let groups = "groups: {web: {addresses: [192.0.2.10, \"2001:db8::10\"]}}\n"
            return switch kind {
            case "pair": pair + directors + "  " + text + "\n"
            case "directors": pair + "  directors: " + text + "\n"
            case "group": pair + directors + "groups:\n  web: " + text + "\n"
            case "service": pair + directors + groups + "services:\n  - " + text + "\n"
            // The check begins at column 90 of line 6.
            case "check":
                pair + directors + groups
                    + "services:\n  - {name: web, listen: \"tcp://192.0.2.10:80\", forward: nat, servers: [10.0.0.1], "
                    + "check: \(text)}\n"
            case "rest": pair + directors + text + "\n"
            default: text
            }
        }
    }

    @Test(arguments: pairRows) func `says what is wrong with the pair`(row: Row) { check(row) }
    @Test(arguments: groupRows) func `says what is wrong with groups, pools and the rest`(row: Row) { check(row) }
    @Test(arguments: serviceRows) func `says what is wrong with services`(row: Row) { check(row) }
    @Test(arguments: checkRows) func `says what is wrong with checks`(row: Row) { check(row) }
    @Test(arguments: ownCheckRows) func `says what is wrong with servers' own checks`(row: Row) { check(row) }
    @Test(arguments: protocolRows) func `says what is wrong with checks of protocols`(row: Row) { check(row) }
    @Test(arguments: policyRows) func `says what is wrong with policies`(row: Row) { check(row) }
    @Test(arguments: dataPathRows) func `says what cannot be checked through the data path`(row: Row) { check(row) }
    @Test(arguments: sourceRows) func `says what checks cannot go out from`(row: Row) { check(row) }
    @Test(arguments: optionRows) func `says what the kernel would refuse`(row: Row) { check(row) }
    @Test(arguments: listenRows) func `says what is wrong with what is listened on`(row: Row) { check(row) }
    @Test(arguments: textRows) func `says what is wrong with the text`(row: Row) { check(row) }

    private func check(_ row: Row) {
        let loaded = SettingsFile.load(text: row.text)
        #expect(loaded.problems.map(\.description) == row.lines)
        let hasErrors = row.lines.contains { $0.contains(": error: ") }
        #expect((loaded.settings == nil) == hasErrors)
        #expect((loaded.digest == nil) == hasErrors)
    }
}
