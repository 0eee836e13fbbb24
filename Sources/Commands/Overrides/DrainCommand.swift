import ArgumentParser
package import Control
import Settings

struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Give a server no new connections; what is connected may finish.",
        discussion: """
            On both directors, until 'tandem ready', also over restarts and takeovers. With --wait it ends when the \
            kernels of both count no active connection, and with exit code 1 if that takes longer than --timeout; the \
            drain goes on then.
            """)

    @OptionGroup var api: API
    @OptionGroup var words: OverrideOptions

    @Flag(help: "Also where a service has no other server left that takes connections.")
    var force = false

    @Flag(help: "Until no active connection is left.")
    var wait = false

    @Option(help: ArgumentHelp("How long to wait: 30s, 10m, 2h, 1d; at most 7d.", valueName: "time"))
    var timeout = "10m"

    func validate() throws { _ = try seconds() }

    private func seconds() throws -> Int64 {
        guard let seconds = PauseCommand.seconds(timeout) else {
            throw ValidationError("--timeout \(timeout) is not 1s to 7d, such as 30s, 10m, 2h or 1d")
        }
        return seconds
    }

    func run() async throws {
        let seconds = try seconds()
        try await api.run { client in
            let report = try await client.override(.drain(words.request(force: force)))
            guard wait else { return try words.say(report) }
            if !words.json { try words.say(report) }
            let end = try await watch(report, client, until: .now + .seconds(seconds))
            if words.json { try Terminal.say(json: end) }
            if end.isDrained != true { throw CommandFailure(end.unfinished(after: seconds)) }
            if !words.json { Terminal.say("\(end.name) is drained: no active connection is left\n") }
        }
    }

    /// Looks until it is over or the time is, and says how many are left whenever that changes.
    private func watch(
        _ report: ServerReport, _ client: ControlClient, until end: ContinuousClock.Instant
    ) async throws -> OverrideStatus {
        var last: String?
        while true {
            let found = try await client.status().overrides?.first { $0.isDrain(of: report) }
            guard let found else { throw CommandFailure("\(report.name) does not drain any more") }
            guard let connections = found.connections, connections.here != nil else {
                if ContinuousClock.now < end, last == nil { try await pause(); continue }
                throw CommandFailure("the kernel has no ip_vs, so nobody counts what is left")
            }
            if found.isDrained == true || ContinuousClock.now >= end { return found }
            if !words.json, last != connections.words {
                last = connections.words
                Terminal.say("\(connections.words)\n")
            }
            try await pause()
        }
    }

    private func pause() async throws { try await Task.sleep(for: .milliseconds(250)) }
}

extension OverrideStatus {
    fileprivate func isDrain(of report: ServerReport) -> Bool {
        weight == nil && server == report.server && service == report.service
    }

    fileprivate func unfinished(after seconds: Int64) -> String {
        let left = connections.map { ", \($0.words)" } ?? ""
        return "\(name) is not drained after \(Words.duration(seconds))\(left); the drain goes on"
    }
}

extension DrainConnections {
    /// `12 connections left here, 11 at the peer`.
    package var words: String {
        guard let here else { return "connections are not counted" }
        let own = "\(here) connection\(here == 1 ? "" : "s") left"
        guard let there, there != here else { return own }
        return "\(own) here, \(there) at the peer"
    }
}
