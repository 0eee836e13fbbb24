import Addresses
import ArgumentParser
import Drills

struct DrillProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Ask an address for an echo (ICMP) all the time, and show when it was silent.")

    @Argument(help: "An IPv4 or IPv6 address.")
    var address: IPAddress

    @Option(help: ArgumentHelp("How often to ask, 100 and more.", valueName: "µs"))
    var every = 1000

    @Option(help: ArgumentHelp("How long, 1 to 3600; SIGINT and SIGTERM end it earlier.", valueName: "seconds"))
    var seconds = 10

    @Option(help: ArgumentHelp("Write the report there, as JSON.", valueName: "file"))
    var json: String?

    func validate() throws {
        guard every >= 100 else { throw ValidationError("--every \(every) is less than 100 µs") }
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds \(seconds) is not 1 to 3600") }
    }

    func run() async throws {
        Interrupt.catchThem()
        let report = try DrillFile.run { () throws(DrillError) in
            var probe = try Probe(address: address, interval: .microseconds(every))
            Terminal.say("ready\n")
            let end = MonotonicClock.now + .seconds(seconds)
            return probe.run { Interrupt.came || MonotonicClock.now >= end }
        }
        Terminal.say(report.text)
        if let json { try DrillFile.write(report, to: json) }
    }
}
