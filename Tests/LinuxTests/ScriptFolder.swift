import Addresses
import Glibc
import Linux
import Synchronization

/// A folder of scripts that anybody may run, with a program that sleeps and can be recognised: SLEEPER in a script.
final class ScriptFolder {
    let path: String
    private var number = 0

    init() throws {
        path = "/tmp/tandem-scripts-\(getpid())-\(UInt32.random(in: 0..<1_000_000))"
        mkdir(path, 0o755)
        chmod(path, 0o755)
        guard system("cp /bin/sleep \(path)/sleeper && chmod 755 \(path)/sleeper") == 0 else {
            throw SystemError(errno: EIO, what: "copy /bin/sleep")
        }
    }

    deinit { _ = system("rm -rf \(path)") }

    func write(_ script: String, first: String = "#!/bin/bash\n") throws -> String {
        number += 1
        let name = "\(path)/script-\(number)"
        var text = first
        var rest = script[...]
        while let range = rest.firstRange(of: "SLEEPER") {
            text += rest[..<range.lowerBound] + path + "/sleeper"
            rest = rest[range.upperBound...]
        }
        try DurableFile.write(name, Array((text + rest + "\n").utf8))
        chmod(name, 0o755)
        return name
    }

    func run(
        _ script: String, limit: Duration = .seconds(5), environment: [String: String] = [:], input: [UInt8] = []
    ) throws -> (CommandResult, Duration) {
        let command = Command(
            [try write(script)], user: "nobody", limit: limit, environment: environment, input: input)
        let start = Clock.now()
        let result = Self.end(of: try RunningCommand(command, now: start))
        return (result, Clock.now() - start)
    }

    static func end(of command: RunningCommand) -> CommandResult {
        while true {
            if let result = command.proceed(now: Clock.now()) { return result }
            usleep(2000)
        }
    }

    var hasSleeper: Bool {
        var search = ProcessSearch(name: path + "/sleeper")
        return search.isThere()
    }

    /// Whether nothing that the scripts began is left, after a moment.
    func isSwept() -> Bool {
        eventually { Children.sweep() == 0 && !hasSleeper }
    }

    func eventually(_ condition: () -> Bool) -> Bool {
        for _ in 0..<200 {
            if condition() { return true }
            usleep(10_000)
        }
        return condition()
    }

    static var countOfDescriptors: Int { (0..<1024).count { fcntl($0, F_GETFD) >= 0 } }
}

/// Carries a result out of a thread.
final class Outcome: Sendable {
    private let result = Mutex<CommandResult??>(nil)

    func set(_ value: CommandResult?) { result.withLock { $0 = .some(value) } }

    func wait() -> CommandResult? {
        for _ in 0..<500 {
            if let value = result.withLock({ $0 }) { return value }
            usleep(10_000)
        }
        return nil
    }
}
