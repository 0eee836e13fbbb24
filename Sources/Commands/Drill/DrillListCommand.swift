import ArgumentParser
import Control
import Drills

struct DrillListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show which failures can be rehearsed, and where.")

    @Flag(help: "As JSON.")
    var json = false

    private struct Entry: Encodable {
        var name: String
        var sentence: String
        var proves: String
        var isSafe: Bool
    }

    func run() async throws {
        guard json else { return Terminal.say(DrillText.list(style: Terminal.style)) }
        let entries = Drill.allCases.map {
            Entry(name: $0.rawValue, sentence: $0.sentence, proves: $0.proves, isSafe: $0.isSafe)
        }
        try Terminal.say(json: entries)
    }
}
