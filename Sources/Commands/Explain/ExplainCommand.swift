import ArgumentParser
package import Control

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say where the kernel sends a flow, and why.",
        discussion: """
            For example: tandem explain tcp 198.51.100.7:40000 192.0.2.10:80

            Which service has it, whether a connection or a template decides, and which server the scheduler gives a \
            new one: exactly for sh, dh and mh, by what the kernel counts now for lc, wlc, sed, nq, fo and ovf, and \
            the candidates with their shares for the others.
            """)

    @OptionGroup var api: API

    @Option(help: ArgumentHelp("What netfilter marks these packets with.", valueName: "number"))
    var mark: UInt32 = 0

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    @Argument(help: "Protocol, client and what it sends to: tcp 198.51.100.7:40000 192.0.2.10:80")
    var flow: [String]

    func run() async throws {
        try await api.run { client in
            let report = try await client.explain(ExplainRequest(flow: flow.joined(separator: " "), mark: mark))
            if json { return try Terminal.say(json: report) }
            Terminal.say(ExplainText.text(report, style: Terminal.style))
        }
    }
}

/// An explanation as a page for people.
package enum ExplainText {
    package static func text(_ report: ExplainReport, style: Style = .plain) -> String {
        let service = report.service.map { " (service \($0))" } ?? ""
        let title = style.paint(report.flow, .bold) + service + "\n"
        let sentences = report.sentences.map { "  \($0)\n" }.joined()
        let candidates = table(report).text(style)
        return title + sentences + (candidates.isEmpty ? "" : "\n" + candidates)
    }

    private static func table(_ report: ExplainReport) -> TextTable {
        var table = TextTable([
            ("SERVER", .left), ("WEIGHT", .right), ("ACTIVE", .right), ("INACTIVE", .right), ("SHARE", .right),
            ("", .left),
        ])
        for candidate in report.candidates {
            let isChosen = candidate.endpoint == report.server
            table.add([
                .init(candidate.endpoint, isChosen ? .green : nil), "\(candidate.weight)", "\(candidate.active)",
                "\(candidate.inactive)", .init(candidate.share.map(Words.percent) ?? ""),
                .init(isChosen ? "<- a new connection" : ""),
            ])
        }
        return table
    }
}
