import Glibc

/// A program to run, and under which conditions.
package struct Command: Hashable, Sendable {
    /// The program's absolute path and its arguments; nothing of a shell's is done to them.
    package var words: [String]
    /// A user of /etc/passwd, with that user's groups.
    package var user: String
    /// After this SIGTERM goes to all of it, and SIGKILL after `Command.grace` more.
    package var limit: Duration
    /// Besides these it gets PATH, HOME, USER, LOGNAME and LANG, and nothing of this process.
    package var environment: [String: String]
    /// What it reads on standard input, at most `longestInput` bytes.
    package var input: [UInt8]

    package init(
        _ words: [String], user: String, limit: Duration, environment: [String: String] = [:], input: [UInt8] = []
    ) {
        precondition(words.first?.hasPrefix("/") == true, "a command begins with an absolute path")
        precondition(input.count <= Self.longestInput, "a command's input has at most \(Self.longestInput) bytes")
        self.words = words
        self.user = user
        self.limit = limit
        self.environment = environment
        self.input = input
    }

    package static let grace = Duration.seconds(1)
    /// In bytes: what a pipe takes at once (pipe(7)).
    package static let longestInput = 16 * 1024
    /// How much of its output is kept, in bytes: the beginning.
    package static let keptOutput = 4096
    /// A command that prints more, in bytes, is ended.
    package static let mostOutput = 1 << 20
}

/// How a command ended.
package struct CommandResult: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        case exited(Int32)
        /// By somebody else's signal.
        case killed(Int32)
        /// It ran longer than its limit.
        case late
        /// It printed more than `Command.mostOutput`.
        case flooded
    }

    package var end: End
    /// What it printed, on standard output and error: the first `Command.keptOutput` bytes.
    package var output: [UInt8]
    package var limit: Duration

    package init(end: End, output: [UInt8] = [], limit: Duration = .zero) {
        self.end = end
        self.output = output
        self.limit = limit
    }

    package var isSuccess: Bool { end == .exited(0) }

    /// `exit 2: "no route"`, in one plain line.
    package var words: String {
        let line = PlainText.firstLine(of: output)
        return line.isEmpty ? ending : "\(ending): \"\(line)\""
    }

    private var ending: String {
        switch end {
        case .exited(let code): "exit \(code)"
        case .killed(let signal): "killed by signal \(signal)"
        case .late: "ended after \(PlainText.seconds(limit))"
        case .flooded: "ended because it printed more than \(Command.mostOutput >> 20) MiB"
        }
    }
}

/// Why a command did not even begin.
package enum CommandProblem: Error, Hashable, Sendable {
    case noUser(String)
    /// The errno of the system call.
    case user(String, Int32)
    case program(String, user: String, Int32)
    case process(Int32)
}

extension CommandProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noUser(let name): "there is no user \(name) in /etc/passwd: make it or name another one"
        case .user(let name, EPERM): "cannot become user \(name): CAP_SETUID and CAP_SETGID are needed"
        case .user(let name, let code): "cannot become user \(name): \(text(code))"
        case .program(let path, _, ENOENT): "there is no \(path), or not what its first line names"
        case .program(let path, let user, EACCES): "user \(user) may not execute \(path)"
        case .program(let path, _, ENOEXEC): "\(path) is no program: does its first line begin with #!?"
        case .program(let path, _, let code): "cannot execute \(path): \(text(code))"
        case .process(let code): "cannot begin a process: \(text(code))"
        }
    }

    private func text(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
