import ArgumentParser

struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Rehearse a failure and measure what clients notice.",
        subcommands: [
            DrillListCommand.self, DrillRunCommand.self, DrillReportCommand.self, DrillProbeCommand.self,
            DrillLoadCommand.self, DrillServeCommand.self,
        ])
}
