import Addresses
import Balancing
import Glibc
import Linux
import Netlink
import Settings
import Testing

/// Against the kernel's own ip_vs, each test in a namespace with a table of its own.
@Suite(.enabled(if: kernelHasIPVS)) struct IPVSKernelTests {
    /// Carries out a plan from what the kernel holds.
    private static func make(_ desired: Table, _ socket: inout IPVSSocket) throws {
        let held = try socket.readTable().table
        let steps = plan(from: held, to: desired, owned: Set(held.services.keys))
        let problems = socket.apply(steps, to: held).compactMap { $0 }
        #expect(problems.isEmpty, "\(problems.map(\.description))")
        #expect(try socket.readTable().table == desired)
    }

    @Test func `every combination comes back as it was applied, and ipvsadm sees the same`() async throws {
        try await onOwnThread {
            let director = try Namespace()
            var socket = try IPVSSocket()
            let desired = KernelTable.everything()
            try Self.make(desired, &socket)
            #expect(try director.rules() == Set(blocks(TableText.rules(desired))))
            #expect(try director.listing() == Set(blocks(TableText.listing(desired).dropFirst(2))))
            #expect(plan(from: try socket.readTable().table, to: desired, owned: []).isEmpty)
            try Self.make(Table(), &socket)
            #expect(try director.run("ipvsadm -Sn").isEmpty)
        }
    }

    @Test func `tables follow one another`() async throws {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<6 {
                var table = KernelTable.everything()
                for identity in table.services.keys {
                    if Bool.random(using: &generator) { table.services[identity] = nil }
                    table.services[identity]?.options.scheduler = Bool.random(using: &generator) ? "wlc" : "rr"
                    table.services[identity]?.options.persistence = Bool.random(using: &generator) ? 60 : nil
                    for server in table.services[identity]?.servers.keys ?? [:].keys {
                        if Bool.random(using: &generator) { table.services[identity]?.servers[server] = nil }
                        table.services[identity]?.servers[server]?.forwarding = .tun
                        table.services[identity]?.servers[server]?.weight = .random(in: 0...3, using: &generator)
                    }
                }
                try Self.make(table, &socket)
            }
        }
    }

    @Test func `what somebody else wrote with ipvsadm is read whole and left alone`() async throws {
        try await onOwnThread {
            let director = try Namespace()
            let rules = [
                "-A -t 192.0.2.10:80 -s wlc -p 300 -M 255.255.255.0",
                "-a -t 192.0.2.10:80 -r 10.1.0.22:80 -g -w 2",
                "-A -u 192.0.2.10:5060 -s rr -o",
                "-A -t [2001:db8::5]:443 -s mh -p 600 -M 64 -b mh-fallback,mh-port",
                "-a -t [2001:db8::5]:443 -r [2001:db8:0:1::5]:443 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum",
                "-a -t [2001:db8::5]:443 -r [2001:db8:0:1::6]:443 -i -w 1 --tun-type gre --tun-csum",
                "-A -f 3 -s sh -b sh-port",
                "-A -f 5 -6 -s sed",
            ]
            for rule in rules { try director.run("ipvsadm \(rule)") }
            var socket = try IPVSSocket()
            let held = try socket.readTable().table
            #expect(Set(TableText.rules(held)) == Set(rules))
            #expect(plan(from: held, to: Table(), owned: []).isEmpty)
            try Self.make(Table(), &socket)
            #expect(socket.apply(plan(from: Table(), to: held, owned: [])).allSatisfy { $0 == nil })
            #expect(try director.rules() == Set(blocks(rules)), "and writes it as it was")
        }
    }

    @Test func `the kernel refuses what the model refuses`() async throws {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            let web = ServiceIdentity.endpoint(.tcp, endpoint("192.0.2.10:80"))
            let other = ServiceIdentity.endpoint(.tcp, endpoint("192.0.2.11:80"))
            let server = endpoint("10.1.0.21:80")
            let nat = ServerOptions(forwarding: .nat)
            let steps: [(Step, Int32?)] = [
                (.addService(web, ServiceOptions()), nil), (.addService(web, ServiceOptions()), EEXIST),
                (.editService(other, ServiceOptions()), ESRCH), (.removeService(other), ESRCH),
                (.addServer(server, nat, of: web), nil), (.addServer(server, nat, of: web), EEXIST),
                (.addServer(server, nat, of: other), ESRCH),
                (
                    .addServer(endpoint("10.1.0.22:80"), ServerOptions(forwarding: .nat, weight: 1 << 31), of: web),
                    ERANGE
                ),
                (.addServer(endpoint("[2001:db8::21]:80"), nat, of: web), EINVAL),
                (.editServer(endpoint("10.1.0.22:80"), nat, of: web), ENOENT),
                (.removeServer(endpoint("10.1.0.22:80"), of: web), ENOENT),
                (.removeServer(endpoint("10.1.0.22:80"), of: other), ESRCH),
                (.addService(other, ServiceOptions(scheduler: "nonsense")), ENOENT),
            ]
            let results = socket.apply(steps.map(\.0))
            for ((step, expected), result) in zip(steps, results) { #expect(result?.errno == expected, "\(step)") }
            #expect(
                results.last??.description
                    == "cannot add service tcp://192.0.2.11:80 with scheduler nonsense: the kernel has no such scheduler; "
                    + "run `modprobe ip_vs_nonsense` or choose another")
        }
    }

    @Test func `the director itself can be a server`() async throws {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            var table = Table()
            for (virtual, own) in [("192.0.2.10:80", "127.0.0.1:80"), ("[2001:db8::10]:80", "[::1]:80")] {
                table.services[.endpoint(.tcp, endpoint(virtual))] = TableService(servers: [
                    endpoint(own): ServerOptions(forwarding: .dr)
                ])
            }
            try Self.make(table, &socket)
        }
    }

    @Test func `both sync daemons run beside each other`() async throws {
        try await onOwnThread {
            let director = try Namespace()
            try director.run("ip link add eth1 type veth peer name far")
            try director.run("ip addr add 10.9.0.2/24 dev eth1")
            try director.run("ip link set eth1 up")
            try director.run("ip link set far up")
            try director.enter()
            var socket = try IPVSSocket()
            #expect(try socket.syncDaemons().isEmpty)
            let master = SyncDaemon(role: .master, interface: "eth1", id: 1, maxLength: 60)
            try socket.startSync(master)
            try socket.startSync(SyncDaemon(role: .backup, interface: "eth1", id: 2, maxLength: 60))
            let backup = SyncDaemon(role: .backup, interface: "eth1", id: 2, maxLength: 1024)
            #expect(try Set(socket.syncDaemons()) == [master, backup])
            #expect(throws: NetlinkError.self) { try socket.startSync(master) }
            let listed = try director.run("ipvsadm -L --daemon")
            #expect(listed.contains("master sync daemon (mcast=eth1, syncid=1, maxlen=60"))
            #expect(listed.contains("backup sync daemon (mcast=eth1, syncid=2"))
            for role in SyncDaemon.Role.allCases { try socket.stopSync(role) }
            for role in SyncDaemon.Role.allCases { try socket.stopSync(role) }
            #expect(try socket.syncDaemons().isEmpty)
        }
    }

    @Test func `the switches of ip_vs are read and written`() async throws {
        try await onOwnThread {
            _ = try Namespace()
            for (name, value) in [
                ("sync_threshold", "0 0"), ("sync_refresh_period", "10"), ("backup_only", "0"), ("conntrack", "1"),
            ] {
                try Sysctl.write("net/ipv4/vs/\(name)", value)
                #expect(try Sysctl.read("net/ipv4/vs/\(name)") == value)
            }
            #expect(throws: SysctlError.self) { try Sysctl.write("net/ipv4/vs/sync_threshold", "9 3") }
        }
    }

    @Test func `a thousand services with five servers each`() async throws {
        try await onOwnThread {
            _ = try Namespace()
            var socket = try IPVSSocket()
            let table = KernelTable.large()
            let clock = ContinuousClock()
            var steps: [Step] = []
            let planning = clock.measure { steps = plan(from: Table(), to: table, owned: []) }
            let applying = clock.measure { #expect(socket.apply(steps).allSatisfy { $0 == nil }) }
            var read = ReadTable()
            let before = Glibc.clock()
            let reading = try clock.measure { read = try socket.readTable() }
            let milliseconds = (Glibc.clock() - before) / 1000
            #expect(read.table == table)
            print(
                "1,000 × 5: planned in \(planning), applied in \(applying), read back with its statistics in \(reading), "
                    + "\(milliseconds) ms of a processor")
        }
    }

    @Test func `the kernel says its version`() async throws {
        try await onOwnThread {
            var socket = try IPVSSocket()
            #expect(try socket.info().versionText.hasPrefix("1.2."))
            #expect(try socket.info().connectionTableSize >= 256)
        }
    }
}

/// Whether this kernel has ip_vs now, said once.
let kernelHasIPVS: Bool = {
    do {
        _ = try IPVSSocket()
        return canMakeNamespaces
    } catch {
        print("tests of the kernel's table are skipped: \(error)")
        return false
    }
}()
