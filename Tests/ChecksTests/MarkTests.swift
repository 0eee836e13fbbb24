import Addresses
import Agreement
import Checks
import Glibc
import NIOCore
import NIOPosix
import Settings
import Testing

/// Glibc has it for GNU sources only, so its module does not show it.
@_silgen_name("unshare") private func unshareNamespaces(_ flags: Int32) -> Int32

/// An event loop whose thread is in a network namespace of its own, where packets with the mark 7 reach nobody.
private struct MarkedWorld {
    private static let newNetwork: Int32 = 0x4000_0000

    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    func build() async throws {
        let rules = """
            ip link set lo up && ip rule add pref 5 fwmark 7 unreachable && ip -6 rule add pref 5 fwmark 7 unreachable \
            && ip rule add pref 10 lookup local && ip -6 rule add pref 10 lookup local \
            && ip rule del pref 0 && ip -6 rule del pref 0
            """
        try await group.next().submit {
            #expect(unshareNamespaces(Self.newNetwork) == 0)
            // A child is in the namespace of the thread that starts it.
            #expect(Self.status(of: rules) == 0)
        }.get()
    }

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

struct MarkTests {
    static let kinds: [CheckSettings.Kind] = [
        .tcp, .exchange(Exchange(expect: Pattern([1]))), .udp(Exchange(send: [1], expect: Pattern([1]))),
    ]

    @Test(.enabled(if: geteuid() == 0, "namespaces need root"), arguments: kinds, ["127.0.0.1:9", "[::1]:9"])
    func `a probe's packets have the check's mark`(kind: CheckSettings.Kind, target: String) async throws {
        let world = MarkedWorld()
        try await world.build()
        let watch = Watch(on: world.group.next())
        let endpoint = try #require(Endpoint(target))
        let plain = ProbeSettings(endpoint, kind, service: "plain", interval: 30_000, timeout: 20_000)
        var marked = ProbeSettings(endpoint, kind, service: "marked", interval: 30_000, timeout: 20_000)
        marked.check.mark = 7
        watch.checker.adopt([plain, marked])
        let changes = await watch.next(2)
        #expect(changes.first { $0.server.service == "plain" }?.verdict == .down(.refused))
        let verdict = changes.first { $0.server.service == "marked" }?.verdict
        #expect(verdict == .down(.unreachable), "\(changes)")
        watch.checker.stop()
        try await world.group.shutdownGracefully()
    }
}
