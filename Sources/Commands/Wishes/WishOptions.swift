import ArgumentParser
import Control

/// What standby, online, pause and resume have in common.
struct WishOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why, in at most 64 bytes; shown on both directors.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("How long to wait until it has happened, 1 to 600.", valueName: "seconds"))
    var wait = 15

    @Flag(help: "As JSON.")
    var json = false

    func validate() throws {
        guard (1...600).contains(wait) else { throw ValidationError("--wait \(wait) is not 1 to 600 seconds") }
    }

    /// Asks, waits until both directors know and `obstacle` has nothing to say, and says what is so.
    func make(
        _ order: WishOrder, at client: ControlClient, obstacle: (WishReport, Status) -> String?
    ) async throws {
        let start = ContinuousClock.now
        let report = try await client.wish(order)
        var status = try await client.status()
        while !report.isSettled(in: status, obstacle(report, status)), ContinuousClock.now - start < .seconds(wait) {
            try await Task.sleep(for: .milliseconds(50))
            status = try await client.status()
        }
        if json {
            try Terminal.say(json: report)
        } else {
            Terminal.say(report.sentence(now: Terminal.now) + "\n")
            for warning in report.warnings { Terminal.say("Warning: \(warning)\n") }
        }
        if let obstacle = obstacle(report, status) { throw CommandFailure(obstacle) }
    }
}

extension WishReport {
    /// Whether there is nothing to wait for. A peer that is not heard is not waited for.
    fileprivate func isSettled(in status: Status, _ obstacle: String?) -> Bool {
        guard status.peer.state == .heard else { return true }
        guard obstacle == nil else { return false }
        return switch wish {
        case "standby": status.standby.first { $0.director == director }?.shared ?? false
        case "pause": status.pause?.shared ?? false
        default: true
        }
    }

    package func sentence(now: Int64) -> String {
        switch wish {
        case "standby": "\(director ?? "") is in standby: it takes nothing until 'tandem online'"
        case "online": "\(director ?? "") is online"
        case "pause": "the pair is paused for \(Words.duration((until ?? now) - now)): 'tandem resume' ends it"
        default: "the pair is not paused"
        }
    }
}
