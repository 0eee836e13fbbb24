package import ArgumentParser
import Glibc

/// The command line of tandem-sim.
package struct TandemSim: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tandem-sim",
        abstract: "Plays failures to a pair of directors in a simulated world and judges what they do.",
        discussion: "Exits with 0 when nothing was broken that the rules of the pair promise, else with 1.")

    @Option(help: "How many seeds to play.")
    package var seeds: UInt64 = 1000

    @Option(help: "The first seed.")
    package var first: UInt64 = 1

    @Option(help: "How many failures each seed plays.")
    package var failuresPerSeed = 100

    @Option(help: "How many seeds to play at once. Default: one for each core.")
    package var jobs: Int?

    @Option(help: "Tell the story of one seed.")
    package var replay: UInt64?

    @Option(help: "Leave a protection out: \(Protection.allCases.map(\.rawValue).joined(separator: ", ")).")
    package var without: Protection?

    package init() {}

    /// What the executable runs.
    package static func begin() async { await main() }

    package mutating func validate() throws {
        guard failuresPerSeed > 0, jobs ?? 1 > 0, seeds > 0 else {
            throw ValidationError("--seeds, --failures-per-seed and --jobs want a number above 0.")
        }
    }

    package mutating func run() async throws {
        let isBroken = if let replay { tell(replay) } else { await play() }
        if isBroken { throw ExitCode(1) }
    }

    private func tell(_ seed: UInt64) -> Bool {
        var fate = Fate(seed: seed, failures: failuresPerSeed, without: without, isTold: true)
        let outcome = fate.play()
        print(outcome.story)
        return !outcome.violations.isEmpty
    }

    private func play() async -> Bool {
        let jobs = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let campaign = Campaign(
            first: first, seeds: seeds, failuresPerSeed: failuresPerSeed, jobs: jobs, without: without)
        let clock = ContinuousClock()
        let began = clock.now
        var shown = began
        let isTerminal = isatty(STDERR_FILENO) == 1
        let result = await campaign.run { result in
            guard isTerminal, clock.now - shown > .milliseconds(500) else { return }
            shown = clock.now
            Self.show(result, of: seeds, clock.now - began)
        }
        if isTerminal { Self.say("\r\u{1B}[K") }
        print(CampaignReport(campaign: campaign, result: result, time: clock.now - began).text)
        return !result.broken.isEmpty
    }

    private static func show(_ result: Campaign.Result, of seeds: UInt64, _ time: Duration) {
        let speed = Int(Double(result.tally.failures) / (time / .seconds(1)))
        say("\r\u{1B}[K\(result.tally.seeds) of \(seeds) seeds, \(result.tally.failures) failures, \(speed)/s")
    }

    private static func say(_ words: String) {
        var words = words
        words.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension Protection: ExpressibleByArgument {}
