import ArgumentParser
import Glibc
import Sealing
package import Settings
import SettingsFile

/// `tandem validate`: everything that is wrong with a configuration, at once.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Say everything that is wrong with a configuration file.",
        discussion: """
            A file with a section witness is judged as a witness's. Exit codes: 0 usable, perhaps with warnings; 1 not \
            usable.
            """)

    @Argument(help: "The configuration file.")
    var file: String

    @Flag(help: "Print the problems as a JSON array.")
    var json = false

    func run() async throws {
        let report = ValidationReport(file: file)
        if json {
            try Terminal.say(json: report.entries)
        } else {
            Terminal.say(report.text)
        }
        if report.hasErrors { throw ExitCode.failure }
    }
}

/// The problems of a configuration and of the keys that it names.
package struct ValidationReport {
    package let file: String
    package let problems: [Problem]
    /// What a good file has.
    private let sizes: [(count: Int, noun: String)]

    package var hasErrors: Bool { problems.contains { $0.severity == .error } }

    package init(file: String) {
        self.file = file
        if SettingsFile.isWitness(path: file) {
            let loaded = SettingsFile.loadWitness(path: file)
            problems = loaded.problems + Self.keyProblems(loaded.house?.pairs.map(\.key) ?? [])
            sizes = loaded.house.map { [($0.listen.count, "address"), ($0.pairs.count, "pair")] } ?? []
        } else {
            let loaded = SettingsFile.load(path: file)
            problems =
                loaded.problems + Self.keyProblems(loaded.settings.map(\.pair)?.keyPaths ?? [])
                + Self.checkProblems(loaded.settings?.services ?? [])
            sizes = loaded.settings.map(Self.sizes) ?? []
        }
    }

    private static func sizes(_ settings: Settings) -> [(Int, String)] {
        let servers = settings.services.reduce(0) { $0 + $1.servers.count }
        return [(settings.groups.count, "group"), (settings.services.count, "service"), (servers, "server")]
    }

    /// Keys that are not there may come later; keys that others can read are no keys.
    private static func keyProblems(_ paths: [String]) -> [Problem] {
        paths.compactMap { path -> Problem? in
            do throws(KeyFileError) {
                _ = try KeyRing.load(path: path)
                return nil
            } catch {
                return Problem(
                    severity: error.isMissing ? .warning : .error, file: error.path, message: error.reason)
            }
        }
    }

    /// Files of checks that cannot be read here and now: no server is down for it, and none is known to be up.
    private static func checkProblems(_ services: [ServiceSettings]) -> [Problem] {
        let checks = services.flatMap(\.checks)
        let files = checks.reduce(into: Set<String>()) { $0.formUnion($1.tls?.files ?? []) }
        return files.sorted().filter { access($0, R_OK) != 0 }.map { path in
            Problem(severity: .warning, file: path, message: "a check needs this file, and it cannot be read")
        } + scriptProblems(checks)
    }

    /// Whether a script's own user may execute it is seen by running it alone.
    private static func scriptProblems(_ checks: [CheckSettings]) -> [Problem] {
        let scripts = checks.compactMap { check -> String? in
            if case .script(let script) = check.kind { script.words.first } else { nil }
        }
        return Set(scripts).sorted().filter { access($0, X_OK) != 0 }.map { path in
            Problem(severity: .warning, file: path, message: "a check runs this script, and it cannot be executed")
        }
    }

    /// Every problem in a line, and a line that sums up.
    package var text: String {
        (problems.map(\.description) + ["\(file): \(summary)"]).joined(separator: "\n") + "\n"
    }

    private var summary: String {
        let errors = problems.count { $0.severity == .error }
        let warnings = problems.count - errors
        let found = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }.map { Self.count($0.0, $0.1) }
        let verdict = found.isEmpty ? "no problem" : found.joined(separator: ", ")
        guard !sizes.isEmpty, errors == 0 else { return verdict }
        return sizes.map { Self.count($0.count, $0.noun) }.joined(separator: ", ") + "; " + verdict
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : noun.hasSuffix("s") ? "es" : "s")"
    }

    /// One problem as JSON.
    package struct Entry: Encodable {
        let severity: String
        let file: String
        let line: Int
        let column: Int
        let message: String
        let suggestion: String?
    }

    package var entries: [Entry] {
        problems.map {
            Entry(
                severity: $0.severity.rawValue, file: $0.file, line: $0.line, column: $0.column, message: $0.message,
                suggestion: $0.suggestion)
        }
    }
}

extension PairSettings {
    /// The keys that the directors need.
    fileprivate var keyPaths: [String] { [keys] + (witness.map { [$0.key] } ?? []) }
}
