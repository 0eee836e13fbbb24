import Addresses
import Balancing
import Glibc
import Netlink
import Settings
import Testing

/// What the kernel refuses, which is why the rules do; its timeouts; and what it counts.
extension IPVSKernelTests {
    @Test func `the kernel refuses the options that the rules refuse`() async throws {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            let four = ServiceIdentity.endpoint(.tcp, endpoint("192.0.2.10:80"))
            let six = ServiceIdentity.endpoint(.tcp, endpoint("[2001:db8::10]:80"))
            #expect(socket.apply([.addService(four, ServiceOptions())])[0] == nil)
            func add(_ server: String, _ options: ServerOptions) -> Step {
                .addServer(endpoint(server), options, of: four)
            }
            let steps: [(Step, Int32)] = [
                (.addService(six, ServiceOptions(persistence: 60, netmask: 0)), EINVAL),
                (.addService(six, ServiceOptions(persistence: 60, netmask: 129)), EINVAL),
                (.addService(six, ServiceOptions(persistence: 60, engine: "nonsense")), ENOENT),
                (add("10.1.0.21:80", ServerOptions(forwarding: .nat, upperThreshold: 4, lowerThreshold: 5)), ERANGE),
                (add("10.1.0.21:80", ServerOptions(forwarding: .nat, lowerThreshold: 5)), ERANGE),
                (add("10.1.0.21:80", ServerOptions(forwarding: .tun, tunnel: Tunnel(type: 1))), EINVAL),
                (add("[2001:db8::21]:80", ServerOptions(forwarding: .nat)), EINVAL),
                (add("[2001:db8::21]:80", ServerOptions(forwarding: .dr)), EINVAL),
                (add("224.0.0.1:80", ServerOptions(forwarding: .dr)), EINVAL),
                (add("[fe80::1]:80", ServerOptions(forwarding: .tun)), EINVAL),
            ]
            var model = try socket.readTable().table
            for (step, errno) in steps {
                #expect(socket.apply([step])[0]?.errno == errno, "\(step)")
                if errno != ENOENT, !"\(step)".contains("224."), !"\(step)".contains("fe80") {
                    #expect(throws: StepRefusal.self, "\(step)") { try model.apply(step) }
                }
            }
        }
    }

    @Test func `the kernel does not mix families beside a sync daemon`() async throws {
        try await onOwnThread {
            let director = try Namespace()
            try director.run("ip link add eth1 type veth peer name far")
            try director.run("ip addr add 10.9.0.2/24 dev eth1")
            try director.run("ip link set eth1 up")
            try director.enter()
            var socket = try IPVSSocket()
            let web = ServiceIdentity.endpoint(.tcp, endpoint("192.0.2.10:80"))
            let mixed = Step.addServer(endpoint("[2001:db8::21]:80"), ServerOptions(forwarding: .tun), of: web)
            let daemon = SyncDaemon(role: .master, interface: "eth1", id: 1)
            #expect(socket.apply([.addService(web, ServiceOptions())])[0] == nil)
            try socket.startSync(daemon)
            #expect(socket.apply([mixed])[0]?.errno == EINVAL)
            try socket.stopSync(.master)
            #expect(socket.apply([mixed])[0] == nil)
            #expect(throws: NetlinkError.self) { try socket.startSync(daemon) }
        }
    }

    @Test func `timeouts are read and set`() async throws {
        try await onOwnThread {
            let director = try Namespace()
            var socket = try IPVSSocket()
            let before = try socket.timeouts()
            #expect(before == Timeouts(tcp: 900, tcpFin: 120, udp: 300))
            let wanted = before.changed(by: TimeoutSettings(tcp: 2_073_600, udp: 1))
            try socket.setTimeouts(wanted)
            #expect(try socket.timeouts() == wanted)
            #expect(
                try director.run("ipvsadm -L --timeout").contains("Timeout (tcp tcpfin udp): \(wanted)"))
            #expect(throws: NetlinkError.self) {
                try socket.setTimeouts(Timeouts(tcp: 1 << 31, tcpFin: 1, udp: 1))
            }
        }
    }

    @Test func `what the kernel counts is read as ipvsadm prints it`() async throws {
        try await onOwnThread {
            let director = try Namespace()
            try director.run("ip addr add 192.0.2.10/32 dev lo")
            var socket = try IPVSSocket()
            let dns = ServiceIdentity.endpoint(.udp, endpoint("192.0.2.10:53"))
            let server = endpoint("127.0.0.1:53")
            let steps: [Step] = [
                .addService(dns, ServiceOptions()), .addServer(server, ServerOptions(forwarding: .dr), of: dns),
            ]
            #expect(socket.apply(steps).allSatisfy { $0 == nil })
            for word in ["a", "bcd"] {
                try director.run(words: ["bash", "-c", "printf \(word) >/dev/udp/192.0.2.10/53"])
            }
            var read = try socket.readTable()
            // The kernel adds up what its processors counted every 2 s.
            for _ in 0..<100 where read.services[dns]?.statistics.packetsIn != 2 {
                usleep(100_000)
                read = try socket.readTable()
            }
            let statistics = try #require(read.server(server, of: dns)?.statistics)
            #expect(read.services[dns]?.statistics.connections == 2)
            #expect(statistics.connections == 2 && statistics.packetsIn == 2 && statistics.bytesIn == 29 + 31)
            #expect(try isPrinted(dns, server, by: director, &socket))
            #expect(read.server(server, of: dns)?.connections == TableText.Connections(active: 0, inactive: 2))
        }
    }

    /// Answers that nobody is at the port are counted as well, as they come: until both say the same.
    private func isPrinted(
        _ service: ServiceIdentity, _ server: Endpoint, by director: Namespace, _ socket: inout IPVSSocket
    ) throws -> Bool {
        for _ in 0..<30 {
            let read = try #require(try socket.readTable().server(server, of: service)?.statistics)
            let counts = [read.connections, read.packetsIn, read.packetsOut, read.bytesIn, read.bytesOut]
            let line = try director.run("ipvsadm -Ln --stats --exact").split(separator: "\n").last
            if line?.split(separator: " ").map(String.init) == ["->", "\(server)"] + counts.map(\.description) {
                return true
            }
            usleep(100_000)
        }
        return false
    }
}
