import ArgumentParser
import Control

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happened to this director, oldest first.")

    @OptionGroup var api: API

    @Flag(help: "Go on with what happens from now on, until interrupted.")
    var follow = false

    @Flag(help: "As JSON, one event a line (Docs/API.md).")
    var json = false

    @Option(help: ArgumentHelp("Begin with the newest N, 0 to 1000.", valueName: "n"))
    var limit = 20

    /// What one request may bring.
    private static let pageLimit = 1000

    func validate() throws {
        guard (0...1000).contains(limit) else { throw ValidationError("--limit \(limit) is not 0 to 1000") }
    }

    func run() async throws {
        try await api.run { client in
            let page = try await client.events(after: 0, limit: Self.pageLimit)
            try show(page.events.suffix(limit))
            if follow { try await goOn(client, after: page.next) }
        }
    }

    private func goOn(_ client: ControlClient, after sequence: UInt64) async throws {
        var sequence = sequence
        while true {
            let page = try await next(client, after: sequence)
            if page.missed > 0, !json { Terminal.say("(\(page.missed) events are gone)\n") }
            try show(page.events[...])
            sequence = page.next
        }
    }

    /// Waits through a restart of the daemon, whose numbers then begin again: so does this.
    private func next(_ client: ControlClient, after sequence: UInt64) async throws -> EventPage {
        do {
            return try await client.events(after: sequence, limit: Self.pageLimit, wait: 30)
        } catch {
            guard error.isPassing else { throw error }
            Terminal.complain("\(error)")
            try await Task.sleep(for: .seconds(1))
            return EventPage(events: [], next: error.kind == .unreachable ? 0 : sequence)
        }
    }

    private func show(_ events: ArraySlice<Event>) throws {
        for event in events {
            if json {
                try Terminal.say(json: event, pretty: false)
            } else {
                Terminal.say(
                    EventText.line(event, at: WallClock.local(milliseconds: event.time), style: Terminal.style))
            }
        }
    }
}

extension ControlClientError {
    /// A restart of the daemon looks like this.
    fileprivate var isPassing: Bool { kind == .unreachable || kind == .interrupted }
}
