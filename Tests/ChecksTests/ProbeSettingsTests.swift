import Addresses
import Checks
import Settings
import Testing

struct ProbeSettingsTests {
    private func endpoint(_ text: String) throws -> Endpoint {
        try #require(Endpoint(text))
    }

    @Test func `asks another address in a server's place`() throws {
        let server = ServerSettings(endpoint: try endpoint("10.1.0.21:80"), forwarding: .dr)
        let check = CheckSettings(address: IPAddress("2001:db8::7"))
        let settings = Settings(
            pair: PairSettings(name: "edge", keys: "k", directors: []),
            services: [ServiceSettings(name: "web", listens: [], check: check, servers: [server])])
        let probe = try #require(ProbeSettings.all(of: settings, by: "lb1").first)
        #expect(probe.server.description == "10.1.0.21:80 of web" && probe.target.description == "[2001:db8::7]:80")
    }

    @Test func `covers every server and fallback, on the check's port`() throws {
        let servers = try ["10.1.0.21:80", "[2001:db8::22]:8080"].map {
            ServerSettings(endpoint: try endpoint($0), forwarding: .dr)
        }
        let sorry = ServerSettings(endpoint: try endpoint("10.1.0.99:80"), forwarding: .dr)
        let director = DirectorSettings(name: "lb1", addresses: [])
        let settings = Settings(
            pair: PairSettings(name: "edge", keys: "k", directors: [director]),
            services: [
                ServiceSettings(
                    name: "web", listens: [], check: CheckSettings(port: 9000), servers: servers,
                    fallback: .server(sorry)),
                ServiceSettings(name: "dns", listens: [], servers: [servers[0]], fallback: .local),
            ])
        let probes = ProbeSettings.all(of: settings, by: "lb1")
        #expect(
            probes.map(\.server.description) == [
                "10.1.0.21:80 of web", "[2001:db8::22]:8080 of web", "10.1.0.99:80 of web", "10.1.0.21:80 of dns",
            ])
        #expect(
            probes.map(\.target.description) == [
                "10.1.0.21:9000", "[2001:db8::22]:9000", "10.1.0.99:9000", "10.1.0.21:80",
            ])
    }
    @Test func `asks each server that has a check of its own by that, and the rest by the service's`() throws {
        var servers = try ["10.1.0.21:80", "10.1.0.22:80", "10.1.0.23:80", "10.1.0.24:80"].map {
            ServerSettings(endpoint: try endpoint($0), forwarding: .dr)
        }
        let own = CheckSettings(kind: .http(HTTPCheck(path: "/up")), port: 8080, sources: ["lb1": SourceAddresses()])
        servers[1].check = own
        servers[2].check = CheckSettings(kind: .none)
        servers[3].check = CheckSettings(kind: .script(ScriptCheck(words: ["/bin/look"])), usesDataPath: true)
        var sorry = ServerSettings(endpoint: try endpoint("10.1.0.99:80"), forwarding: .dr)
        sorry.check = CheckSettings(kind: .ping)
        let common = CheckSettings(rise: 7, agent: AgentSettings(port: 9))
        let listen = Listen.endpoint(.tcp, try endpoint("192.0.2.10:80"))
        let service = ServiceSettings(
            name: "web", listens: [listen], check: common, servers: servers, fallback: .server(sorry))
        let settings = Settings(pair: PairSettings(name: "edge", keys: "k", directors: []), services: [service])
        let probes = ProbeSettings.all(of: settings, by: "lb1")
        let targets = probes.map(\.target.description)
        #expect(targets == ["10.1.0.21:80", "10.1.0.22:8080", "10.1.0.24:80", "10.1.0.99:0"])
        #expect(probes.map(\.check) == [common, own, servers[3].check, sorry.check])
        #expect(probes.map { $0.subject != nil } == [false, false, true, false])
        #expect(probes.map { $0.path != nil } == [false, false, true, false])
    }
}
