import Addresses
import Balancing
import Glibc
import Linux
import Netlink
import Settings
import Testing

/// Messages written in user space, against a backup daemon of the kernel's.
extension IPVSKernelTests {
    /// Two namespaces on one wire, a backup daemon in the second.
    private struct Wire: ~Copyable {
        let teller: Namespace
        let taker: Namespace
        var socket: IPVSSocket

        init(maxLength: UInt16? = nil) throws {
            let taker = try Namespace()
            let teller = try Namespace()
            try teller.run("ip link add eth1 type veth peer name eth1 netns \(taker.path)")
            for (end, host) in [(teller, 2), (taker, 3)] {
                try end.run("ip addr add 10.9.0.\(host)/24 dev eth1")
                try end.run("ip link set eth1 up")
            }
            // Until the kernel has noticed that the wire is whole, it drops what is sent.
            for end in [teller, taker] {
                try look(200) { try end.run("ip -br link show eth1").contains(" UP ") }
            }
            try taker.enter()
            var socket = try IPVSSocket()
            try socket.startSync(SyncDaemon(role: .backup, interface: "eth1", id: 9, maxLength: maxLength))
            self.taker = taker
            self.teller = teller
            self.socket = socket
        }

        func tell(_ connections: [Connection], forwarding: Forwarding = .dr, id: UInt8 = 9) throws -> Int {
            try teller.enter()
            let voice = try MulticastSocket(group: SyncMessage.group, interface: "eth1")
            #expect(voice.mtu == 1500)
            var message = SyncMessage(id: id, longest: voice.mtu - SyncMessage.headers)
            var sent = 0
            for connection in connections {
                if message.add(connection, forwarding: forwarding) { continue }
                #expect(voice.send(message.bytes) == 0)
                sent = max(sent, message.bytes.count)
                message = SyncMessage(id: id, longest: voice.mtu - SyncMessage.headers)
                _ = message.add(connection, forwarding: forwarding)
            }
            #expect(voice.send(message.bytes) == 0)
            try taker.enter()
            return max(sent, message.bytes.count)
        }

        /// What the taker's kernel lists, once there are so many or a while has passed.
        func heard(_ count: Int) throws -> [Connection] {
            var found: [Connection] = []
            for _ in 0..<100 {
                found = []
                var reader = LineReader(path: "/proc/thread-self/net/ip_vs_conn")
                try reader.forEachLine { line in
                    if let connection = Connection(line: line) { found.append(connection) }
                    return true
                }
                if found.count >= count { return found }
                usleep(20_000)
            }
            return found
        }
    }

    private static func connections() -> [Connection] {
        let kinds: [Connection.Kind] = [
            .tcp(.established), .tcp(.finWait), .tcp(.timeWait), .tcp(.closeWait), .tcp(.synReceived), .udp, .sctp(8),
            .template(6, isAssured: true), .template(17, isAssured: false),
        ]
        return kinds.enumerated().flatMap { index, kind in
            [("192.0.2.100", "192.0.2.10", "10.1.0.21"), ("2001:db8::100", "2001:db8::10", "2001:db8:1::21")].map {
                ends in
                let isTemplate = if case .template = kind { true } else { false }
                return Connection(
                    kind: kind,
                    client: Endpoint(address: address(ends.0), port: isTemplate ? 0 : UInt16(40_000 + index)),
                    service: Endpoint(address: address(ends.1), port: 80),
                    server: Endpoint(address: address(ends.2), port: 80), expires: UInt32(300 + index))
            }
        }
    }

    @Test func `a backup daemon takes connections of every kind as they were told`() async throws {
        try await onOwnThread {
            let wire = try Wire()
            let told = Self.connections()
            _ = try wire.tell(told, id: 8)
            _ = try wire.tell(told)
            let heard = try wire.heard(told.count)
            #expect(heard.count == told.count)
            for connection in told {
                let match = heard.first { $0.fingerprint == connection.fingerprint }
                #expect(match?.kind == connection.kind, "\(connection)")
                #expect(match.map { (connection.expires - 5...connection.expires).contains($0.expires) } ?? false)
            }
        }
    }

    @Test func `a message of full size arrives whole at a daemon that has room for it, and not at one that has not`()
        async throws
    {
        try await onOwnThread {
            let many = (0..<40).map { number in
                Connection(
                    kind: .tcp(.established),
                    client: Endpoint(address: address("192.0.2.100"), port: UInt16(number + 1)),
                    service: endpoint("192.0.2.10:80"), server: endpoint("10.1.0.21:80"), expires: 900)
            }
            let wide = try Wire()
            #expect(try wide.tell(many) == 8 + 40 * 36)
            #expect(try wide.heard(40).count == 40)
            let narrow = try Wire(maxLength: 60)
            _ = try narrow.tell(many)
            #expect(try narrow.heard(1).isEmpty)
        }
    }

    @Test func `connections count at the servers of the table as active or not, also if the server comes later`()
        async throws
    {
        try await onOwnThread {
            var wire = try Wire()
            let told = Self.connections().filter { $0.client.address.family == .v4 && $0.protocolNumber == 6 }
            let service = ServiceIdentity.endpoint(.tcp, endpoint("192.0.2.10:80"))
            let server = endpoint("10.1.0.21:80")
            func counts() throws -> TableText.Connections? {
                try wire.socket.readTable().server(server, of: service)?.connections
            }
            #expect(wire.socket.apply([.addService(service, ServiceOptions(persistence: 300))]) == [nil])
            _ = try wire.tell(told)
            #expect(try wire.heard(told.count).count == told.count)
            #expect(
                wire.socket.apply([.addServer(server, ServerOptions(forwarding: .dr), of: service)]) == [nil])
            #expect(try counts() == TableText.Connections(active: 0, inactive: 0))
            _ = try wire.tell(told)
            try look(100) { try counts()?.active != 0 }
            #expect(try counts() == TableText.Connections(active: 2, inactive: 3, persistent: 1))
        }
    }
}
