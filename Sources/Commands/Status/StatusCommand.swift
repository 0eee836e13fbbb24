import ArgumentParser
import Control

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show who is active, since when and why, and whether all is well.")

    @OptionGroup var api: API

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    @Flag(help: "Again every second, until interrupted.")
    var watch = false

    @Flag(help: "One line and an exit code for a monitoring system.")
    var check = false

    func validate() throws {
        if watch && check { throw ValidationError("--watch and --check exclude each other") }
    }

    func run() async throws {
        if check { return try await report() }
        try await api.run { client in
            try await show(client)
            while watch {
                try await Task.sleep(for: .seconds(1))
                do {
                    try await show(client)
                } catch let error as ControlClientError {
                    clear()
                    Terminal.say("\(error)\n")
                }
            }
        }
    }

    private func show(_ client: ControlClient) async throws {
        let status = try await client.status()
        if watch { clear() }
        if json {
            try Terminal.say(json: status, pretty: !watch)
        } else {
            Terminal.say(StatusText(status, now: Terminal.now, style: Terminal.style).text)
        }
    }

    /// Home, and nothing below it; in a pipe the pages just follow each other.
    private func clear() {
        if Terminal.isInteractive { Terminal.say("\u{1B}[H\u{1B}[J") }
    }

    private func report() async throws {
        let report: PluginReport
        do {
            report = PluginReport(try await api.client.status())
        } catch {
            report = PluginReport(unknown: error.description)
        }
        Terminal.say(report.line + "\n")
        throw ExitCode(report.level.rawValue)
    }
}
