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

    @Test func `of servers that nobody checks nothing is believed, and they are in`() {
        let settings = settings(check: .none)
        let held = desired(settings, verdicts: Verdicts())
        #expect(held.services[v4]?.servers.count == 2)
        var fresh = Verdicts()
        let isMore = fresh.assume(held, settings)
        #expect(!isMore && fresh == Verdicts())
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

    @Test func `with initial up a server is in until it is known to be down`() {
        var settings = settings(onDown: .quiesce)
        settings.services[0].check.initial = .up
        let weights = servers(settings, ["10.1.0.21:8080": false], on: v4).mapValues(\.weight)
        #expect(weights == [endpoint("10.1.0.21:8080"): 0, endpoint("10.1.0.22:8080"): 3])
    }

    @Test func `who would be drained last is known by the table, also with initial up`() {
        var settings = settings(servers: ["10.1.0.21:8080", "10.1.0.22:8080"])
        settings.services[0].listens = [v4]
        settings.services[0].check.initial = .up
        settings.services[0].servers[1].check = CheckSettings(initial: .up)
        let held = desired(settings, verdicts: verdicts(["10.1.0.22:8080": false]))
        let scope = Override.Scope(address: endpoint("10.1.0.21:8080").address)
        var drained = Overrides()
        #expect(drained.say(Override(.drain, scope, director: "lb1", uid: 0, time: 0)) != nil)
        #expect(settings.emptied(held, from: Overrides(), to: drained, in: scope) == ["web"])
    }

    @Test func `a server that is not checked is up`() {
        #expect(servers(settings(check: .none), [:], on: v4).count == 2)
    }

    @Test func `each server is up by its own check, or by the service's`() {
        var settings = settings(servers: ["10.1.0.21:80", "10.1.0.22:80", "10.1.0.23:80"])
        settings.services[0].servers[1].check = CheckSettings(kind: .none)
        settings.services[0].servers[2].check = CheckSettings(initial: .up)
        #expect(Set(servers(settings, [:], on: v4).keys) == [endpoint("10.1.0.22:80"), endpoint("10.1.0.23:80")])
        let all = ["10.1.0.21:80": false, "10.1.0.22:80": false, "10.1.0.23:80": false]
        #expect(Set(servers(settings, all, on: v4).keys) == [endpoint("10.1.0.22:80")])
        var known = verdicts(all)
        known.forgetUnchecked(settings)
        #expect(known == verdicts(["10.1.0.21:80": false, "10.1.0.23:80": false]))
        known = Verdicts()
        #expect(known.hope(settings) == 2 && known == verdicts(["10.1.0.21:80": true, "10.1.0.23:80": true]))
        settings.services[0].check.kind = .none
        #expect(Set(servers(settings, ["10.1.0.23:80": false], on: v4).keys).count == 2)
    }

    @Test func `a fallback is judged by its own check`() {
        var stand = ServerSettings(endpoint: endpoint("10.1.0.99:81"), forwarding: .nat)
        stand.check = CheckSettings(kind: .none)
        let settings = settings(fallback: .server(stand))
        #expect(servers(settings, ["10.1.0.99:81": false], on: v4).count == 1)
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

    private func service(_ listens: [Listen], _ servers: [ServerSettings]) -> Settings {
        var settings = settings()
        settings.services = [
            ServiceSettings(name: "web", listens: listens, check: CheckSettings(kind: .none), servers: servers)
        ]
        return settings
    }

    @Test func `every option of the configuration stands in the table`() {
        var settings = settings()
        settings.services[0].flags = [.shFallback, .shPort]
        settings.services[0].persistenceMask = PersistenceMask(v4: 0xFFFF_FF00, v6: 64)
        settings.services[0].persistenceEngine = .sip
        settings.services[0].isOnePacket = true
        let table = desired(settings, verdicts: Verdicts())
        var options = ServiceOptions(
            scheduler: "sh", persistence: 60, netmask: 0xFFFF_FF00, engine: "sip", flags: 0x8 | 0x10 | 0x4)
        #expect(table.services[v4]?.options == options)
        options.netmask = 64
        #expect(table.services[v6]?.options == options)
        settings.services[0].persistenceMask = PersistenceMask(v4: .max, v6: 128)
        options.netmask = nil
        #expect(desired(settings, verdicts: Verdicts()).services.values.allSatisfy { $0.options == options })
    }

    @Test func `every option of a server stands in the table`() {
        let tunnels = [
            (nil, Tunnel()),
            (TunnelSettings(.gue, port: 6080, checksum: .remote), Tunnel(type: 1, port: 6080, flags: 2)),
            (TunnelSettings(.gre, checksum: .full), Tunnel(type: 2, flags: 1)),
        ]
        for (given, tunnel) in tunnels {
            let server = ServerSettings(
                endpoint: endpoint("10.1.0.21:80"), forwarding: .tun, weight: 5, upper: 9, lower: 3, tunnel: given)
            let wanted = ServerOptions(
                forwarding: .tun, weight: 5, upperThreshold: 9, lowerThreshold: 3, tunnel: tunnel)
            #expect(servers(service([v4], [server]), [:], on: v4) == [endpoint("10.1.0.21:80"): wanted])
        }
    }

    @Test func `behind several ports, all ports or a mark, a server without a port has the packet's`() {
        let all = tcp("192.0.2.10:0")
        let listens = [v4, tcp("192.0.2.10:443"), all, .mark(7, .v4)]
        for forwarding in Forwarding.allCases {
            let server = ServerSettings(endpoint: endpoint("10.1.0.21:0"), forwarding: forwarding)
            let table = desired(service(listens, [server]), verdicts: Verdicts())
            let ports = listens.map { table.services[$0]?.servers.keys.first?.port }
            #expect(ports == [80, 443, 0, 0], "\(forwarding)")
        }
    }

    @Test(arguments: [(Forwarding.nat, [8080, 0, 8080]), (.dr, [80, 0, 0]), (.tun, [80, 0, 0])])
    func `the port of a server counts with nat, but for all ports`(forwarding: Forwarding, expected: [UInt16]) {
        let listens = [v4, tcp("192.0.2.10:0"), .mark(7, .v4)]
        let server = ServerSettings(endpoint: endpoint("10.1.0.21:8080"), forwarding: forwarding)
        let table = desired(service(listens, [server]), verdicts: Verdicts())
        #expect(listens.map { table.services[$0]?.servers.keys.first?.port } == expected)
    }

    @Test func `a tunnel serves the other family where nobody else does`() {
        let four = ServerSettings(endpoint: endpoint("10.1.0.21:80"), forwarding: .tun)
        let six = ServerSettings(endpoint: endpoint("[2001:db8::21]:80"), forwarding: .tun)
        func table(_ listens: [Listen], _ servers: [ServerSettings]) -> [ServiceIdentity: Set<Endpoint>] {
            desired(service(listens, servers), verdicts: Verdicts()).services.mapValues { Set($0.servers.keys) }
        }
        #expect(table([v4], [six]) == [v4: [six.endpoint]])
        #expect(table([v4], [four, six]) == [v4: [four.endpoint, six.endpoint]])
        #expect(table([v4, v6], [four, six]) == [v4: [four.endpoint], v6: [six.endpoint]])
        #expect(table([v4, v6], [six]) == [v4: [six.endpoint], v6: [six.endpoint]])
        #expect(table([.mark(7, .v6)], [four]) == [.mark(7, .v6): [Endpoint(address: four.endpoint.address, port: 0)]])
        var nat = six
        nat.forwarding = .nat
        #expect(table([v4, v6], [four, nat]) == [v4: [four.endpoint], v6: [nat.endpoint]])
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
