import ArgumentParser
package import Control

struct TableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table", abstract: "Show the kernel's table beside the desired one.",
        discussion: """
            Without an option in the layout of 'ipvsadm -Sn', '+' before what the kernel lacks, '-' before what it has \
            too much; services that are not Tandem's stand below, and stay as they are. With one, everything that the \
            kernel holds at this moment.
            """)

    @OptionGroup var api: API

    @Flag(help: "What the kernel holds now, the services of others too, as 'ipvsadm' prints it with these options.")
    var layout: TableLayout?

    @Flag(help: "With --stats and --rate: numbers whole, however long.")
    var exact = false

    @Flag(help: "With --save: what else 'ipvsadm -S' loses, in lines that only ipvsadm-restore passes over.")
    var comments = false

    @Option(help: ArgumentHelp("With --connections: so many at the most, 1 to 1,000,000.", valueName: "number"))
    var limit = 1000

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is 1 to 1000000") }
    }

    func run() async throws {
        try await api.run { client in
            switch layout {
            case nil:
                let report = try await client.tables()
                if json { return try Terminal.say(json: report) }
                Terminal.say(TableText.text(report, style: Terminal.style))
            case .connections?: try await ConnectionListing(client, limit: limit, isJSON: json).run()
            case let layout?:
                if json { return try Terminal.say(json: try await client.counters()) }
                let request = ListingRequest(layout: layout.name, isExact: exact, hasComments: comments)
                Terminal.say(try await client.listing(request).text)
            }
        }
    }
}

/// What `tandem table` shows instead of both tables.
enum TableLayout: String, EnumerableFlag {
    case list, stats, rate, thresholds, save, connections

    static func help(for layout: TableLayout) -> ArgumentHelp? {
        switch layout {
        case .list: "The kernel's table with its connections, as 'ipvsadm -Ln' prints it."
        case .stats: "The same with what has come since, as 'ipvsadm -Ln --stats'."
        case .rate: "The same with what comes in a second, as 'ipvsadm -Ln --rate'."
        case .thresholds: "The same with the thresholds, as 'ipvsadm -Ln --thresholds'."
        case .save: "The kernel's table for 'ipvsadm -R', with the thresholds that 'ipvsadm -S' leaves out."
        case .connections: "The kernel's connections, as 'ipvsadm -Lnc' prints them."
        }
    }

    var name: ListingRequest.Layout {
        switch self {
        case .list, .connections: .list
        case .stats: .stats
        case .rate: .rate
        case .thresholds: .thresholds
        case .save: .save
        }
    }
}

/// Both tables as one list of lines.
package enum TableText {
    /// Lines of both as they are; `+` before what the kernel lacks, `-` before what it has too much.
    package static func text(_ report: TableReport, style: Style = .plain) -> String {
        let desired = lines(report.desired)
        guard let text = report.kernel else {
            let missing = style.paint("The kernel has no ip_vs (modprobe ip_vs). It should hold:", .red)
            return missing + "\n" + desired.map { $0 + "\n" }.joined()
        }
        let merged = merge(kernel: lines(text), desired: desired)
        let foreign = report.foreign.map { "\nNot Tandem's:\n" + $0 } ?? ""
        guard merged.contains(where: { $0.mark != " " }) else { return text + foreign }
        return merged.map { style.paint("\($0.mark) \($0.line)", colours[$0.mark]) + "\n" }.joined() + foreign
    }

    private static let colours: [Character: Style.Colour] = ["+": .green, "-": .red]

    private static func merge(kernel: [String], desired: [String]) -> [(mark: Character, line: String)] {
        let changes = desired.difference(from: kernel)
        let removed = Set(changes.removals.map(\.offset))
        let inserted = Set(changes.insertions.map(\.offset))
        var merged: [(Character, String)] = []
        var next = 0
        for (offset, line) in kernel.enumerated() {
            if removed.contains(offset) {
                merged.append(("-", line))
                continue
            }
            while inserted.contains(next) {
                merged.append(("+", desired[next]))
                next += 1
            }
            merged.append((" ", line))
            next += 1
        }
        return merged + desired[next...].map { ("+", $0) }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }
}

extension CollectionDifference.Change {
    /// Where it applies.
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
