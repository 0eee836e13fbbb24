import Addresses
import Agreement
import Checks
import Glibc
import Settings
import Testing

struct SourceTests {
    /// Nobody hears what comes from the addresses that end in 7, and nobody has 9.
    private static let world = """
        ip link set lo up && for address in 192.0.2.7/32 192.0.2.8/32 2001:db8::7/128 2001:db8::8/128; \
        do ip address add $address dev lo || exit 1; done \
        && nft 'table inet deaf { chain input { type filter hook input priority 0; ip saddr 192.0.2.7 drop; \
        ip6 saddr 2001:db8::7 drop; }; }'
        """
    /// Sockets may be bound to what nobody has.
    private static let strange = """
         && echo 1 >/proc/sys/net/ipv4/ip_nonlocal_bind && echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind
        """

    private static func source(_ last: Int) throws -> SourceAddresses {
        var source = SourceAddresses()
        #expect(source.add(try #require(IPAddress("192.0.2.\(last)"))))
        #expect(source.add(try #require(IPAddress("2001:db8::\(last)"))))
        return source
    }

    private static func probe(
        _ target: String, _ kind: CheckSettings.Kind, from last: Int? = nil, timeout: Int = 20_000
    ) throws -> ProbeSettings {
        let endpoint = try #require(Endpoint(target))
        var probe = ProbeSettings(
            endpoint, kind, service: last.map { "\($0)" } ?? "any", interval: 30_000, timeout: timeout)
        if let last { probe.source = try source(last) }
        return probe
    }

    @Test(
        .enabled(if: geteuid() == 0, "namespaces need root"), arguments: MarkTests.kinds, ["127.0.0.1:9", "[::1]:9"])
    func `a probe goes out from the check's source`(kind: CheckSettings.Kind, target: String) async throws {
        let world = try await NamespaceLoop(Self.world)
        let watch = Watch(on: world.loop)
        watch.checker.adopt(
            try [nil, 7, 8].map { last in
                try Self.probe(target, kind, from: last, timeout: last == 7 ? 1000 : 20_000)
            })
        let changes = await watch.next(3)
        let verdicts = Dictionary(changes.map { ($0.server.service, $0.verdict) }, uniquingKeysWith: { $1 })
        let usual: Verdict = kind == .ping ? .up : .down(.refused)
        let silence: CheckFailure = kind.transport == .tcp ? .connectTimeout : .answerTimeout
        #expect(verdicts == ["any": usual, "8": usual, "7": .down(silence)])
        watch.checker.stop()
        try await world.end()
    }

    @Test(
        .enabled(if: geteuid() == 0, "namespaces need root"), arguments: MarkTests.kinds, ["127.0.0.1:9", "[::1]:9"])
    func `a source that the director does not have is no verdict about a server`(
        kind: CheckSettings.Kind, target: String
    ) async throws {
        for more in ["", Self.strange] {
            let world = try await NamespaceLoop(Self.world + more)
            let watch = Watch(on: world.loop)
            let view = try await watch.look(at: try Self.probe(target, kind, from: 9, timeout: 1000))
            #expect(view?.newest == .fail(.withoutSource) && view?.view == nil, "\(more)")
            watch.checker.stop()
            try await world.end()
        }
    }

    @Test(.enabled(if: geteuid() == 0, "namespaces need root"))
    func `an agent is asked from the check's source`() async throws {
        let world = try await NamespaceLoop(Self.world)
        let watch = Watch(on: world.loop)
        for (last, outcome) in [(7, Outcome.fail(.connectTimeout)), (8, .fail(.refused)), (9, .fail(.withoutSource))] {
            var probe = try Self.probe("127.0.0.1:9", .none, from: last, timeout: last == 7 ? 1000 : 20_000)
            probe.check.agent = AgentSettings(port: 10, interval: .seconds(30))
            watch.checker.adopt([probe])
            var newest: Outcome?
            for _ in 0..<1500 where newest == nil {
                try await Task.sleep(for: .milliseconds(20))
                newest = try await watch.checker.snapshot()[probe.server]?.agent?.newest
            }
            #expect(newest == outcome)
        }
        watch.checker.stop()
        try await world.end()
    }

    @Test func `probes from one address run once, and those from two do not`() async throws {
        let target = try #require(Endpoint("127.0.0.1:9"))
        func count(_ kind: CheckSettings.Kind, _ sources: [SourceAddresses], names: [String]) async throws -> Int {
            let watch = Watch()
            let probes = zip(sources, names).enumerated().map { index, one in
                var probe = ProbeSettings(target, kind, service: "\(index)", interval: 60_000, timeout: 1000)
                (probe.source, probe.check.sources) = (one.0, [one.1: one.0])
                return probe
            }
            watch.checker.adopt(probes)
            defer { watch.checker.stop() }
            return try await watch.checker.load().probes
        }
        let (seven, eight) = (try Self.source(7), try Self.source(8))
        var other = seven
        other.v6 = eight.v6
        #expect(try await count(.tcp, [seven, seven], names: ["lb1", "lb2"]) == 1)
        #expect(try await count(.tcp, [seven, eight], names: ["lb1", "lb1"]) == 2)
        #expect(try await count(.tcp, [seven, other], names: ["lb1", "lb1"]) == 1)
        let file = CheckSettings.Kind.file(FileCheck(path: "/"))
        #expect(try await count(file, [seven, eight], names: ["lb1", "lb1"]) == 1)
    }

    @Test func `each director's probes have its own source`() throws {
        let server = ServerSettings(endpoint: try #require(Endpoint("10.1.0.21:80")), forwarding: .dr)
        let check = CheckSettings(sources: ["lb1": try Self.source(7), "lb2": try Self.source(8)])
        let settings = Settings(
            pair: PairSettings(name: "edge", keys: "k", directors: []),
            services: [ServiceSettings(name: "web", listens: [], check: check, servers: [server])])
        #expect(ProbeSettings.all(of: settings, by: "lb1").map(\.source) == [try Self.source(7)])
        #expect(ProbeSettings.all(of: settings, by: "lb2").map(\.source) == [try Self.source(8)])
        #expect(ProbeSettings.all(of: settings, by: "lb3").map(\.source) == [SourceAddresses()])
    }
}
