import Addresses
import ArgumentParser
import Drills

struct DrillLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Put connections on a service and judge what a failure does to them.",
        discussion: """
            Says "ready" when all long connections stand and "now" when the failure is due; the idle connections say \
            nothing from "ready" until --after seconds after "now", and must then answer. Ends with a report, \
            and with 1 if a connection broke. The service must send back what it gets, as 'tandem drill serve' does.
            """)

    @Argument(help: ArgumentHelp("The service; several take turns.", valueName: "address:port"))
    var targets: [Endpoint]

    @Option(help: ArgumentHelp("Long connections, 1 to 10000.", valueName: "n"))
    var connections = 100

    @Option(help: ArgumentHelp("How many of them are idle.", valueName: "n"))
    var idle = 50

    @Option(help: ArgumentHelp("How often each of the others sends.", valueName: "ms"))
    var sendEvery = 50

    @Option(help: ArgumentHelp("How often a new connection is made.", valueName: "ms"))
    var connectEvery = 20

    @Option(help: ArgumentHelp("From \"ready\" to \"now\".", valueName: "seconds"))
    var before = 10

    @Option(help: ArgumentHelp("From \"now\" to the questions for the idle.", valueName: "seconds"))
    var after = 10

    @Option(help: ArgumentHelp("How long an answer may take.", valueName: "seconds"))
    var patience = 10

    @Option(help: ArgumentHelp("Write the report there, as JSON.", valueName: "file"))
    var json: String?

    func validate() throws {
        guard (1...10_000).contains(connections) else {
            throw ValidationError("--connections \(connections) is not 1 to 10000")
        }
        guard (0...connections).contains(idle) else {
            throw ValidationError("--idle \(idle) is not 0 to \(connections)")
        }
        guard sendEvery > 0, connectEvery > 0, before >= 0, after >= 0, patience > 0 else {
            throw ValidationError("a time is not positive")
        }
    }

    func run() async throws {
        var settings = LoadSettings(targets: targets)
        settings.connections = connections
        settings.idle = idle
        settings.sendEvery = .milliseconds(sendEvery)
        settings.connectEvery = .milliseconds(connectEvery)
        settings.before = .seconds(before)
        settings.after = .seconds(after)
        settings.patience = .seconds(patience)
        let report = try DrillFile.run { () throws(DrillError) in
            var load = try Load(settings)
            return try load.run { Terminal.say("\($0.rawValue)\n") }
        }
        Terminal.say(report.text)
        if let json { try DrillFile.write(report, to: json) }
        let judgements = Judgement.takeover(report)
        Terminal.say(judgements.map { "\($0.line)\n" }.joined())
        guard judgements.allSatisfy(\.holds) else { throw ExitCode(1) }
    }
}
