import Addresses
import Commands
import Netlink
import Settings
import SettingsFile
import Testing

@Suite struct DoctorTests {
    private static let file = """
        pair:
          name: edge
          keys: /nowhere/keys
          directors:
            lb1: {addresses: [192.0.2.2], interfaces: {outside: eth0, inside: eth1}}
            lb2: {addresses: [192.0.2.3], interfaces: {outside: eth0, inside: eth1}}
        groups: {web: {addresses: [192.0.2.10], interface: outside}}
        services:
          - {name: web, listen: tcp://192.0.2.10:80, forward: nat, servers: [10.1.0.21]}
          - {name: far, listen: tcp://192.0.2.10:443, forward: tun, scheduler: mh, servers: [10.1.0.22]}

        """

    private static func server(_ text: String) -> IPAddress {
        guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }

    private static func link(_ index: Int32, _ name: String, mtu: UInt32 = 1500) -> Link {
        Link(index: index, name: name, mac: nil, isUp: true, hasCarrier: true, isLoopback: false, mtu: mtu)
    }

    /// A machine on which all is well.
    private static var healthy: DirectorFacts {
        var facts = DirectorFacts()
        facts.links = [link(2, "eth0"), link(3, "eth1", mtu: 1520)]
        facts.switches = ["net/ipv4/ip_forward": "1", "net/ipv4/neigh/default/gc_thresh3": "1024"]
        facts.routes = [server("10.1.0.21"): Route(interface: 3), server("10.1.0.22"): Route(interface: 3)]
        facts.wayOut = 2
        facts.modules = ["ip_vs", "ip_vs_wlc"]
        facts.availableModules = ["ip_vs_mh"]
        facts.running = ["tandemd"]
        facts.udpPorts = [5390]
        return facts
    }

    @Test(arguments: [
        (
            ["nf_tables", "nft_chain_nat", "nft_ct", "nft_masq"], "check", "0", DoctorFinding.Level.bad,
            "keep their source"
        ),
        (["nf_tables", "nft_chain_nat", "nft_ct", "nft_masq"], "check", "1", .ok, "can do it for web"),
        (["nf_tables", "nft_chain_nat", "nft_ct", "nft_masq"], "manage", "0", .ok, "can do it for web"),
        (["nf_tables", "nft_chain_nat", "nft_ct"], "manage", "0", .bad, "has no nft_masq, which web want"),
    ])
    func `looks for what masquerade needs`(
        modules: [String], sysctl: String, conntrack: String, level: DoctorFinding.Level, words: String
    ) throws {
        let text = Self.file.replacing("forward: nat,", with: "forward: nat, masquerade: true,")
            .replacing("  name: edge\n", with: "  name: edge\n  sysctl: \(sysctl)\n")
        var facts = Self.healthy
        facts.availableModules.formUnion(modules)
        facts.switches["net/ipv4/vs/conntrack"] = conntrack
        let loaded = SettingsFile.load(text: text)
        let report = Doctor(try #require(loaded.settings, "\(loaded.problems)"), director: 0, facts: facts).report
        let found = report.findings.filter { $0.subject == "masquerade" }
        #expect(found.map(\.level) == [level] && found[0].sentence.contains(words), "\(report.text())")
        #expect(!report.findings.contains { $0.subject == "redirects" }, "the server knows no client")
    }

    private static func report(_ change: (inout DirectorFacts) -> Void) throws -> DoctorReport {
        let loaded = SettingsFile.load(text: file)
        var facts = healthy
        change(&facts)
        return Doctor(try #require(loaded.settings, "\(loaded.problems)"), director: 0, facts: facts).report
    }

    @Test func `says that all is well, and of what`() throws {
        let report = try Self.report { _ in }
        #expect(report.worst == .ok, "\(report.text())")
        #expect(report.exitCode == 0)
        #expect(
            report.findings.map(\.subject) == [
                "tandemd", "ip_vs", "schedulers", "keys", "port", "clock", "others", "interfaces", "addresses",
                "forwarding", "redirects", "reverse path", "conntrack", "tunnels", "neighbours",
            ])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var level: DoctorFinding.Level
        var words: String
        var change: @Sendable (inout DirectorFacts) -> Void
        var testDescription: String { words }

        init(_ level: DoctorFinding.Level, _ words: String, _ change: @escaping @Sendable (inout DirectorFacts) -> Void)
        {
            self.level = level
            self.words = words
            self.change = change
        }
    }

    static let cases = [
        Case(.warn, "it does not run") {
            $0.running = []
            $0.udpPorts = []
        },
        Case(.bad, "another program has UDP 5390") { $0.running = [] },
        Case(.bad, "does not listen on UDP 5390") { $0.udpPorts = [53] },
        Case(.bad, "others may use it") { $0.keyProblem = "/nowhere/keys: others may use it (mode 0644)" },
        Case(.warn, "nobody keeps it right") { $0.isClockSynchronised = false },
        Case(.bad, "keepalived runs") { $0.running.insert("keepalived") },
        Case(.warn, "systemd-networkd runs") { $0.running.insert("systemd-networkd") },
        Case(.bad, "the kernel does not have it") { $0.hasIPVS = false },
        Case(.bad, "this kernel has no ip_vs_mh, which far want") { $0.availableModules = [] },
        Case(.warn, "net/ipv4/ip_forward is 0") { $0.switches["net/ipv4/ip_forward"] = "0" },
        Case(.warn, "both on eth0, where the director tells servers of a way") {
            $0.routes[DoctorTests.server("10.1.0.21")] = Route(interface: 2)
            $0.switches["net/ipv4/conf/all/send_redirects"] = "1"
        },
        Case(.bad, "that come in on eth0 are dropped: the way back to them is eth1") {
            $0.wayOut = 3
            $0.switches["net/ipv4/conf/all/rp_filter"] = "1"
        },
        Case(.warn, "90 of at most 100 connections are tracked") {
            $0.switches["net/netfilter/nf_conntrack_max"] = "100"
            $0.switches["net/netfilter/nf_conntrack_count"] = "90"
        },
        Case(.bad, "100 of at most 100 connections are tracked") {
            $0.switches["net/netfilter/nf_conntrack_max"] = "100"
            $0.switches["net/netfilter/nf_conntrack_count"] = "100"
        },
        Case(.warn, "packets of up to 1500 bytes arrive, and tunnels to 10.1.0.22 take 1480") {
            $0.links[1].mtu = 1500
        },
        Case(.bad, "packets of up to 1500 bytes arrive, and tunnels to 10.1.0.22 take 1480") {
            $0.links[1].mtu = 1500
            $0.switches["net/ipv4/vs/pmtu_disc"] = "0"
        },
        Case(.bad, "there is no route to the server 10.1.0.22") {
            $0.routes[DoctorTests.server("10.1.0.22")] = nil
        },
        Case(.bad, "there is no eth0") { $0.links.removeFirst() },
        Case(.bad, "eth0 has no carrier") { $0.links[0].hasCarrier = false },
        Case(.bad, "192.0.2.10 is on eth0 for good") { facts in
            guard let prefix = Prefix("192.0.2.10") else { return }
            facts.addresses = [InterfaceAddress(prefix: prefix, interface: 2, validLifetime: nil)]
        },
        Case(.warn, "there is room for 3 of IPv4, and there are 2 servers") {
            $0.switches["net/ipv4/neigh/default/gc_thresh3"] = "3"
        },
    ]

    @Test(arguments: cases)
    func `names what is wrong and what to do`(what: Case) throws {
        let report = try Self.report(what.change)
        let found = report.findings.filter { $0.sentence.contains(what.words) }
        #expect(found.map(\.level) == [what.level], "\(report.text())")
        #expect(report.worst == what.level, "nothing else: \(report.text())")
        #expect(report.exitCode == (what.level == .warn ? 2 : 3))
        #expect(found.allSatisfy { $0.remedy != nil || $0.subject == "keys" })
    }

    @Test func `shows the worst first, with the remedy below`() {
        let report = DoctorReport(
            director: "lb1",
            findings: [
                DoctorFinding(.ok, "keys", "fine"), DoctorFinding(.warn, "clock", "wrong", remedy: "run chrony"),
                DoctorFinding(.bad, "ip_vs", "absent", remedy: "modprobe ip_vs"),
            ])
        #expect(
            report.text() == """
                Director lb1
                bad   ip_vs  absent
                             → modprobe ip_vs
                warn  clock  wrong
                             → run chrony
                ok    keys   fine

                """)
    }
}
