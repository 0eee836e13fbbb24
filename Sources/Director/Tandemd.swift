package import ArgumentParser
import Control
import Glibc
import Logging

/// `tandemd`: runs a director.
package struct Tandemd: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tandemd",
        abstract: "Run one director of a pair, or a witness.",
        discussion: """
            SIGHUP reloads the configuration; SIGTERM hands every group over and stops; SIGUSR2 exits so that a new \
            process can go on with everything this one holds. Exit codes: 0 stopped as \
            asked; 1 could not start, or lost its API, with a sentence on standard error; 64 wrong usage.
            """,
        version: Version.current)

    @Option(help: "The configuration, the same on both directors.")
    var config = "/etc/tandem/tandem.yaml"

    @Option(help: "Which director of the configuration this is; by default its addresses tell.")
    var node: String?

    @Option(help: "Where the director keeps what must outlive it.")
    var state = "/var/lib/tandem"

    @Option(help: "The socket of the API.")
    var api = "/run/tandem/api.sock"

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "Where the director keeps what a reboot may forget; by default the folder of the API's socket.",
            valueName: "folder"))
    var runFolder: String?

    @Option(
        help: ArgumentHelp(
            "Run no director but a witness, which breaks ties for the pairs of this file and keeps nothing.",
            valueName: "file"))
    var witness: String?

    @Flag(help: "Remove the virtual addresses that a crashed director left on this machine, and exit.")
    var release = false

    package init() {}

    package func run() async throws {
        do {
            if let witness { return try await WitnessDaemon(file: witness).run() }
            let director = Director(config: config, node: node, state: state, api: api, runFolder: runFolder)
            if release { try director.release() } else { try await director.run() }
        } catch let problem as StartProblem {
            say(problem.description)
            throw ExitCode.failure
        } catch {
            say("tandemd: \(error)")
            throw ExitCode.failure
        }
    }

    private func say(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }

    /// Reads the command line, runs the director and exits.
    package static func begin() async { await main() }
}

/// Why a director does not start: one or more lines that name the thing, the place and the remedy.
struct StartProblem: Error, CustomStringConvertible {
    var description: String
}
