import Addresses
import Balancing
import Settings
import Testing

@Suite struct HashTableTests {
    static let servers = (1...4).map { number in
        ServerState(endpoint: endpoint("10.1.0.2\(number):80"), options: ServerOptions(forwarding: .dr))
    }

    static func flow(_ client: String, _ target: String = "192.0.2.10:80") -> Flow {
        Flow(transport: .udp, client: endpoint(client), target: endpoint(target))
    }

    static func table(
        _ scheduler: String, flags: UInt32 = 0, _ servers: [ServerState] = servers, family: AddressFamily = .v4
    ) -> HashTable? {
        HashTable(ServiceOptions(scheduler: scheduler, flags: flags), family: family, servers: servers)
    }

    @Test(arguments: HashTableGolden.connections.split(separator: "\n").map(String.init))
    func `a connection goes where a kernel sent it`(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let server = endpoint(words[5])
        let flags = try #require(UInt32(words[1]))
        // Those that came later stand before.
        let servers = try words[2].split(separator: ",").enumerated().map { index, text in
            let host = server.address.family == .v4 ? "10.1.0.\(21 + index)" : "[2001:db8:1::\(21 + index)]"
            let weight = try #require(UInt32(text))
            return ServerState(
                endpoint: endpoint("\(host):\(server.port)"), options: ServerOptions(forwarding: .dr, weight: weight))
        }
        let flow = Flow(transport: .udp, client: endpoint(words[3]), target: endpoint(words[4]))
        let table = Self.table(words[0], flags: flags, servers.reversed(), family: server.address.family)
        #expect(table?.server(for: flow)?.endpoint == server)
    }

    @Test func `the hash of a number is the same everywhere`() {
        #expect(KernelHash.multiplicative(0xC633_6407, bits: 8) == (0xC633_6407 &* 0x61C8_8647) >> 24)
        #expect(KernelHash.multiplicative(1, bits: 8) == 0x61)
    }

    @Test func `addresses are folded as the kernel does`() {
        #expect(KernelHash.fold(endpoint("192.0.2.1:1").address, family: .v4) == 0xC000_0201)
        #expect(KernelHash.fold(endpoint("[2001:db8::1:2]:1").address, family: .v6) == 0x2001_0DB8 ^ 0x0001_0002)
        #expect(KernelHash.fold(endpoint("[2001:db8::1:2]:1").address, family: .v4) == 0x2001_0DB8)
    }

    @Test(arguments: ["rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf", "lblc", "nonsense"])
    func `other schedulers have no such table`(scheduler: String) {
        #expect(Self.table(scheduler) == nil)
    }

    @Test(arguments: ["sh", "dh", "mh"]) func `without servers nobody gets it`(scheduler: String) {
        #expect(Self.table(scheduler, [])?.server(for: Self.flow("198.51.100.7:40000")) == nil)
        #expect(Self.table(scheduler, [])?.shares == [])
    }

    @Test func `equal weights have equal shares`() {
        #expect(Self.table("sh")?.shares == [0.25, 0.25, 0.25, 0.25])
        #expect(Self.table("dh")?.shares == [0.25, 0.25, 0.25, 0.25])
        let shares = Self.table("mh")?.shares ?? []
        #expect(shares.allSatisfy { abs($0 - 0.25) < 0.001 } && abs(shares.reduce(0, +) - 1) < 1e-9)
        #expect(Self.table("mh")?.count == 4093)
    }

    @Test func `weights count in sh and mh, and not in dh`() {
        var servers = Self.servers
        servers[0].options.weight = 5
        servers[0].lastWeight = 5
        #expect(abs((Self.table("mh", servers)?.shares[0] ?? 0) - 0.625) < 0.001)
        #expect(Self.table("sh", servers)?.shares[0] == 0.625)
        #expect(Self.table("dh", servers)?.shares[0] == 0.25)
    }

    /// Two directors that added the same servers in another order.
    @Test func `the order of servers moves every other client of sh, and hardly one of mh`() {
        func moved(_ scheduler: String) -> Int {
            let (one, other) = (Self.table(scheduler), Self.table(scheduler, Self.servers.reversed()))
            return (1...1000).count { host in
                let flow = Self.flow("198.51.\(host / 250).\(host % 250):40000")
                return one?.server(for: flow) != other?.server(for: flow)
            }
        }
        #expect(moved("sh") == 1000)
        #expect(moved("mh") < 15)
    }

    @Test func `huge weights are cut to 63 turns`() {
        var servers = Self.servers
        for (index, weight) in [(0, UInt32(Int32.max)), (1, 1)] {
            servers[index].options.weight = weight
            servers[index].lastWeight = weight
        }
        let shares = Self.table("mh", servers)?.shares ?? []
        #expect(shares[0] > 0.95 && shares[1...].allSatisfy { $0 > 0.01 })
    }

    @Test func `the client's port counts when the flag says so`() {
        for scheduler in ["sh", "mh"] {
            let plain = Set((1...50).compactMap { Self.table(scheduler)?.server(for: Self.flow("198.51.100.7:\($0)")) })
            let varied = Set(
                (1...50).compactMap { Self.table(scheduler, flags: 0x10)?.server(for: Self.flow("198.51.100.7:\($0)")) }
            )
            #expect(plain.count == 1 && varied.count == 4)
        }
    }

    @Test(arguments: ["sh", "mh"]) func `a server that takes nothing is passed over with the fallback flag alone`(
        scheduler: String
    ) throws {
        let table = try #require(Self.table(scheduler))
        let flow = Self.flow("198.51.100.7:40000")
        let chosen = try #require(table.server(for: flow))
        var servers = Self.servers
        let index = try #require(servers.firstIndex(of: chosen))
        servers[index] = ServerState(
            endpoint: chosen.endpoint, options: ServerOptions(forwarding: .dr, weight: 0), lastWeight: 1)
        #expect(Self.table(scheduler, servers)?.server(for: flow) == nil)
        let other = Self.table(scheduler, flags: 0x8, servers)?.server(for: flow)
        #expect(other != nil && other?.endpoint != chosen.endpoint)
    }

    @Test func `a full server is passed over too`() throws {
        var servers = Self.servers
        for index in servers.indices {
            servers[index].options.upperThreshold = 10
            servers[index].connections = .init(active: 10)
        }
        #expect(Self.table("mh", flags: 0x8, servers)?.server(for: Self.flow("198.51.100.7:40000")) == nil)
        #expect(servers[0].load == .full)
        servers[0].connections = .init(active: 4, inactive: 5)
        #expect(servers[0].load == .unknown)
        servers[0].connections = .init(active: 7)
        #expect(servers[0].load == .free)
        servers[0].options.lowerThreshold = 3
        #expect(servers[0].load == .unknown)
    }
}
