import ArgumentParser
package import Control

/// `tandem keys`: what protects what the directors say to each other.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Show and change the keys of both directors.",
        discussion: """
            One command on either director does it on both, or on neither: add a key, activate it, retire the old one. \
            No role changes. A key that a director sends with, or that is still seen on the wire, is not retired.
            """,
        subcommands: [
            KeysListCommand.self, KeysAddCommand.self, KeysActivateCommand.self, KeysRetireCommand.self,
        ],
        defaultSubcommand: KeysListCommand.self)
}

struct KeysListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show which keys each director accepts and sends with (the default).")

    @OptionGroup var output: KeysOutput

    func run() async throws {
        try await output.api.run { output.show(try await $0.keys()) }
    }
}

struct KeysAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a key and store it on both directors, which accept it from then on.")

    @Argument(help: "Its name, else the next number.")
    var name: String?

    @OptionGroup var output: KeysOutput

    func run() async throws { try await output.change(KeyOrder(task: .add, key: name)) }
}

struct KeysActivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Let both directors send with a key; waits until they do.")

    @Argument(help: "The key's id or name.")
    var key: String

    @OptionGroup var output: KeysOutput

    func run() async throws { try await output.change(KeyOrder(task: .activate, key: key)) }
}

struct KeysRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Remove a key from both directors.",
        discussion: "Waits up to 5 s for the key to be gone from the wire.")

    @Argument(help: "The key's id or name.")
    var key: String

    @OptionGroup var output: KeysOutput

    func run() async throws { try await output.change(KeyOrder(task: .retire, key: key)) }
}

struct KeysOutput: ParsableArguments {
    @OptionGroup var api: API

    @Flag(help: "As JSON.")
    var json = false

    func change(_ order: KeyOrder) async throws {
        try await api.run { show(try await $0.changeKeys(order)) }
    }

    func show(_ report: KeysReport) {
        if json, (try? Terminal.say(json: report)) != nil { return }
        Terminal.say(KeysText(report).text(Terminal.style))
    }
}

/// The keys as a table with a column for each director.
package struct KeysText {
    private let report: KeysReport

    package init(_ report: KeysReport) {
        self.report = report
    }

    package func text(_ style: Style) -> String {
        var table = TextTable([
            ("NAME", .left), ("ID", .left), (report.director.uppercased(), .left), (report.peer.uppercased(), .left),
            ("SEEN", .left),
        ])
        for key in report.keys {
            table.add([
                TextTable.Cell(key.name), TextTable.Cell(key.id), cell(key.here), thereCell(key.there),
                TextTable.Cell(seen(key)),
            ])
        }
        let footer = report.canRotate ? "" : "\(report.path) is a single file: changing keys needs a directory.\n"
        return table.text(style) + footer + report.problems.map { "\($0)\n" }.joined()
    }

    private func cell(_ use: KeyUse?) -> TextTable.Cell {
        guard let use else { return TextTable.Cell("not accepted", .red) }
        switch (use.isSending, use.isInUse) {
        case (true, true): return TextTable.Cell("sends", .green)
        case (true, false): return TextTable.Cell("sends next", .yellow)
        case (false, true): return TextTable.Cell("sends still", .yellow)
        case (false, false): return TextTable.Cell("accepts")
        }
    }

    private func thereCell(_ use: KeyUse?) -> TextTable.Cell {
        report.peerAnswered ? cell(use) : TextTable.Cell("unknown", .yellow)
    }

    /// When either director last heard something under the key.
    private func seen(_ key: KeyStatus) -> String {
        guard let seconds = [key.here?.lastSeen, key.there?.lastSeen].compactMap({ $0 }).min() else { return "never" }
        return seconds < 1 ? "now" : "\(Words.duration(seconds)) ago"
    }
}
