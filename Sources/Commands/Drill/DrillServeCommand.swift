import Addresses
import ArgumentParser
import Drills

struct DrillServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Send back every byte that comes, and answer GET /healthz.")

    @Argument(help: ArgumentHelp("Where to listen: 0.0.0.0:80, [::]:80.", valueName: "address:port"))
    var endpoints: [Endpoint]

    @Option(help: ArgumentHelp("While this file exists, /healthz answers 503.", valueName: "file"))
    var failFile: String?

    func run() async throws {
        try DrillFile.run { () throws(DrillError) in
            var server = try EchoServer(endpoints: endpoints, failFile: failFile)
            Terminal.say("serving\n")
            server.run { false }
        }
    }
}
