import Addresses
import Glibc

/// A program that causes a failure and ends it: it says "ready"; told to "begin", causes it and says "begun"; told to
/// "end", or when its input ends, mends it and says "ended". So a failure never outlives the drill.
package final class FaultProcess {
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private var unread: [UInt8] = []

    /// Starts it and waits until it is ready.
    ///
    /// - Parameter command: an absolute path and its arguments.
    package init(_ command: [String]) throws(DrillError) {
        guard let program = command.first, program.hasPrefix("/") else {
            throw DrillError("the lab's fault program '\(command.first ?? "")' is no absolute path")
        }
        var words: (Int32, Int32) = (0, 0)
        var answers: (Int32, Int32) = (0, 0)
        guard Self.makePipe(&words), Self.makePipe(&answers) else { throw DrillError("make a pipe", errno: errno) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, words.0, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, answers.1, STDOUT_FILENO)
        var process = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        let status = posix_spawn(&process, program, &actions, nil, &arguments, environ)
        close(words.0)
        close(answers.1)
        self.process = process
        input = words.1
        output = answers.0
        guard status == 0 else {
            close(input)
            close(output)
            throw DrillError("start \(program)", errno: status)
        }
        try expect("ready", seconds: 60)
    }

    deinit {
        close(input)
        close(output)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    package func begin() throws(DrillError) {
        tell("begin")
        try expect("begun", seconds: 60)
    }

    package func end() throws(DrillError) {
        tell("end")
        try expect("ended", seconds: 60)
    }

    private func tell(_ word: String) {
        // One that is gone is noticed when it does not answer; NIO has switched SIGPIPE off.
        let line = Array("\(word)\n".utf8)
        _ = write(input, line, line.count)
    }

    private func expect(_ word: String, seconds: Int64) throws(DrillError) {
        let deadline = MonotonicClock.now + .seconds(seconds)
        while MonotonicClock.now < deadline {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread.removeSubrange(...end)
                if line == word { return }
                continue
            }
            var socket = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&socket, 1, 100) > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else { throw DrillError("the fault program ended before it said '\(word)'") }
            unread += buffer.prefix(count)
        }
        throw DrillError("the fault program did not say '\(word)' within \(seconds) s")
    }

    private static func makePipe(_ ends: inout (Int32, Int32)) -> Bool {
        var pair: [Int32] = [0, 0]
        guard pipe(&pair) == 0 else { return false }
        for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        ends = (pair[0], pair[1])
        return true
    }
}
