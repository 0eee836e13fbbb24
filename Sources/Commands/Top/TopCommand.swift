import ArgumentParser
import Control

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Show connections, packets and bytes a second, by service and server.",
        discussion: """
            On a terminal a page every interval until interrupted, the busiest services first; in a pipe the pages \
            follow each other. With --once one page, of one interval. Answers are seen with nat alone: with direct \
            routing and tunnels they do not come by the director.
            """)

    @OptionGroup var api: API

    @Option(help: ArgumentHelp("Seconds from one page to the next, 2 to 3600.", valueName: "seconds"))
    var interval = 2

    @Flag(help: "One page, then the end.")
    var once = false

    @Flag(help: "As JSON, one object a page (Docs/API.md).")
    var json = false

    @Argument(help: "Only this service, by its name or what it listens on.")
    var service: String?

    func validate() throws {
        guard (2...3600).contains(interval) else {
            throw ValidationError("--interval is 2 to 3600 seconds: the kernel adds its counters up every 2 s")
        }
    }

    func run() async throws {
        try await api.run { client in
            var before = try await client.counters()
            if let service, !before.services.contains(where: { $0.isCalled(service) }) {
                throw CommandFailure("the kernel has no service \(service): 'tandem table --list' lists them")
            }
            repeat {
                try await Task.sleep(for: .seconds(interval))
                let now: CountersReport
                do throws(ControlClientError) {
                    now = try await client.counters()
                } catch {
                    if once { throw error }
                    clear()
                    Terminal.say("\(error)\n")
                    continue
                }
                try show(Traffic(from: before, to: now, only: service))
                before = now
            } while !once
        }
    }

    private func show(_ traffic: Traffic) throws {
        if json { return try Terminal.say(json: traffic, pretty: once) }
        clear()
        let size = once || !Terminal.isInteractive ? nil : Terminal.size
        Terminal.say(TopText.page(traffic, height: size?.rows, style: Terminal.style))
    }

    private func clear() {
        if Terminal.isInteractive, !once, !json { Terminal.say("\u{1B}[H\u{1B}[J") }
    }
}

extension ServiceCounters {
    func isCalled(_ text: String) -> Bool { name == text || listen == text }
}
