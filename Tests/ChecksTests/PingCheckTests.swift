import Addresses
import Agreement
import Checks
import Dialogues
import Glibc
import NIOCore
import Settings
import Testing

/// Echo requests to this machine, and from a network namespace of its own to machines that are not there.
@Suite(.serialized, .enabled(if: geteuid() == 0, "raw sockets need root")) struct PingCheckTests {
    private static func probe(
        _ address: String, service: String = "web", interval: Int = 30_000, timeout: Int = 20_000
    ) throws -> ProbeSettings {
        let endpoint = Endpoint(address: try #require(IPAddress(address)), port: 0)
        return ProbeSettings(endpoint, .ping, service: service, interval: interval, timeout: timeout)
    }

    @Test(arguments: ["127.0.0.1", "::1"]) func `hears the echo of a machine`(address: String) async throws {
        let watch = Watch()
        watch.checker.adopt([try Self.probe(address)])
        #expect(await watch.next().map(\.verdict) == [.up])
        watch.checker.stop()
    }

    /// A neighbour that does not answer is given up by the kernel after 3 s, and it says so in the router's place.
    @Test(arguments: [
        ("192.0.2.9", PingFailure.refused(.v4, type: 3, code: 1)),
        ("2001:db8::9", PingFailure.refused(.v6, type: 1, code: 3)),
    ])
    func `says what ICMP says of a machine that is not there`(address: String, failure: PingFailure) async throws {
        let world = try await NamespaceLoop(
            """
            ip link set lo up && ip link add wire0 type veth peer name wire1 \
            && echo 0 >/proc/sys/net/ipv6/conf/wire0/accept_dad \
            && ip address add 192.0.2.1/24 dev wire0 && ip address add 2001:db8::1/64 dev wire0 \
            && ip link set wire0 up && ip link set wire1 up
            """)
        let watch = Watch(on: world.loop)
        watch.checker.adopt([try Self.probe(address)])
        #expect(await watch.next().map(\.verdict) == [.down(.ping(failure))])
        watch.checker.stop()
        try await world.end()
    }

    @Test func `has no answer where nobody says anything, and no route where the director has none`() async throws {
        let world = try await NamespaceLoop(
            """
            ip link set lo up && ip address add 192.0.2.1/24 dev lo && echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all
            """)
        let watch = Watch(on: world.loop)
        watch.checker.adopt([
            try Self.probe("192.0.2.1", service: "silent", timeout: 2000),
            try Self.probe("198.51.100.1", service: "unrouted"),
        ])
        let verdicts = Dictionary(
            await watch.next(2).map { ($0.server.service, $0.verdict) }, uniquingKeysWith: { $1 })
        #expect(verdicts == ["silent": .down(.answerTimeout), "unrouted": .down(.unreachable)])
        watch.checker.stop()
        try await world.end()
    }

    /// Each hears its own answer, for every wrong one would leave somebody without a verdict.
    @Test func `serves ten thousand servers with one socket`() async throws {
        let world = try await NamespaceLoop("ip link set lo up")
        let watch = Watch(on: world.loop, inFlight: 8192)
        let probes = try (1...10_000).map { number in
            try Self.probe("127.1.\(number / 250).\(number % 250 + 1)", interval: 60_000)
        }
        watch.checker.adopt(probes)
        // The first of each begin a millisecond apart.
        let changes = await watch.next(10_000, within: .seconds(120))
        #expect(changes.count == 10_000 && changes.allSatisfy { $0.verdict == .up })
        #expect(Set(changes.map(\.server)).count == 10_000)
        #expect(try await world.loop.submit { Self.rawSockets }.get() == 1)
        watch.checker.stop()
        try await world.end()
    }

    /// Those of the namespace that the thread is in (proc_net(5)): a line for each, below a title.
    private static var rawSockets: Int {
        let descriptor = open("/proc/thread-self/net/raw", O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &bytes, bytes.count)
        return bytes.prefix(max(count, 0)).count { $0 == UInt8(ascii: "\n") } - 1
    }

    @Test func `shows what was said`() async throws {
        let watch = Watch()
        let probe = try Self.probe("127.0.0.1")
        watch.checker.adopt([probe])
        let trial = try #require(await watch.checker.tryOnce(probe.server))
        #expect(trial.result.outcome == .pass)
        #expect(trial.lines.map(\.speaker) == [.director, .server] && trial.lines.map(\.count) == [24, 24])
        // All but type and checksum.
        #expect(trial.lines.first?.bytes?.dropFirst(4) == trial.lines.last?.bytes?.dropFirst(4))
        watch.checker.stop()
    }

    @Test func `asks a machine once for all its services`() throws {
        let servers = try ["10.1.0.21:80", "10.1.0.21:443"].map { text in
            ServerSettings(endpoint: try #require(Endpoint(text)), forwarding: .dr)
        }
        let settings = Settings(
            pair: PairSettings(name: "edge", keys: "k", directors: []),
            services: [ServiceSettings(name: "web", listens: [], check: CheckSettings(kind: .ping), servers: servers)])
        let probes = ProbeSettings.all(of: settings, by: "lb1")
        #expect(probes.map(\.target.description) == ["10.1.0.21:0", "10.1.0.21:0"])
    }
}
