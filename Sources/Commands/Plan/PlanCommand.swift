import ArgumentParser
import Control
import Settings
import SettingsFile

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a configuration would change in the kernel's table.",
        discussion: """
            Nothing is changed: the running director compares the configuration with the table that its kernel holds \
            now, with its verdicts. + is added, ~ changed, - removed, in the words of ipvsadm. Exit codes: 0 nothing \
            to do, 2 changes, 1 it cannot be planned or would be refused.
            """)

    @OptionGroup var api: API

    @Flag(help: "As JSON: the steps in their order (Docs/API.md).")
    var json = false

    @Argument(help: "The configuration; else the director's own file, as it is on the disk.")
    var file: String?

    func run() async throws {
        try await api.run { client in
            let report = try await client.plan(PlanRequest(files: try file.map(files)))
            if json { try Terminal.say(json: report) } else { Terminal.say(PlanText.text(report, Terminal.style)) }
            if !report.obstacles.isEmpty { throw ExitCode(1) }
            if !report.steps.isEmpty { throw ExitCode(2) }
        }
    }

    /// The file and all that it includes: the director does not open what others name.
    private func files(_ path: String) throws -> [PlanRequest.File] {
        let loaded = SettingsFile.load(path: path)
        guard loaded.settings != nil else {
            throw CommandFailure(loaded.errors.map(\.description).joined(separator: "\n"))
        }
        return try loaded.files.map { path in
            guard let text = SettingsFile.text(of: path) else {
                throw CommandFailure("\(path) changed while it was read, or is not UTF-8: try again")
            }
            return PlanRequest.File(path: path, text: text)
        }
    }
}

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Read the configuration again, and make the kernel's table true at once.",
        discussion: """
            Like SIGHUP, and the table is read back right away: what somebody else changed in it is put right and \
            named. A configuration that removes more than half of the services or servers, or all services, is \
            refused without --force. Exits with 1 if anything is refused.
            """)

    @OptionGroup var api: API

    @Flag(help: "Even if it removes most of what there is.")
    var force = false

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    func run() async throws {
        try await api.run { client in
            let report = try await client.apply(ApplyRequest(force: force ? true : nil))
            if json {
                try Terminal.say(json: report)
            } else {
                Terminal.say(report.configuration + "\n" + PlanText.lines(report.repairs, before: "put right: "))
            }
            try PlanText.complain(report.failures)
        }
    }
}

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Take over services of the kernel's table that somebody else wrote.",
        discussion: """
            Only those that the configuration names too: they are then made what it says. Services that it does not \
            name stay as they are.
            """)

    @OptionGroup var api: API

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    @Argument(help: "Such as tcp://192.0.2.10:80; else all that are in the way of the configuration.")
    var services: [String] = []

    func run() async throws {
        try await api.run { client in
            let report = try await client.adopt(AdoptRequest(services: services.isEmpty ? nil : services))
            if json {
                try Terminal.say(json: report)
            } else {
                Terminal.say(PlanText.lines(report.services, after: " is Tandem's now"))
            }
            try PlanText.complain(report.failures)
        }
    }
}
