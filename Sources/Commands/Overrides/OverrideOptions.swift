import ArgumentParser
package import Control

/// What drain, ready and weight have in common.
struct OverrideOptions: ParsableArguments {
    @Argument(help: "Its address, with the port or without for any: 10.1.0.21, 10.1.0.21:80, [2001:db8::21]:80.")
    var server: String

    @Option(help: ArgumentHelp("Only in this service; else in every one.", valueName: "name"))
    var service: String?

    @Option(help: ArgumentHelp("Why, in at most 64 bytes; shown on both directors.", valueName: "text"))
    var reason: String?

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    func request(weight: UInt32? = nil, original: Bool? = nil, force: Bool = false) -> ServerRequest {
        ServerRequest(
            server: server, service: service, weight: weight, original: original, reason: reason,
            force: force ? true : nil)
    }

    func say(_ report: ServerReport) throws {
        if json { return try Terminal.say(json: report) }
        Terminal.say(report.sentence + "\n")
        for warning in report.warnings { Terminal.say("Warning: \(warning)\n") }
    }
}

extension ServerReport {
    /// `10.1.0.21`, or `10.1.0.21:80 of web`.
    var name: String { service.map { "\(server) of \($0)" } ?? server }

    package var sentence: String {
        let what =
            switch order {
            case "drain": "drains: no new connections until 'tandem ready'"
            case "ready": "does not drain"
            case "weight": "has weight \(weight ?? 0) until 'tandem weight \(server) original'"
            default: "has the configuration's weight"
            }
        guard service == nil, servers.count > 1 || servers.first.map({ !$0.hasPrefix(server + " ") }) ?? false else {
            return "\(name) \(what)"
        }
        return "\(name) \(what) (\(servers.prefix(Self.shown).joined(separator: ", "))\(more))"
    }

    private static let shown = 5

    private var more: String {
        servers.count > Self.shown ? " and \(servers.count - Self.shown) more" : ""
    }
}
