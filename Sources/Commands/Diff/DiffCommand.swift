import ArgumentParser
package import Control

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Name what the two directors do not have in common.",
        discussion: """
            Of the configuration, the table that each wants, and the table that its kernel holds. Exits with 1 if \
            anything differs.
            """)

    @OptionGroup var api: API

    @Option(help: ArgumentHelp("How many entries of each, 1 to 1000.", valueName: "n"))
    var limit = 20

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit \(limit) is not 1 to 1000") }
    }

    func run() async throws {
        try await api.run { client in
            let report = try await client.diff(limit: limit)
            if json { try Terminal.say(json: report) } else { Terminal.say(DiffText.text(report, Terminal.style)) }
            if !report.isSame { throw ExitCode(1) }
        }
    }
}

/// Differences as lines for people: `services.web.scheduler: wlc here, wrr on lb2`.
package enum DiffText {
    package static func text(_ report: DiffReport, _ style: Style = .plain) -> String {
        report.subjects.map { text($0, report.peer, style) }.joined()
    }

    private static func text(_ diff: SubjectDiff, _ peer: String, _ style: Style) -> String {
        let title =
            switch diff.subject {
            case .configuration: "Configuration"
            case .desired: "Table wanted"
            case .kernel: "Table in the kernel"
            }
        let state = diff.isSame ? style.paint("the same", .green) : style.paint("differs", .yellow)
        let note = diff.note.map { " (\($0))" } ?? ""
        let lines = diff.entries.map {
            "  \($0.path): \($0.here ?? "absent") here, \($0.there ?? "absent") on \(peer)\n"
        }
        let more = diff.hasMore ? "  and more: --limit shows them\n" : ""
        return "\(title): \(state)\(note)\n" + lines.joined() + more
    }
}
