import Glibc

/// Glibc has it for GNU sources only, so its module does not show it.
@_silgen_name("unshare") private func unshareNamespaces(_ flags: Int32) -> Int32
@_silgen_name("setns") private func setNamespace(_ descriptor: Int32, _ type: Int32) -> Int32

private let newNetwork: Int32 = 0x4000_0000

struct NamespaceError: Error {
    var text: String
}

/// A network namespace without a name, so that the kernel takes it away with the last that uses it, however a test
/// ends. Threads are in namespaces: create and enter them within `onOwnThread`.
final class Namespace: Sendable {
    private let descriptor: Int32

    /// Creates one with its loopback interface up, and enters it.
    init() throws {
        guard unshareNamespaces(newNetwork) == 0 else { throw NamespaceError(text: "unshare: error \(errno)") }
        descriptor = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw NamespaceError(text: "open a namespace: error \(errno)") }
        try run("ip link set lo up")
    }

    deinit {
        close(descriptor)
    }

    /// What `ip link ... netns` takes as a name.
    var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    func enter() throws {
        guard setNamespace(descriptor, newNetwork) == 0 else { throw NamespaceError(text: "setns: error \(errno)") }
    }

    /// Runs a command in it and returns what it printed; its words are separated by blanks.
    @discardableResult
    func run(_ command: String) throws -> String {
        try run(words: command.split(separator: " ").map(String.init))
    }

    /// Runs a command in it and returns what it printed.
    @discardableResult
    func run(words command: [String]) throws -> String {
        try enter()
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw NamespaceError(text: "pipe: error \(errno)") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 2)
        posix_spawn_file_actions_addclose(&actions, pipe[0])
        var words = command.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var child: pid_t = 0
        let problem = posix_spawnp(&child, command[0], &actions, nil, &words, environ)
        close(pipe[1])
        let output = Self.readAll(pipe[0])
        close(pipe[0])
        guard problem == 0 else { throw NamespaceError(text: "\(command): error \(problem)") }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw NamespaceError(text: "\(command): status \(status): \(output)") }
        return output
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}

/// Looks every 20 ms, so many times at most, until it is so.
func look(_ times: Int, until isSo: () throws -> Bool) rethrows {
    for _ in 0..<times {
        if try isSo() { return }
        usleep(20_000)
    }
}

/// Runs a test's body on a thread of its own, which may change its namespace and wait.
func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let work = Work { continuation.resume(with: Swift.Result { try body() }) }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(work).toOpaque()
        let problem = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, context)
        guard problem == 0 else { preconditionFailure("pthread_create: error \(problem)") }
        pthread_detach(thread)
    }
}

private final class Work {
    let body: () -> Void

    init(_ body: @escaping () -> Void) {
        self.body = body
    }
}

/// Whether tests may make namespaces, said once.
let canMakeNamespaces: Bool = {
    guard geteuid() == 0 else {
        print("tests in namespaces are skipped: they need root")
        return false
    }
    return true
}()
