import Addresses
import Glibc
import Linux
import Netlink
import Testing

@Suite(.enabled(if: canMakeNamespaces)) struct RouteSocketTests {
    static let cases = ["192.0.2.10", "198.51.100.10/24", "2001:db8::10", "2001:db8:1::10/64"]

    /// A director of one interface, entered.
    private static func director() throws -> (Namespace, Link) {
        let director = try Namespace()
        try director.run("ip link add eth0 type veth peer name far")
        try director.run("ip link set eth0 up")
        try director.run("ip link set far up")
        try director.enter()
        var socket = try RouteSocket()
        let link = try #require(try socket.link(named: "eth0"))
        return (director, link)
    }

    private static func lease(_ text: String, on link: Link, _ seconds: UInt32) -> LeasedAddress {
        LeasedAddress(prefix: prefix(text), interface: link.index, lease: seconds)
    }

    @Test(arguments: cases)
    func `an address is added, renewed and removed`(text: String) async throws {
        try await onOwnThread {
            let (director, link) = try Self.director()
            var socket = try RouteSocket()
            #expect(socket.change([.add(Self.lease(text, on: link, 200))]) == [nil])
            #expect(try director.run("ip -6 addr show dev eth0").contains("deprecated") == text.contains(":"))
            var held = try socket.addresses().first { $0.prefix == prefix(text) }
            #expect(held?.interface == link.index)
            #expect((100...200).contains(held?.validLifetime ?? 0))
            #expect(socket.change([.renew(Self.lease(text, on: link, 900))]) == [nil])
            held = try socket.addresses().first { $0.prefix == prefix(text) }
            #expect((800...900).contains(held?.validLifetime ?? 0))
            #expect(socket.change([.add(Self.lease(text, on: link, 90))]) == [nil], "adopting is renewing")
            #expect(socket.change([.remove(prefix(text), interface: link.index)]) == [nil])
            #expect(try socket.addresses().allSatisfy { $0.prefix != prefix(text) })
            #expect(socket.change([.remove(prefix(text), interface: link.index)]) == [nil], "done already")
        }
    }

    @Test func `a lease that nobody renews lapses, and is heard of`() async throws {
        try await onOwnThread {
            let (_, link) = try Self.director()
            var socket = try RouteSocket()
            var events = try RouteEvents()
            #expect(socket.change(Self.cases.map { .add(Self.lease($0, on: link, 1)) }) == [nil, nil, nil, nil])
            var removed: Set<Prefix> = []
            for _ in 0..<60 where removed.count < Self.cases.count {
                usleep(100_000)
                for case .addressRemoved(let prefix, link.index) in events.receive() { removed.insert(prefix) }
            }
            #expect(removed == Set(Self.cases.map(prefix)))
            #expect(try socket.addresses().allSatisfy { $0.prefix.address != address("192.0.2.10") })
        }
    }

    @Test func `who filters additions out hears of removals all the same`() async throws {
        try await onOwnThread {
            let (_, link) = try Self.director()
            var socket = try RouteSocket()
            var events = try RouteEvents()
            #expect(PacketFilter.noNewAddresses.attach(to: events.fileDescriptor))
            _ = socket.change(Self.cases.map { .add(Self.lease($0, on: link, 60)) })
            _ = socket.change([.remove(prefix(Self.cases[0]), interface: link.index)])
            let heard = events.receive().filter { if case .linkChanged = $0 { false } else { true } }
            #expect(heard == [.addressRemoved(prefix(Self.cases[0]), interface: link.index)])
        }
    }

    @Test func `a link is found by the longest prefix around it`() async throws {
        try await onOwnThread {
            let (director, link) = try Self.director()
            try director.run("ip link add inner type veth peer name outer")
            try director.run("ip link set inner up")
            try director.run("ip addr add 198.51.100.1/16 dev eth0")
            try director.run("ip addr add 198.51.100.129/25 dev inner")
            try director.run("ip addr add 203.0.113.9/32 dev inner")
            var socket = try RouteSocket()
            let around = try socket.surroundings()
            #expect(around.link(towards: address("198.51.100.10")) == link)
            #expect(around.link(towards: address("198.51.100.200"))?.name == "inner")
            #expect(around.link(towards: address("203.0.113.9")) == nil)
            #expect(around.link(towards: address("192.0.2.1")) == nil)
        }
    }

    @Test func `the loopback interface holds an address for the host`() async throws {
        try await onOwnThread {
            let (director, _) = try Self.director()
            var socket = try RouteSocket()
            let changes = ["192.0.2.10", "2001:db8::10"].map {
                AddressChange.add(LeasedAddress(prefix: prefix($0), interface: Link.loopbackIndex, lease: 60))
            }
            #expect(socket.change(changes) == [nil, nil])
            #expect(try director.run("ip -4 addr show dev lo").contains("inet 192.0.2.10/32 scope host"))
            #expect(try director.run("ip -6 addr show dev lo").contains("inet6 2001:db8::10/128"))
        }
    }

    @Test func `each change has its own result`() async throws {
        try await onOwnThread {
            let (_, link) = try Self.director()
            var socket = try RouteSocket()
            let changes = (1...170).map { number in
                AddressChange.add(
                    LeasedAddress(
                        prefix: Prefix(host: .v4(IPv4Address(number: 0x0A63_0000 + number))),
                        interface: number % 10 == 0 ? 4000 : link.index, lease: 600))
            }
            let results = socket.change(changes)
            #expect(results.count == 170)
            for (index, result) in results.enumerated() {
                #expect(result?.errno == ((index + 1) % 10 == 0 ? ENODEV : nil))
            }
            #expect(try socket.addresses().count { $0.interface == link.index && $0.prefix.length == 32 } == 153)
        }
    }

    @Test func `many addresses go quickly and leave the director's own alone`() async throws {
        try await onOwnThread {
            let (director, link) = try Self.director()
            try director.run("ip addr add 10.99.0.1/16 dev eth0")
            try Sysctl.write("net/ipv4/conf/eth0/promote_secondaries", "1")
            var socket = try RouteSocket()
            let leased = (0..<1000).compactMap { number in
                Prefix(address: .v4(IPv4Address(number: 0x0A63_0100 + number)), length: 16)
            }.map { LeasedAddress(prefix: $0, interface: link.index, lease: 600) }
            let clock = ContinuousClock()
            let adding = clock.measure {
                #expect(socket.change(leased.map { .add($0) }).allSatisfy { $0 == nil })
            }
            let renewing = clock.measure {
                #expect(socket.change(leased.map { .renew($0) }).allSatisfy { $0 == nil })
            }
            var held = try socket.addresses().filter { $0.validLifetime != nil && $0.interface == link.index }
            #expect(held.count == 1000)
            let removing = clock.measure {
                let changes = held.reversed().map { AddressChange.remove($0.prefix, interface: $0.interface) }
                #expect(socket.change(changes).allSatisfy { $0 == nil })
            }
            held = try socket.addresses().filter { $0.prefix.address.family == .v4 && $0.interface == link.index }
            #expect(held.map(\.prefix) == [prefix("10.99.0.1/16")])
            print("1,000 addresses: added in \(adding), renewed in \(renewing), removed in \(removing)")
        }
    }

    @Test(.enabled(if: getenv("TANDEM_VM") == nil, "an emulated machine cannot list before the next change"))
    func `a listing is whole while other addresses come and go`() async throws {
        let (director, link) = try await onOwnThread { try Self.director() }
        let stay = (1...1500).map { AddressChange.add(Self.host($0, on: link)) }
        let others = (5000...5040).map { Self.host($0, on: link) }
        async let churn: Void = onOwnThread {
            try director.enter()
            var socket = try RouteSocket()
            for _ in 0..<150 {
                usleep(1000)
                _ = socket.change(others.map { .add($0) })
                _ = socket.change(others.map { .remove($0.prefix, interface: link.index) })
            }
        }
        try await onOwnThread {
            try director.enter()
            var socket = try RouteSocket()
            #expect(socket.change(stay).allSatisfy { $0 == nil })
            for _ in 0..<30 {
                // On a busy machine a listing can be interrupted every time; what is never allowed is a part of one.
                guard let addresses = try? socket.addresses() else { continue }
                // Those that stay, and 127.0.0.1 sorts behind them.
                #expect(addresses.count { $0.prefix.address < others[0].prefix.address } == stay.count)
            }
        }
        try await churn
        try await onOwnThread {
            try director.enter()
            var socket = try RouteSocket()
            let listed = try socket.addresses().count { $0.prefix.address < others[0].prefix.address }
            #expect(listed == stay.count)
        }
    }

    private static func host(_ number: Int, on link: Link) -> LeasedAddress {
        LeasedAddress(
            prefix: Prefix(host: .v4(IPv4Address(number: 0x0A63_0000 + UInt32(number)))), interface: link.index,
            lease: 600)
    }

    @Test(arguments: ["192.0.2.10", "2001:db8::10"])
    func `an address is local soon after it was added, and not before`(text: String) async throws {
        try await onOwnThread {
            let (_, link) = try Self.director()
            var socket = try RouteSocket()
            let address = prefix(text).address
            #expect((try? socket.isLocal(address)) != true)
            #expect(socket.change([.add(Self.lease(text, on: link, 200))]) == [nil])
            var tries = 0
            while (try? socket.isLocal(address)) != true, tries < 2000 {
                usleep(1000)
                tries += 1
            }
            #expect(tries < 2000)
        }
    }

    @Test func `a neighbour is held for good`() async throws {
        try await onOwnThread {
            let (director, link) = try Self.director()
            var socket = try RouteSocket()
            let mac = MACAddress(number: 0x0200_5E00_0A01)
            for text in ["192.0.2.3", "2001:db8::3"] {
                try socket.addPermanentNeighbour(address(text), mac: mac, interface: link.index)
                #expect(
                    try director.run("ip neigh show \(text) dev eth0").hasPrefix(
                        "\(text) lladdr 02:00:5e:00:0a:01 PERMANENT"))
                try socket.removeNeighbour(address(text), interface: link.index)
                try socket.removeNeighbour(address(text), interface: link.index)
                #expect(try !director.run("ip neigh show \(text) dev eth0").contains("PERMANENT"))
            }
            #expect(throws: NetlinkError.self) {
                try socket.addPermanentNeighbour(address("192.0.2.3"), mac: mac, interface: 4000)
            }
        }
    }

    @Test func `links are described, and their changes heard of`() async throws {
        try await onOwnThread {
            let (director, link) = try Self.director()
            #expect(link.isUp && link.hasCarrier && !link.isLoopback && link.mac != nil)
            var socket = try RouteSocket()
            #expect(try socket.link(named: "lo")?.isLoopback == true)
            #expect(try socket.link(named: "lo")?.index == Link.loopbackIndex)
            #expect(try socket.link(named: "nowhere") == nil)
            #expect(try socket.link(named: "a name that is too long") == nil)
            #expect(try Set(socket.links().map(\.name)) == ["lo", "eth0", "far"])
            var events = try RouteEvents()
            #expect(events.receive().isEmpty)
            try director.run("ip link set far down")
            let changed = events.receive().compactMap { event in
                if case .linkChanged(let link) = event, link.name == "eth0" { link } else { nil }
            }
            #expect(changed.last?.isUp == true)
            #expect(changed.last?.hasCarrier == false)
            try director.run("ip link del far")
            #expect(events.receive().contains(.linkRemoved(link.index)))
        }
    }

    @Test func `the connected route leads to the interface`() async throws {
        try await onOwnThread {
            let (director, link) = try Self.director()
            try director.run("ip addr add 192.0.2.2/24 dev eth0")
            try director.run("ip addr add 192.0.2.130/25 dev far")
            try director.run("ip addr add 192.0.2.9/32 dev far")
            var socket = try RouteSocket()
            let far = try socket.link(named: "far")?.index
            #expect(try socket.interfaceForConnectedRoute(to: address("192.0.2.10")) == link.index)
            #expect(try socket.interfaceForConnectedRoute(to: address("192.0.2.200")) == far)
            #expect(try socket.interfaceForConnectedRoute(to: address("192.0.2.9")) == link.index)
            #expect(try socket.interfaceForConnectedRoute(to: address("203.0.113.1")) == nil)
        }
    }
}
