import ArgumentParser
import Control

struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Print the figures that Prometheus reads.",
        discussion: "In the text exposition format 0.0.4, whether or not the configuration has metrics.")

    @OptionGroup var api: API

    func run() async throws {
        try await api.run { client in Terminal.say(try await client.metrics()) }
    }
}
