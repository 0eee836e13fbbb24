import ArgumentParser
package import Control

struct HandoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handover", abstract: "Make the other director active, without losing a packet.",
        discussion: "Waits until the other director is active, and says so; exits with 1 if it does not get there.")

    @OptionGroup var api: API

    @Argument(help: "The group; else every group that this director holds.")
    var group: String?

    @Option(help: ArgumentHelp("The director that shall be active; else the other one.", valueName: "node"))
    var to: String?

    @Option(help: ArgumentHelp("How long to wait for the end, 1 to 600.", valueName: "seconds"))
    var wait = 15

    @Flag(help: "Even to a director that lacks the table or connections: those are lost.")
    var force = false

    @Flag(help: "As JSON: the groups and the director that is now active.")
    var json = false

    func validate() throws {
        guard (1...600).contains(wait) else { throw ValidationError("--wait \(wait) is not 1 to 600 seconds") }
    }

    func run() async throws {
        try await api.run { client in
            let clock = ContinuousClock()
            let start = clock.now
            let report = try await client.handover(HandoverRequest(group: group, to: to, force: force ? true : nil))
            var progress = HandoverProgress(report)
            while !progress.isOver {
                guard clock.now - start < .seconds(wait) else { throw CommandFailure(progress.complaint(after: wait)) }
                try await Task.sleep(for: .milliseconds(50))
                progress.observe(try await client.status())
            }
            if json { return try Terminal.say(json: report) }
            let took = Words.milliseconds((clock.now - start) / .milliseconds(1))
            Terminal.say(report.groups.map { "\(report.to) is active for \($0), after \(took)\n" }.joined())
        }
    }
}

/// How far a handover has come, judged by the status of the director that was asked.
package struct HandoverProgress: Sendable {
    private let report: HandoverReport
    private var waiting: [String]
    private var newest: Status?

    package init(_ report: HandoverReport) {
        self.report = report
        waiting = report.groups
    }

    /// The wanted director holds every group.
    package var isOver: Bool { waiting.isEmpty }

    package mutating func observe(_ status: Status) {
        newest = status
        waiting = report.groups.filter { name in
            guard let group = status.groups.first(where: { $0.name == name }) else { return true }
            let isSettled = status.director == report.to || group.role == "backup"
            return group.holder != report.to || !isSettled
        }
    }

    /// Which groups are not where they should be, and why if the director says so.
    package func complaint(after seconds: Int) -> String {
        waiting.map { name in
            let group = newest?.groups.first { $0.name == name }
            let holder = group?.holder.map { "\($0) still holds it" } ?? "nobody holds it"
            let why = group?.waitingFor.map { ", waiting for \($0)" } ?? ""
            return "\(report.to) is not active for \(name) after \(seconds) s: \(holder)\(why)"
        }.joined(separator: "; ")
    }
}
