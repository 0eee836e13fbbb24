import Addresses
import ArgumentParser

/// `tandem realserver`: what a server needs so that direct routing and tunnels reach it.
struct RealServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "realserver",
        abstract: "Prepare this machine as a server, for direct routing and tunnels.",
        discussion: """
            Works on the server itself, with the pair's configuration file and without tandemd: virtual addresses on \
            lo or on a tunnel device, silence about them on the wire, the reverse path, ports of GUE. \
            Docs/RealServers.md says what and why.
            Exit codes: 0 all is as it should be; 1 refused or failed; 2 something is to be done, or (after apply) \
            only a person can do it.
            """,
        subcommands: [
            RealServerPlanCommand.self, RealServerApplyCommand.self, RealServerVerifyCommand.self,
            RealServerUndoCommand.self,
        ])
}

/// Which file, which server, and where it is written down.
struct RealServerOptions: ParsableArguments {
    @Argument(help: "The pair's configuration file.")
    var file = "/etc/tandem/tandem.yaml"

    @Option(help: ArgumentHelp("The server that this machine is, else the one whose address it has. May be repeated."))
    var address: [String] = []

    @OptionGroup var output: RealServerOutput

    func task() throws -> ServerTask {
        let addresses = try address.map { text in
            guard let address = IPAddress(text) else { throw CommandFailure("--address \(text) is no IP address") }
            return address
        }
        return try ServerTask(folder: output.state, file: file, addresses: addresses)
    }

    /// Shows what is to be done, in these words, and does nothing; exit code 2 if that is anything.
    func look(_ words: (RealServerReport) -> String) throws {
        try output.run {
            var task = try task()
            let plan = try task.plan()
            let report = RealServerReport(task.duty, plan)
            try output.show(report, words(report))
            if !plan.isRight { throw ExitCode(2) }
        }
    }
}

struct RealServerOutput: ParsableArguments {
    @Option(help: ArgumentHelp("Where apply writes down what it did.", valueName: "folder"))
    var state = ServerStore.usualFolder

    @Flag(help: "As JSON.")
    var json = false

    func show(_ report: RealServerReport, _ text: String) throws {
        if json { try Terminal.say(json: report) } else { Terminal.say(text) }
    }

    /// Runs the body; what it throws is a sentence and exit code 1.
    func run(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let code as ExitCode {
            throw code
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }
}

struct RealServerPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Say what apply would do, and do nothing.")

    @OptionGroup var options: RealServerOptions

    func run() async throws {
        try options.look { $0.planned }
    }
}

struct RealServerVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Say what is wrong with this server, and do nothing.")

    @OptionGroup var options: RealServerOptions

    func run() async throws {
        try options.look { $0.verified }
    }
}

struct RealServerApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Do it. What is right already is left alone.",
        discussion: "What was done is written down, and 'undo' takes exactly that back.")

    @OptionGroup var options: RealServerOptions

    @Flag(help: "Have systemd do it again after each boot.")
    var persist = false

    @Option(help: ArgumentHelp("Where units lie.", valueName: "folder", visibility: .hidden))
    var units = ServerUnit.usualFolder

    func run() async throws {
        try options.output.run {
            var task = try options.task()
            let plan = try task.plan()
            var report = RealServerReport(task.duty, plan)
            let isNew = try persist ? install(&task) : false
            let failures = try carryOut(plan, &task, &report)
            if isNew { report.notes.append("\(units)/\(ServerUnit.name) does this again after each boot") }
            try options.output.show(report, report.done)
            if failures > 0 { throw ExitCode.failure }
            if !plan.problems.isEmpty { throw ExitCode(2) }
        }
    }

    private func install(_ task: inout ServerTask) throws -> Bool {
        var words = [try ServerUnit.ownProgram(), "realserver", "apply", "--state", options.output.state]
        words += options.address.flatMap { ["--address", $0] }
        words.append(try ServerUnit.absolute(options.file))
        try task.note(unit: "\(units)/\(ServerUnit.name)")
        return try ServerUnit(words: words).install(in: units)
    }
}

struct RealServerUndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back what apply did, and nothing else.",
        discussion: "A switch that somebody changed since is left as it is. Needs no configuration file.")

    @OptionGroup var output: RealServerOutput

    func run() async throws {
        try output.run {
            var task = try ServerTask(folder: output.state)
            let plan = try task.plan()
            var report = RealServerReport(task.duty, plan)
            let failures = try carryOut(plan, &task, &report)
            if let unit = task.kept.unit {
                try ServerUnit.remove(unit)
                report.notes.append("removed \(unit)")
            }
            if failures == 0 { try task.forgetAll() }
            try output.show(report, report.done)
            if failures > 0 { throw ExitCode.failure }
        }
    }
}

/// How many steps failed; the report tells which.
private func carryOut(_ plan: ServerPlan, _ task: inout ServerTask, _ report: inout RealServerReport) throws -> Int {
    var failures: [String?] = []
    let count = try task.carryOut(plan) { failures.append($1) }
    for (index, failure) in failures.enumerated() { report.steps[index].failure = failure }
    return count
}
