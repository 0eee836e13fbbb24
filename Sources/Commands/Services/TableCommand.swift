import ArgumentParser
package import Control

struct TableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table", abstract: "Show the kernel's table beside the desired one.",
        discussion: "In the layout of 'ipvsadm -Sn'. Services that Tandem does not own are not shown.")

    @OptionGroup var api: API

    @Flag(help: "The kernel's table alone, for 'ipvsadm -R'.")
    var save = false

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    func run() async throws {
        try await api.run { client in
            let report = try await client.tables()
            if json { return try Terminal.say(json: report) }
            guard save else { return Terminal.say(TableText.text(report, style: Terminal.style)) }
            guard let kernel = report.kernel else {
                throw CommandFailure("the kernel has no ip_vs, so there is no table to save: modprobe ip_vs")
            }
            Terminal.say(kernel)
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
        guard merged.contains(where: { $0.mark != " " }) else { return text }
        return merged.map { style.paint("\($0.mark) \($0.line)", colours[$0.mark]) + "\n" }.joined()
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
