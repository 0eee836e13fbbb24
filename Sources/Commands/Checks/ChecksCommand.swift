import ArgumentParser
import Control

/// Which server is meant, and what is made of the answer.
struct CheckOptions: ParsableArguments {
    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    @Option(help: "Only in this service.")
    var service: String?

    @Argument(help: "Its address, with port or without: 10.1.0.21, 10.1.0.21:80, [2001:db8::21]:80.")
    var server: String

    var request: CheckRequest { CheckRequest(server: server, service: service) }
}

struct ChecksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checks", abstract: "Show how a server is checked, what came of it, and when it is asked next.")

    @OptionGroup var api: API

    @Flag(help: "Every result that is remembered, not only the newest.")
    var history = false

    @OptionGroup var options: CheckOptions

    func run() async throws {
        try await api.run { client in
            let report = try await client.checks(options.request)
            if options.json { return try Terminal.say(json: report) }
            Terminal.say(
                ChecksText.checks(report, history: history, now: Terminal.nowMilliseconds, style: Terminal.style))
        }
    }
}

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a server once, now, and show what was said.",
        discussion: """
            The director that is asked does it, as its own checks do. It counts for nothing: verdicts and tables stay \
            as they are. What the director says is not shown where it holds a password.

            Exit code 1 if a check fails.
            """)

    @OptionGroup var api: API

    @OptionGroup var options: CheckOptions

    func run() async throws {
        try await api.run { client in
            let report = try await client.check(options.request)
            if options.json {
                try Terminal.say(json: report)
            } else {
                Terminal.say(ChecksText.trials(report, style: Terminal.style))
            }
            guard report.trials.allSatisfy(\.result.isPass) else { throw ExitCode.failure }
        }
    }
}
