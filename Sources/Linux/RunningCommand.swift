package import Addresses
import CLinux
import Glibc

/// A command that runs, of one thread. Whoever lets it go ends it.
///
/// It never waits: the thread watches `descriptors`, and calls `proceed` when one of them can be read or `deadline` has
/// come.
package final class RunningCommand {
    package let command: Command
    private let pid: pid_t
    private let process: FileDescriptor
    private var output: FileDescriptor?
    private var kept: [UInt8] = []
    private var printed = 0
    private let limit: Instant
    private var verdict: CommandResult.End?
    /// When it is ended by force, and when it is given up.
    private var killAt = Instant.never
    private var abandonAt = Instant.never
    private var isOver = false

    /// Begins a command. Returns when its program is loaded, or says why it is not.
    package init(_ command: Command, now: Instant) throws(CommandProblem) {
        guard let account = Account(named: command.user) else { throw .noUser(command.user) }
        let input = try Self.input(command.input)
        let pipe = try Pipe()
        let started = try Started(command, account, input: input.number, output: pipe.writing.number)
        self.command = command
        pid = started.pid
        process = started.process
        output = .some(pipe.reading)
        limit = now + command.limit
    }

    deinit {
        guard !isOver else { return }
        kill(-pid, SIGKILL)
        Children.dismiss(pid)
        Children.sweep()
    }

    /// What wakes this command's thread.
    package var descriptors: [Int32] {
        guard let number = output?.number else { return [process.number] }
        return [process.number, number]
    }

    package var deadline: Instant { min(verdict == nil ? limit : .never, killAt, abandonAt) }

    /// Takes what it printed, ends it when it is time; how it ended, once.
    package func proceed(now: Instant) -> CommandResult? {
        guard !isOver else { return nil }
        listen()
        if hasEnded { return reap() }
        if verdict == nil, printed > Command.mostOutput {
            end(.flooded, SIGKILL, now)
        } else if verdict == nil, now >= limit {
            end(.late, SIGTERM, now)
        } else if now >= killAt {
            killAt = .never
            kill(-pid, SIGKILL)
        }
        return now >= abandonAt ? abandon() : nil
    }

    private func end(_ verdict: CommandResult.End, _ signal: Int32, _ now: Instant) {
        self.verdict = verdict
        kill(-pid, signal)
        if signal != SIGKILL { killAt = now + Command.grace }
        abandonAt = now + Command.grace * 2
    }

    /// Not more than this at a time: another command may have something to say.
    private static let batch = 16

    private func listen() {
        guard let number = output?.number else { return }
        var chunk = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<Self.batch {
            let count = unsafe read(number, &chunk, chunk.count)
            if count < 0 { return }
            guard count > 0, printed <= Command.mostOutput else {
                output = nil
                return
            }
            printed += count
            kept += chunk[..<min(count, Command.keptOutput - kept.count)]
        }
    }

    /// A pidfd can be read when its process has ended (pidfd_open(2)).
    private var hasEnded: Bool {
        var event = pollfd(fd: process.number, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&event, 1, 0) == 1
    }

    private func reap() -> CommandResult {
        listen()
        // While its leader is not reaped nobody else can have the group's number.
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        // It may have died of nobody listening any more.
        if printed > Command.mostOutput, verdict == nil { verdict = .flooded }
        return finish(verdict ?? (signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)))
    }

    /// It does not even die: the kernel holds it. Its end is awaited by the sweeps.
    private func abandon() -> CommandResult { finish(verdict ?? .late) }

    private func finish(_ end: CommandResult.End) -> CommandResult {
        isOver = true
        output = nil
        Children.dismiss(pid)
        Children.sweep()
        return CommandResult(end: end, output: kept, limit: command.limit)
    }
}

extension RunningCommand {
    /// What it reads: all of it waits in a pipe before it begins.
    private static func input(_ bytes: [UInt8]) throws(CommandProblem) -> FileDescriptor {
        guard !bytes.isEmpty else {
            do throws(SystemError) {
                return try FileDescriptor(unsafe open("/dev/null", O_RDONLY | O_CLOEXEC), "open /dev/null")
            } catch {
                throw .process(error.errno)
            }
        }
        let pipe = try Pipe()
        let count = unsafe bytes.withUnsafeBytes { unsafe write(pipe.writing.number, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw .process(errno) }
        return pipe.reading
    }
}

private struct Pipe: ~Copyable {
    let reading: FileDescriptor
    let writing: FileDescriptor

    init() throws(CommandProblem) {
        var numbers: [Int32] = [-1, -1]
        guard unsafe clinux_pipe(&numbers) == 0 else { throw .process(errno) }
        reading = FileDescriptor(open: numbers[0])
        writing = FileDescriptor(open: numbers[1])
    }
}

private struct Started: ~Copyable {
    let pid: pid_t
    let process: FileDescriptor

    init(_ command: Command, _ account: Account, input: Int32, output: Int32) throws(CommandProblem) {
        let words = unsafe command.words.map { unsafe strdup($0) } + [nil]
        let environment = unsafe command.variables(account).map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (words + environment).forEach { unsafe free($0) } }
        var (process, stage, code) = (Int32(-1), Int32(0), Int32(0))
        let pid = Children.enrol {
            let pid = unsafe clinux_spawn(
                words, environment, input, output, account.user, account.group, account.groups, account.groups.count,
                &process, &stage)
            code = errno
            return pid
        }
        guard pid > 0 else {
            switch Int(stage) {
            case CLINUX_SPAWN_USER: throw .user(command.user, code)
            case CLINUX_SPAWN_EXECUTE: throw .program(command.words[0], user: command.user, code)
            default: throw .process(code)
            }
        }
        self.pid = pid
        self.process = FileDescriptor(open: process)
    }
}

extension Command {
    /// A clean environment, and what the command was given.
    fileprivate func variables(_ account: Account) -> [String: String] {
        let standard = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
            "HOME": account.home, "USER": user, "LOGNAME": user,
        ]
        return environment.merging(standard) { $1 }
    }
}
