import Glibc
import NIOCore
import NIOPosix
import Testing

/// Glibc has it for GNU sources only, so its module does not show it.
@_silgen_name("unshare") private func unshareNamespaces(_ flags: Int32) -> Int32

/// An event loop whose thread is in a network namespace of its own.
struct NamespaceLoop {
    private static let newNetwork: Int32 = 0x4000_0000

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    var loop: any EventLoop { group.next() }

    /// - Parameter commands: what a shell in the namespace is to do first.
    init(_ commands: String) async throws {
        try await group.next().submit {
            #expect(unshareNamespaces(Self.newNetwork) == 0)
            // A child is in the namespace of the thread that starts it.
            #expect(Self.status(of: commands) == 0)
        }.get()
    }

    func end() async throws { try await group.shutdownGracefully() }

    private static func status(of command: String) -> Int32 {
        var child: pid_t = 0
        let texts: [String] = ["sh", "-c", command]
        var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        #expect(posix_spawn(&child, "/bin/sh", nil, nil, &words, environ) == 0)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
