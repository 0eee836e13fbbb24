package import ArgumentParser
import Control

/// `tandem`: what a person types.
package struct Tandem: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tandem",
        abstract: "Look at and steer a director pair.",
        discussion: """
            Exit codes: 0 done; 1 refused or failed, with a sentence on standard error; 64 wrong usage; 69 tandemd \
            cannot be reached; 77 not allowed to ask it. 'status --check' exits as a monitoring plugin: 0 OK, \
            1 WARNING, 2 CRITICAL, 3 UNKNOWN.
            """,
        version: Version.current,
        subcommands: [
            StatusCommand.self, ServicesCommand.self, ServersCommand.self, ChecksCommand.self,
            CheckCommand.self, TableCommand.self, DiffCommand.self,
            ExplainCommand.self, TopCommand.self,
            HandoverCommand.self,
            StandbyCommand.self, OnlineCommand.self, PauseCommand.self, ResumeCommand.self,
            DrainCommand.self, ReadyCommand.self, WeightCommand.self,
            PlanCommand.self, ApplyCommand.self, AdoptCommand.self,
            EventsCommand.self, MetricsCommand.self, ValidateCommand.self, KeygenCommand.self, KeysCommand.self,
            DrillCommand.self,
            RealServerCommand.self, DoctorCommand.self,
        ])

    package init() {}

    /// Reads the command line, does what it says and exits.
    package static func begin() async {
        await main()
    }
}
