import Addresses
import ArgumentParser
import Control
import Drills
import Glibc
import Synchronization

/// What the drill commands share: files of JSON, and errors that become exit codes.
enum DrillFile {
    /// A drill's error becomes a sentence and exit code 1.
    static func run<Result>(_ body: () throws(DrillError) -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            Terminal.complain(error.description)
            throw ExitCode(1)
        }
    }

    static func write(_ report: some Encodable, to path: String) throws {
        let bytes = try JSON.encode(report, pretty: true)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        defer { close(file) }
        guard file >= 0, Glibc.write(file, bytes, bytes.count) == bytes.count else {
            Terminal.complain("cannot write \(path): \(String(cString: strerror(errno)))")
            throw ExitCode(1)
        }
    }

    static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws(DrillError) -> Value {
        let bytes = try bytes(of: path)
        do {
            return try JSON.decode(type, from: bytes)
        } catch {
            throw DrillError("\(path) is not what it should be: \(error)")
        }
    }

    /// A file's bytes, 64 MB at most.
    private static func bytes(of path: String) throws(DrillError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw DrillError("cannot read \(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count < 64 << 20 {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
        throw DrillError("\(path) is larger than 64 MB")
    }
}

/// SIGINT and SIGTERM, noted instead of obeyed.
enum Interrupt {
    private static let flag = Atomic(false)

    static var came: Bool { flag.load(ordering: .relaxed) }

    static func catchThem() {
        // Made now: a signal handler must not be the first to ask for it.
        _ = came
        for number in [SIGINT, SIGTERM] { signal(number) { _ in Interrupt.flag.store(true, ordering: .relaxed) } }
    }
}

extension Endpoint: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}

extension IPAddress: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}
