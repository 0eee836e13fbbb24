import Addresses
import ArgumentParser
import Control
import Drills
import Glibc
import Synchronization

/// What the drill commands share.
enum Drill {
    /// A drill's error becomes a sentence and exit code 1.
    static func run<Result>(_ body: () throws(DrillError) -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            Terminal.complain(error.description)
            throw ExitCode(1)
        }
    }

    /// Prints the judgements; exits with 1 unless all hold.
    static func judge(_ body: () throws -> [Judgement]) throws {
        do {
            let judgements = try body()
            Terminal.say(judgements.map { "\($0.line)\n" }.joined())
            guard judgements.allSatisfy(\.holds) else { throw ExitCode(1) }
        } catch let error as DrillError {
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

    static func read<Report: Decodable>(_ type: Report.Type, from path: String) throws -> Report {
        try decode(type, from: try bytes(of: path)[...], path: path)
    }

    /// A file with one value a line.
    static func readLines<Value: Decodable>(_ type: Value.Type, from path: String) throws -> [Value] {
        try bytes(of: path).split(separator: UInt8(ascii: "\n")).map { try decode(type, from: $0, path: path) }
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: ArraySlice<UInt8>, path: String
    ) throws -> Value {
        do {
            return try JSON.decode(type, from: bytes)
        } catch {
            throw DrillError("\(path) is not what it should be: \(error)")
        }
    }

    /// A file's bytes, 64 MB at most.
    private static func bytes(of path: String) throws -> [UInt8] {
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
