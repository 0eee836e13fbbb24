import ArgumentParser
import Drills

struct DrillReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Show what 'drill run --json' wrote.",
        discussion: "Exits with 1 if a rule was broken.")

    @Argument(help: ArgumentHelp("One or more reports.", valueName: "file"))
    var files: [String]

    func run() async throws {
        var passes = true
        for file in files {
            let report = try DrillFile.run { () throws(DrillError) in try DrillFile.read(DrillReport.self, from: file) }
            Terminal.say(DrillText.report(report, style: Terminal.style))
            passes = passes && report.passes
        }
        guard passes else { throw ExitCode(1) }
    }
}
