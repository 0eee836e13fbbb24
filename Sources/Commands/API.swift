import ArgumentParser
import Control
import Glibc

/// Where the daemon is; the same option for every command that asks it.
struct API: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The daemon's socket; else $TANDEM_API, else \(ControlClient.defaultPath).", valueName: "path"))
    var api: String?

    var client: ControlClient {
        ControlClient(path: api ?? getenv("TANDEM_API").map { String(cString: $0) } ?? ControlClient.defaultPath)
    }

    /// Runs a command's body; what went wrong becomes a sentence and an exit code.
    func run(_ body: (ControlClient) async throws -> Void) async throws {
        do {
            try await body(client)
        } catch let error as ControlClientError {
            Terminal.complain(error.description)
            throw ExitCode(error.exitCode)
        } catch let failure as CommandFailure {
            Terminal.complain(failure.description)
            throw ExitCode(1)
        }
    }
}

/// Why a command did not do what it was asked.
struct CommandFailure: Error, CustomStringConvertible {
    var description: String

    init(_ sentence: String) {
        description = sentence
    }
}

extension ControlClientError {
    /// As sysexits.h has them: EX_UNAVAILABLE, EX_NOPERM.
    fileprivate var exitCode: Int32 {
        switch kind {
        case .unreachable, .silent, .interrupted: 69
        case .denied: 77
        case .refused, .garbled: 1
        }
    }
}
