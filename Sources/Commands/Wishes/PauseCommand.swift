package import ArgumentParser
import Control
import Settings

package struct PauseCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let no role change by itself, except after the holder's death.",
        discussion: """
            For the whole pair, until the time is over or 'tandem resume'. 'tandem handover' and 'tandem standby' \
            still work. A second pause takes the place of the first.
            """)

    @OptionGroup var api: API
    @OptionGroup var wish: WishOptions

    @Option(name: .customLong("for"), help: ArgumentHelp("How long: 30s, 20m, 2h, 1d; at most 7d.", valueName: "time"))
    var length = "1h"

    package init() {}

    package func validate() throws { _ = try seconds() }

    private func seconds() throws -> Int64 {
        guard let seconds = Self.seconds(length) else {
            throw ValidationError("--for \(length) is not 1s to 7d, such as 30s, 20m, 2h or 1d")
        }
        return seconds
    }

    /// Whole seconds of a pause that a director takes; nil for any other text.
    package static func seconds(_ text: String) -> Int64? {
        let days = text.hasSuffix("d")
        let parsed = try? DurationText.parse(days ? text.dropLast() + "h" : text)
        guard let whole = parsed.map({ days ? $0 * 24 : $0 })?.components, whole.attoseconds == 0 else { return nil }
        return (1...604_800).contains(whole.seconds) ? whole.seconds : nil
    }

    package func run() async throws {
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
