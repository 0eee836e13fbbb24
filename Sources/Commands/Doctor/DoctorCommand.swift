import Addresses
import ArgumentParser
import Netlink
import Settings
import SettingsFile

/// `tandem doctor`: what on this director's machine would keep the pair from working.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what would keep this director from working.",
        discussion: """
            Looks at the machine itself, whether tandemd runs or not, and changes nothing. Exit codes: 0 all is well; \
            1 it could not look; 2 warnings; 3 something is bad.
            """)

    @Argument(help: "The configuration file.")
    var file = "/etc/tandem/tandem.yaml"

    @Option(help: "Which director this machine is, else the one whose address it has.")
    var node: String?

    @Flag(help: "As JSON.")
    var json = false

    func run() async throws {
        let report: DoctorReport
        do {
            report = try look()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
        if json { try Terminal.say(json: report) } else { Terminal.say(report.text(Terminal.style)) }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    private func look() throws -> DoctorReport {
        let loaded = SettingsFile.load(path: file)
        guard let settings = loaded.settings else {
            throw CommandFailure("\(file) cannot be used; run: tandem validate \(file)")
        }
        let facts = try DirectorLook.facts(settings)
        let index = try settings.identify(node: node, ownAddresses: Set(facts.addresses.map(\.prefix.address)))
        return Doctor(settings, director: index, facts: facts).report
    }
}
