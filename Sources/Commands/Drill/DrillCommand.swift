import ArgumentParser

struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Rehearse a failure and measure what clients notice.",
        subcommands: [
            DrillServeCommand.self, DrillLoadCommand.self, DrillProbeCommand.self, DrillOutageCommand.self,
            DrillReportCommand.self,
        ])
}
