import ArgumentParser
import Control
import Settings

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let no role change by itself, except after the holder's death.",
        discussion: """
            For the whole pair, until the time is over or 'tandem resume'. 'tandem handover' and 'tandem standby' \
            still work. A second pause takes the place of the first.
            """)

    @OptionGroup var api: API
    @OptionGroup var wish: WishOptions

    @Option(name: .customLong("for"), help: ArgumentHelp("How long: 30s, 20m, 2h; at most 168h.", valueName: "time"))
    var length = "1h"

    func validate() throws { _ = try seconds() }

    private func seconds() throws -> Int64 {
        let whole = try? DurationText.parse(length).components
        guard let whole, whole.attoseconds == 0, (1...604_800).contains(whole.seconds) else {
            throw ValidationError("--for \(length) is not 1s to 168h, such as 30s, 20m or 2h")
        }
        return whole.seconds
    }

    func run() async throws {
        let order = WishOrder.pause(PauseRequest(seconds: try seconds(), reason: wish.reason))
        try await api.run { client in
            try await wish.make(order, at: client) { _, _ in nil }
        }
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "End a pause before its time, on both directors.")

    @OptionGroup var api: API
    @OptionGroup var wish: WishOptions

    func run() async throws {
        try await api.run { client in
            try await wish.make(.resume(PauseRequest(reason: wish.reason)), at: client) { _, _ in nil }
        }
    }
}
