import ArgumentParser
import Drills

struct DrillReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Show what clients noticed of a takeover and a handover, and judge it.",
        discussion: "Exits with 1 if something that must hold does not.")

    @Option(help: ArgumentHelp("What 'drill load --json' wrote during a takeover.", valueName: "file"))
    var takeover: String?

    @Option(help: ArgumentHelp("What 'drill load --json' wrote during a handover.", valueName: "file"))
    var handover: String?

    @Option(help: ArgumentHelp("What connecting may take during a handover.", valueName: "ms"))
    var slowest = 250.0

    @Option(
        help: ArgumentHelp("How many handshakes a handover may cost, caught half-way.", valueName: "n"))
    var young = 0

    @Option(help: ArgumentHelp("How many segments may be sent again during a handover.", valueName: "n"))
    var repeats: UInt64 = 0

    func validate() throws {
        guard takeover != nil || handover != nil else { throw ValidationError("neither --takeover nor --handover") }
    }

    func run() async throws {
        try Drill.judge {
            var judgements: [Judgement] = []
            if let takeover {
                let report = try Drill.read(LoadReport.self, from: takeover)
                Terminal.say("Takeover (the active director was cut off)\n\n\(report.text)\n")
                judgements += Judgement.takeover(report)
            }
            if let handover {
                let report = try Drill.read(LoadReport.self, from: handover)
                Terminal.say("Handover (planned)\n\n\(report.text)\n")
                judgements += Judgement.handover(report, slowest: slowest, young: young, repeats: repeats)
            }
            return judgements
        }
    }
}
