import ArgumentParser
import Control

struct ServicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "services", abstract: "List the services and how many of their servers are up.")

    @OptionGroup var api: API

    @Flag(help: "As JSON (Docs/API.md).")
    var json = false

    func run() async throws {
        try await api.run { client in
            let services = try await client.status().services
            if json {
                try Terminal.say(json: services)
            } else {
                Terminal.say(ServicesText.services(services, style: Terminal.style))
            }
        }
    }
}

struct ServersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "servers", abstract: "List the servers, their verdicts, since when and why.")

    @OptionGroup var api: API

    @Flag(help: "As JSON: the services with their servers (Docs/API.md).")
    var json = false

    @Argument(help: "Only this service's.")
    var service: String?

    func run() async throws {
        try await api.run { client in
            let services = try await client.status().services.filter { service == nil || $0.name == service }
            if let service, services.isEmpty {
                throw CommandFailure("there is no service \(service): 'tandem services' lists them")
            }
            if json {
                try Terminal.say(json: services)
            } else {
                Terminal.say(ServicesText.servers(services, now: Terminal.now, style: Terminal.style))
            }
        }
    }
}
