import ArgumentParser
import Control

struct ReadyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ready", abstract: "End the drain of a server, on both directors.",
        discussion: "A weight that 'tandem weight' gave it stays.")

    @OptionGroup var api: API
    @OptionGroup var words: OverrideOptions

    func run() async throws {
        try await api.run { client in
            try words.say(try await client.override(.ready(words.request())))
        }
    }
}

struct WeightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weight", abstract: "Give a server another weight than the configuration's.",
        discussion: """
            On both directors, until 'tandem weight SERVER original', also over restarts and takeovers. With 0 it gets \
            no new connections. A server that drains has weight 0, whatever is said here.
            """)

    @OptionGroup var api: API
    @OptionGroup var words: OverrideOptions

    @Argument(help: "0 to 2147483647, or 'original' for the configuration's.")
    var weight: String

    @Flag(help: "Also weight 0 where a service has no other server left that takes connections.")
    var force = false

    func validate() throws {
        guard weight == "original" || number != nil else {
            throw ValidationError("\(weight) is no weight: 0 to 2147483647, or original")
        }
    }

    private var number: UInt32? { UInt32(weight).flatMap { $0 <= 2_147_483_647 ? $0 : nil } }

    func run() async throws {
        try await api.run { client in
            let request = words.request(
                weight: number, original: weight == "original" ? true : nil, force: force)
            try words.say(try await client.override(.weight(request)))
        }
    }
}
