import ArgumentParser
import Control
import Drills

struct DrillOutageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outage",
        abstract: "Judge a takeover: from the last heartbeat heard to the first answer of the address.")

    @Option(help: ArgumentHelp("What 'drill probe --json' wrote.", valueName: "file"))
    var probe: String

    @Option(
        help: ArgumentHelp("What 'tandem events --json' printed on the director that took over.", valueName: "file"))
    var events: String

    @Option(help: ArgumentHelp("How long it may be.", valueName: "ms"))
    var limit: Double

    func run() async throws {
        try Drill.judge {
            let report = try Drill.read(ProbeReport.self, from: probe)
            let events = try Drill.readLines(Event.self, from: events)
            guard let heard = events.last(where: { $0.kind == .role && $0.lastHeard != nil })?.lastHeard else {
                throw DrillError("\(self.events) holds no change of role after a silence")
            }
            return [Judgement.cut(report, lastHeard: heard, limit: limit).judgement]
        }
    }
}
