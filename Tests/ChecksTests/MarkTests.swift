import Addresses
import Agreement
import Checks
import Glibc
import Settings
import Testing

struct MarkTests {
    static let kinds: [CheckSettings.Kind] = [
        .tcp, .exchange(Exchange(expect: Pattern([1]))), .udp(Exchange(send: [1], expect: Pattern([1]))), .ping,
    ]

    /// Packets with the mark 7 reach nobody.
    static let rules = """
        ip link set lo up && ip rule add pref 5 fwmark 7 unreachable && ip -6 rule add pref 5 fwmark 7 unreachable \
        && ip rule add pref 10 lookup local && ip -6 rule add pref 10 lookup local \
        && ip rule del pref 0 && ip -6 rule del pref 0
        """

    @Test(.enabled(if: geteuid() == 0, "namespaces need root"), arguments: kinds, ["127.0.0.1:9", "[::1]:9"])
    func `a probe's packets have the check's mark`(kind: CheckSettings.Kind, target: String) async throws {
        let world = try await NamespaceLoop(Self.rules)
        let watch = Watch(on: world.loop)
        let endpoint = try #require(Endpoint(target))
        let plain = ProbeSettings(endpoint, kind, service: "plain", interval: 30_000, timeout: 20_000)
        var marked = ProbeSettings(endpoint, kind, service: "marked", interval: 30_000, timeout: 20_000)
        marked.check.mark = 7
        watch.checker.adopt([plain, marked])
        let changes = await watch.next(2)
        #expect(
            changes.first { $0.server.service == "plain" }?.verdict == (kind == .ping ? .up : .down(.refused)))
        let verdict = changes.first { $0.server.service == "marked" }?.verdict
        #expect(verdict == .down(.unreachable), "\(changes)")
        watch.checker.stop()
        try await world.end()
    }
}
