import Addresses
import Balancing
import Settings
import Testing

@Suite struct DesiredTests {
    let v4 = tcp("192.0.2.10:80")
    let v6 = tcp("[2001:db8::10]:80")

    private func settings(
        check: CheckSettings.Kind = .tcp, onDown: DownPolicy = .remove, forwarding: Forwarding = .nat,
        servers: [String] = ["10.1.0.21:8080", "10.1.0.22:8080", "[2001:db8::21]:8080"], fallback: Fallback? = nil
    ) -> Settings {
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        let service = ServiceSettings(
            name: "web", listens: [v4, v6], scheduler: .sh, persistence: 60, check: CheckSettings(kind: check),
            onDown: onDown,
            servers: servers.map { ServerSettings(endpoint: endpoint($0), forwarding: forwarding, weight: 3) },
            fallback: fallback)
        return Settings(pair: PairSettings(name: "edge", keys: "/k", directors: directors), services: [service])
    }

    private func verdicts(_ isUp: [String: Bool]) -> Verdicts {
        Verdicts(
            Dictionary(
                uniqueKeysWithValues: isUp.map { (ServerKey(service: "web", server: endpoint($0.key)), $0.value) }))
    }

    private func servers(
        _ settings: Settings, _ isUp: [String: Bool], on identity: ServiceIdentity
    ) -> [Endpoint: ServerOptions] {
        desired(settings, verdicts: verdicts(isUp)).services[identity]?.servers ?? [:]
    }

    @Test func `each listen makes a service with the options of the configuration`() {
        let table = desired(settings(), verdicts: Verdicts())
        #expect(Set(table.services.keys) == [v4, v6])
        #expect(identities(settings()) == [v4, v6])
        for service in table.services.values {
            #expect(service.options == ServiceOptions(scheduler: "sh", persistence: 60))
        }
    }

    @Test func `a restarted director keeps the servers that it finds in the kernel until a check has spoken`() {
        let settings = settings()
        let all = ["10.1.0.21:8080": true, "10.1.0.22:8080": true, "[2001:db8::21]:8080": true]
        let held = desired(settings, verdicts: verdicts(all))
        var fresh = Verdicts()
        fresh.assume(held, settings)
        #expect(desired(settings, verdicts: fresh) == held)
        var known = verdicts(["10.1.0.21:8080": false])
        known.assume(held, settings)
        #expect(known[ServerKey(service: "web", server: endpoint("10.1.0.21:8080"))] == false)
        var empty = Verdicts()
        empty.assume(Table(), settings)
        #expect(empty == Verdicts())
    }

    @Test func `a server that the kernel holds with weight 0 is not believed to be up`() {
        let settings = settings(onDown: .quiesce)
        var fresh = Verdicts()
        fresh.assume(desired(settings, verdicts: verdicts(["10.1.0.21:8080": false])), settings)
        #expect(fresh == Verdicts())
    }

    @Test func `a server stands behind the listens of its own family`() {
        let all = ["10.1.0.21:8080": true, "10.1.0.22:8080": true, "[2001:db8::21]:8080": true]
        let three = ServerOptions(forwarding: .nat, weight: 3)
        #expect(
            servers(settings(), all, on: v4) == [endpoint("10.1.0.21:8080"): three, endpoint("10.1.0.22:8080"): three])
        #expect(servers(settings(), all, on: v6) == [endpoint("[2001:db8::21]:8080"): three])
    }

    @Test func `a server is absent until it is known to be up`() {
        #expect(
            Set(servers(settings(), ["10.1.0.21:8080": true, "10.1.0.22:8080": false], on: v4).keys)
                == [endpoint("10.1.0.21:8080")])
        #expect(servers(settings(), [:], on: v4).isEmpty)
    }

    @Test func `a server that is not checked is up`() {
        #expect(servers(settings(check: .none), [:], on: v4).count == 2)
    }

    @Test func `quiesce keeps a down server with weight 0`() {
        let weights = servers(settings(onDown: .quiesce), ["10.1.0.21:8080": true], on: v4).mapValues(\.weight)
        #expect(weights == [endpoint("10.1.0.21:8080"): 3, endpoint("10.1.0.22:8080"): 0])
    }

    @Test(arguments: [Forwarding.dr, .tun])
    func `direct routing and tunnels keep the port of the service`(forwarding: Forwarding) {
        #expect(
            Set(servers(settings(forwarding: forwarding), ["10.1.0.21:8080": true], on: v4).keys)
                == [endpoint("10.1.0.21:80")])
    }

    @Test func `the director itself answers when no server is up`() {
        let own = ServerOptions(forwarding: .dr, weight: 1)
        #expect(servers(settings(fallback: .local), [:], on: v4) == [endpoint("127.0.0.1:80"): own])
        #expect(servers(settings(fallback: .local), [:], on: v6) == [endpoint("[::1]:80"): own])
        #expect(servers(settings(fallback: .local), ["10.1.0.21:8080": true], on: v4)[endpoint("127.0.0.1:80")] == nil)
    }

    @Test func `a fallback stands beside quiesced servers`() {
        let held = servers(settings(onDown: .quiesce, fallback: .local), [:], on: v4)
        #expect(held.count == 3)
        #expect(held[endpoint("127.0.0.1:80")]?.weight == 1)
    }

    @Test(arguments: [(nil, 1), (true, 1), (false, 0)] as [(Bool?, Int)])
    func `a fallback server stands in unless it is known to be down`(isUp: Bool?, count: Int) {
        let sorry = Fallback.server(ServerSettings(endpoint: endpoint("10.1.0.99:81"), forwarding: .nat, weight: 7))
        let held = servers(settings(fallback: sorry), isUp.map { ["10.1.0.99:81": $0] } ?? [:], on: v4)
        #expect(held.count == count)
        #expect(held.values.allSatisfy { $0.weight == 1 })
    }
}
