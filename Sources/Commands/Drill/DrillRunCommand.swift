import ArgumentParser
import Control
import Drills
import Glibc

struct DrillRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Rehearse a failure, and judge by the rules what came of it.",
        discussion: """
            With --lab, on the pair of a lab; 'Deploy/lab drill NAME' makes one. Else on the live pair: only what is \
            safe there, after a question, and with each round the way back. Exits with 1 if a rule was broken, and \
            names it.
            """)

    @OptionGroup var api: API

    @Argument(help: ArgumentHelp("Drills as 'tandem drill list' has them; 'all' that suit the lab.", valueName: "name"))
    var names: [String]

    @Option(help: ArgumentHelp("What a lab says of itself; else $TANDEM_LAB.", valueName: "file"))
    var lab: String?

    @Option(help: ArgumentHelp("How often, 1 to 1000.", valueName: "n"))
    var `repeat` = 1

    @Option(help: ArgumentHelp("The group; else the first.", valueName: "name"))
    var group: String?

    @Option(help: ArgumentHelp("Write the report there, as JSON.", valueName: "file"))
    var json: String?

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Put connections on the pair, and judge what becomes of them; instead of the probes.")
    var load = false

    @Option(help: ArgumentHelp("What the machine may add to any time that is judged.", valueName: "ms"))
    var margin = 5.0

    @Option(help: ArgumentHelp("How long a fault lasts that must change nothing.", valueName: "seconds"))
    var lasts: Double?

    @Option(help: ArgumentHelp("With --load: handshakes that a planned change may cost.", valueName: "n"))
    var young = 0

    @Option(help: ArgumentHelp("With --load: segments that may be sent again in a planned change.", valueName: "n"))
    var repeats: UInt64 = 0

    @Option(help: ArgumentHelp("With --load: what connecting may take in a planned change.", valueName: "ms"))
    var slowest = 250.0

    func validate() throws {
        for name in names where name != "all" && Drill(rawValue: name) == nil {
            throw ValidationError("there is no drill '\(name)': 'tandem drill list' has them")
        }
        guard (1...1000).contains(`repeat`) else { throw ValidationError("--repeat \(`repeat`) is not 1 to 1000") }
        guard margin >= 0, lasts ?? 1 > 0 else { throw ValidationError("a time is not positive") }
    }

    func run() async throws {
        try await api.run { client in
            do {
                let stage = try await stage(client)
                let report = try await rehearse(stage)
                Terminal.say("\n" + DrillText.report(report, style: Terminal.style))
                if let json { try DrillFile.write(report, to: json) }
                guard report.passes else { throw ExitCode(1) }
            } catch let error as DrillError {
                throw CommandFailure(error.description)
            }
        }
    }

    private func stage(_ client: ControlClient) async throws -> Stage {
        guard let path = lab ?? getenv("TANDEM_LAB").map({ String(cString: $0) }) else { return try await live(client) }
        let lab = try Lab.read(path)
        guard !load || !lab.loadTargets.isEmpty else {
            throw CommandFailure("nothing balances in this lab: --load wants a kernel with ip_vs")
        }
        let directors = lab.directors.mapValues { ControlClient(path: $0.api) }
        return Stage(directors: directors, lab: lab, group: group, needsTables: load)
    }

    private func drills(_ stage: Stage) -> [Drill] {
        names.flatMap { name in
            guard name == "all" else { return Drill(rawValue: name).map { [$0] } ?? [] }
            return Drill.allCases.filter { stage.lab == nil ? $0.isSafe : $0.suits(stage.lab) }
        }
    }

    /// The live pair, once somebody has said that it may be.
    private func live(_ client: ControlClient) async throws -> Stage {
        for drill in names.compactMap(Drill.init) where !drill.isSafe {
            throw CommandFailure(
                "\(drill.rawValue) would disturb a live pair; a lab is the place: Deploy/lab drill \(drill.rawValue)"
            )
        }
        let stage = try await Stage.live(client, group: group)
        guard let standing = try await stage.settle() else {
            throw CommandFailure("the pair is not one active director and its backup, each hearing the other")
        }
        let question = """
            This moves group \(standing.group) from \(standing.holder) to \(standing.other) and back\(times) on a live \
            pair. No client should notice. Go on?
            """
        guard yes || Terminal.isAnswered else {
            throw CommandFailure("there is no terminal to ask at: nothing was done; --yes says that it may be")
        }
        guard yes || Terminal.agrees(question) else { throw CommandFailure("nothing was done") }
        return stage
    }

    private var times: String { `repeat` == 1 ? "" : ", \(`repeat`) times," }

    private func rehearse(_ stage: Stage) async throws -> DrillReport {
        let facts = try await stage.facts(marginMS: margin)
        var report = DrillReport(pair: facts)
        let options = Rehearsal.Options(
            seconds: lasts, runsLoad: load, young: young, repeats: repeats, slowest: slowest)
        for drill in drills(stage) {
            let rehearsal = Rehearsal(drill: drill, stage: stage, facts: facts, options: options)
            report.drills.append(DrillSeries(drill: drill))
            // On a live pair each goes there and back.
            for number in 1...(stage.lab == nil ? `repeat` * 2 : `repeat`) {
                do {
                    let round = try await rehearsal.round(number)
                    Terminal.say(DrillText.progress(round, of: drill))
                    report.drills[report.drills.count - 1].rounds.append(round)
                } catch {
                    report.failure = "\(drill.rawValue), round \(number): \(error)"
                    return report
                }
            }
        }
        return report
    }
}

extension Drill {
    fileprivate func suits(_ lab: Lab?) -> Bool { !needsWitness || lab?.policy == .requireWitness }
}

extension Terminal {
    /// Whether a person can answer a question.
    fileprivate static var isAnswered: Bool { isatty(STDIN_FILENO) == 1 }

    fileprivate static func agrees(_ question: String) -> Bool {
        say(question + " [y/N] ")
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }
}
