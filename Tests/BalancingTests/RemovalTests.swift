import Addresses
import Balancing
import Settings
import Testing

struct RemovalTests {
    private func service(_ name: String, _ port: UInt16, servers: Range<Int>) -> ServiceSettings {
        ServiceSettings(
            name: name, listens: [tcp("192.0.2.10:\(port)")],
            servers: servers.map { ServerSettings(endpoint: endpoint("10.1.0.\($0):80"), forwarding: .dr) })
    }

    private func settings(_ services: [ServiceSettings]) -> Settings {
        Settings(pair: PairSettings(name: "edge", keys: "/k", directors: []), services: services)
    }

    @Test func `counts services and servers that go, each server in each of its services`() {
        let old = settings([service("a", 80, servers: 1..<5), service("b", 81, servers: 1..<5)])
        let new = settings([service("a", 80, servers: 1..<4)])
        let removal = Removal(from: old, to: new)
        #expect("\(removal)" == "1 of 2 services and 5 of 8 servers")
        #expect(removal.exceeds(50) && !removal.exceeds(63))
    }

    @Test func `half may go, and a reload that adds or changes takes nothing`() {
        let old = settings([service("a", 80, servers: 1..<3), service("b", 81, servers: 1..<3)])
        #expect(!Removal(from: old, to: settings([old.services[0]])).exceeds(50))
        var changed = old
        changed.services[0].scheduler = .rr
        changed.services.append(service("c", 82, servers: 1..<9))
        let removal = Removal(from: old, to: changed)
        #expect(removal.services == 0 && removal.servers == 0 && !removal.exceeds(1))
    }

    @Test func `an empty configuration is more than any share, but not where there was none`() {
        let old = settings([service("a", 80, servers: 1..<3)])
        let removal = Removal(from: old, to: settings([]))
        #expect(removal.exceeds(100) && "\(removal)" == "all 1 services: the new configuration has none")
        #expect(!Removal(from: settings([]), to: settings([])).exceeds(50))
        #expect(!Removal(from: settings([]), to: old).exceeds(50))
    }

    @Test func `another name of the same service takes nothing away`() {
        let old = settings([service("a", 80, servers: 1..<3)])
        #expect(!Removal(from: old, to: settings([service("z", 80, servers: 1..<3)])).exceeds(1))
    }
}
