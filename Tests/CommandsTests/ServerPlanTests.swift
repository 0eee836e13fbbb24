import Addresses
import Commands
import Netlink
import Settings
import SettingsFile
import Testing

/// Shorthand of these tests: text that is wrong ends the test run.
private func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
    return address
}

private func prefix(_ text: String) -> Prefix {
    guard let prefix = Prefix(text) else { preconditionFailure("\(text) is no prefix") }
    return prefix
}

@Suite struct ServerPlanTests {
    private static let file = """
        pair:
          name: edge
          keys: /nowhere/keys
          directors: {lb1: {addresses: [192.0.2.2]}, lb2: {addresses: [192.0.2.3]}}
        groups: {web: {addresses: [192.0.2.10, 192.0.2.11, "2001:db8::10"], interface: eth0}}
        services:
          - {name: web, listen: tcp://192.0.2.10:80, forward: dr, servers: [192.0.2.21, 192.0.2.22]}
          - {name: web6, listen: "tcp://[2001:db8::10]:80", forward: dr, servers: ["2001:db8::21"]}
          - {name: far, listen: tcp://192.0.2.11:443, forward: tun, servers: [192.0.2.23, 192.0.2.21]}
          - {name: far6, listen: "tcp://[2001:db8::10]:443", forward: tun, servers: ["2001:db8::23"]}
          - {name: inner, listen: tcp://192.0.2.11:25, forward: nat, servers: ["192.0.2.24:2525"]}
          - {name: hidden, listen: tcp://192.0.2.11:26, forward: nat, masquerade: true, servers: ["192.0.2.25:25"]}
          - name: wrapped
            listen: ["tcp://192.0.2.11:81", "tcp://[2001:db8::10]:81"]
            forward: tun
            tunnel: {type: gue, port: 6080}
            servers: [192.0.2.26, {address: "2001:db8::26", tunnel: {type: gre, checksum: full}}]
          - {name: both, listen: tcp://192.0.2.11:82, forward: tun, tunnel: gre, servers: [192.0.2.26]}
          - {name: mixed, listen: "tcp://[2001:db8::10]:83", forward: tun, servers: [192.0.2.27]}

        """

    private static func duty(_ servers: String...) throws -> ServerDuty {
        let loaded = SettingsFile.load(text: file)
        let settings = try #require(loaded.settings, "\(loaded.problems)")
        return ServerDuty(settings, servers: Set(servers.map(address)))
    }

    /// A machine with lo, eth0 and eth1, and the kernel's own switches.
    private static func host(_ switches: [String: String] = [:], _ held: [String: [String]] = [:]) -> ServerHost {
        let mac = MACAddress(bytes: [2, 0, 0, 0, 0, 1])
        var host = ServerHost(
            links: [
                Link(index: 1, name: "lo", mac: mac, isUp: true, hasCarrier: true, isLoopback: true),
                Link(index: 2, name: "eth0", mac: mac, isUp: true, hasCarrier: true, isLoopback: false),
                Link(index: 3, name: "eth1", mac: mac, isUp: true, hasCarrier: true, isLoopback: false),
            ], switches: ["net/ipv6/conf/lo/disable_ipv6": "0"], wayOut: 2)
        for name in ["all", "default", "lo", "eth0", "eth1"] {
            for kind in ["arp_ignore", "arp_announce", "rp_filter"] {
                host.switches["net/ipv4/conf/\(name)/\(kind)"] = "0"
            }
        }
        for (name, value) in switches { host.switches["net/ipv4/conf/\(name)"] = value }
        for (name, prefixes) in held.sorted(by: { $0.key < $1.key }) { give(&host, name, prefixes) }
        return host
    }

    private static func give(_ host: inout ServerHost, _ name: String, _ prefixes: [String]) {
        let index = host.link(named: name)?.index ?? 0
        for text in prefixes {
            host.addresses.append(InterfaceAddress(prefix: prefix(text), interface: index, validLifetime: nil))
        }
    }

    private static func steps(_ plan: ServerPlan) -> [String] { plan.steps.map(\.description) }

    @Test func `a server of direct routing keeps silent first and gets its addresses then`() throws {
        let plan = ServerPlan(try Self.duty("192.0.2.22"), on: Self.host())
        #expect(
            Self.steps(plan) == [
                "set net/ipv4/conf/all/arp_ignore to 1 (it is 0)",
                "set net/ipv4/conf/all/arp_announce to 2 (it is 0)",
                "add 192.0.2.10/32 to lo",
            ])
        #expect(plan.problems.isEmpty)
        #expect(!plan.isRight)
    }

    @Test func `IPv6 needs an address on lo and nothing else`() throws {
        let plan = ServerPlan(try Self.duty("2001:db8::21"), on: Self.host())
        #expect(Self.steps(plan) == ["add 2001:db8::10/128 to lo"])
    }

    @Test func `a tunnel ends at a device of its own, and IPv4 addresses lie on it`() throws {
        let plan = ServerPlan(try Self.duty("192.0.2.23", "2001:db8::23"), on: Self.host(["default/rp_filter": "1"]))
        #expect(
            Self.steps(plan) == [
                "set net/ipv4/conf/all/arp_ignore to 1 (it is 0)",
                "set net/ipv4/conf/all/arp_announce to 2 (it is 0)",
                "make the device tandem-ipip (ipip to 192.0.2.23)",
                "make the device tandem-ip6tnl (ip6tnl to 2001:db8::23)",
                "set net/ipv4/conf/tandem-ipip/rp_filter to 2",
                "add 192.0.2.11/32 to tandem-ipip",
                "add 2001:db8::10/128 to lo",
            ])
    }

    @Test func `what is done already is left alone`() throws {
        var host = Self.host(
            ["eth0/arp_ignore": "1", "eth1/arp_ignore": "2", "all/arp_announce": "2"],
            ["lo": ["192.0.2.10/32", "127.0.0.1/8"], "eth0": ["192.0.2.22/24"]])
        #expect(ServerPlan(try Self.duty("192.0.2.22"), on: host).isRight)
        host.addresses.removeAll { $0.prefix == prefix("192.0.2.10") }
        host.links.append(
            Link(
                index: 4, name: "dummy0", mac: host.links[0].mac, isUp: true, hasCarrier: true, isLoopback: false,
                kind: "dummy"))
        Self.give(&host, "dummy0", ["192.0.2.10/32"])
        #expect(ServerPlan(try Self.duty("192.0.2.22"), on: host).isRight, "dummy0 is as good as lo")
    }

    @Test(arguments: [
        // What is set, for all and for eth0, and what the plan does about ARP.
        ("0", "0", ["all/arp_ignore"]), ("1", "0", []), ("0", "1", ["all/arp_ignore"]), ("3", "0", []),
    ])
    func `the larger of two switches counts, on every wire`(all: String, eth0: String, expected: [String]) throws {
        let host = Self.host(
            ["all/arp_ignore": all, "eth0/arp_ignore": eth0, "all/arp_announce": "2"], ["lo": ["192.0.2.10/32"]])
        let plan = ServerPlan(try Self.duty("192.0.2.22"), on: host)
        #expect(
            plan.steps.map { step in if case .setSwitch(let name, _, _) = step { name } else { "" } }
                == expected.map { "net/ipv4/conf/\($0)" })
    }

    @Test func `lo alone is no answer to ARP`() throws {
        let plan = ServerPlan(
            try Self.duty("192.0.2.22"), on: Self.host(["lo/arp_ignore": "1", "lo/arp_announce": "2"]))
        #expect(plan.steps.count == 3)
        #expect(plan.steps[0].fault.hasSuffix("this server answers ARP for virtual addresses on lo"))
    }

    @Test(arguments: [
        ("all/arp_ignore", "8", "so that it answers no ARP at all"), ("eth0/arp_ignore", "5", "which means nothing"),
    ])
    func `a switch that only a person can lower is a problem`(name: String, value: String, words: String) throws {
        let plan = ServerPlan(try Self.duty("192.0.2.22"), on: Self.host([name: value]))
        #expect(plan.problems.contains { $0.contains(words) })
    }

    @Test func `a virtual address on a wire or too wide on lo is a problem`() throws {
        let host = Self.host([:], ["eth1": ["192.0.2.10/24"], "lo": ["192.0.2.10/24", "2001:db8::10/64"]])
        let plan = ServerPlan(try Self.duty("192.0.2.22"), on: host)
        #expect(
            plan.problems == [
                "192.0.2.10 is on eth1, which answers neighbours that ask for it: clients pass the directors by; "
                    + "run: ip address delete 192.0.2.10/24 dev eth1",
                "192.0.2.10/24 on lo makes its whole network local: this server reaches nobody there; give it /32",
            ])
    }

    @Test func `answers that leave by another wire need a loose reverse path`() throws {
        let detour = Self.host(["all/rp_filter": "1"], ["eth1": ["192.0.2.22/24"]])
        #expect(
            Self.steps(ServerPlan(try Self.duty("192.0.2.22"), on: detour)).contains(
                "set net/ipv4/conf/eth1/rp_filter to 2 (it is 0)"))
        let same = Self.host(["all/rp_filter": "1"], ["eth0": ["192.0.2.22/24"]])
        #expect(!Self.steps(ServerPlan(try Self.duty("192.0.2.22"), on: same)).contains { $0.contains("rp_filter") })
    }

    @Test func `a server of nat needs nothing but a way back`() throws {
        let duty = try Self.duty("192.0.2.24")
        #expect(duty.translated == ["inner"])
        var host = Self.host()
        let plan = ServerPlan(duty, on: host)
        #expect(plan.steps.isEmpty)
        #expect(plan.problems.map { $0.hasPrefix("no route leads through an address of the pair's groups") } == [true])
        host.gateways = [address("192.0.2.11")]
        #expect(ServerPlan(duty, on: host).isRight)
    }

    @Test func `a server of a masqueraded service needs not even that`() throws {
        let duty = try Self.duty("192.0.2.25")
        #expect(duty.services == ["hidden"] && ServerPlan(duty, on: Self.host()).isRight)
    }

    @Test func `each kind of tunnel has an end, and an IPv4 address lies on all that bring it`() throws {
        let plan = ServerPlan(try Self.duty("192.0.2.26", "2001:db8::26"), on: Self.host(["default/rp_filter": "1"]))
        #expect(
            Self.steps(plan).dropFirst(2) == [
                "make the device tandem-ipip (ipip to 192.0.2.26)", "make the device tandem-gre (gre to 192.0.2.26)",
                "make the device tandem-ip6gre (ip6gre with checksums to 2001:db8::26)",
                "set net/ipv4/conf/tandem-gre/rp_filter to 2", "set net/ipv4/conf/tandem-ipip/rp_filter to 2",
                "take GUE at UDP port 6080 of IPv4", "add 192.0.2.11/32 to tandem-gre",
                "add 192.0.2.11/32 to tandem-ipip", "add 2001:db8::10/128 to lo",
            ])
    }

    @Test func `a tunnel carries the other family where the service has no server of its own`() throws {
        let plan = ServerPlan(try Self.duty("192.0.2.27"), on: Self.host())
        #expect(
            Self.steps(plan) == [
                "make the device tandem-sit (sit to 192.0.2.27)", "add 2001:db8::10/128 to lo",
            ])
    }

    @Test func `somebody's tunnel device is used if it is up`() throws {
        var host = Self.host()
        host.links.append(
            Link(index: 9, name: "tunl0", mac: nil, isUp: true, hasCarrier: true, isLoopback: false, kind: "ipip"))
        host.tunnels = [TunnelDevice(name: "tunl0", kind: .ipip, local: nil)]
        #expect(Self.steps(ServerPlan(try Self.duty("192.0.2.23"), on: host)).last == "add 192.0.2.11/32 to tunl0")
        host.links[3].isUp = false
        #expect(
            Self.steps(ServerPlan(try Self.duty("192.0.2.23"), on: host)).last == "add 192.0.2.11/32 to tandem-ipip")
    }

    @Test func `a device of ours is set up again, and made anew for another address`() throws {
        var host = Self.host([:], ["lo": []])
        host.links.append(
            Link(
                index: 9, name: "tandem-ipip", mac: nil, isUp: false, hasCarrier: false, isLoopback: false, kind: "ipip"
            ))
        host.tunnels = [TunnelDevice(name: "tandem-ipip", kind: .ipip, local: address("192.0.2.23"))]
        Self.give(&host, "tandem-ipip", ["192.0.2.11/32"])
        #expect(Self.steps(ServerPlan(try Self.duty("192.0.2.23"), on: host)).last == "set tandem-ipip up")
        host.tunnels[0].local = address("192.0.2.99")
        #expect(
            Self.steps(ServerPlan(try Self.duty("192.0.2.23"), on: host)).suffix(3) == [
                "remove the device tandem-ipip", "make the device tandem-ipip (ipip to 192.0.2.23)",
                "add 192.0.2.11/32 to tandem-ipip",
            ])
    }
}

/// Taking back.
extension ServerPlanTests {
    /// The host after the steps, as far as switches, addresses, devices and links go, and what is kept.
    private static func applied(_ plan: ServerPlan, to host: ServerHost, _ kept: inout KeptChanges) -> ServerHost {
        var host = host
        for step in plan.steps {
            kept.note(step)
            switch step {
            case .setSwitch(let name, _, let value), .restoreSwitch(let name, let value): host.switches[name] = value
            case .create(let device):
                host.tunnels.append(device)
                let index = Int32(host.links.count + 10)
                host.links.append(
                    Link(
                        index: index, name: device.name, mac: nil, isUp: true, hasCarrier: true, isLoopback: false,
                        kind: device.kind.rawValue))
                host.switches["net/ipv4/conf/\(device.name)/rp_filter"] =
                    host.switches["net/ipv4/conf/default/rp_filter"]
            case .removeDevice(let name):
                let index = host.link(named: name)?.index
                host.tunnels.removeAll { $0.name == name }
                host.addresses.removeAll { $0.interface == index }
                host.links.removeAll { $0.name == name }
                host.switches["net/ipv4/conf/\(name)/rp_filter"] = nil
            case .addAddress(let prefix, let name): give(&host, name, [prefix.description])
            case .removeAddress(let prefix, let name):
                let index = host.link(named: name)?.index
                host.addresses.removeAll { $0.prefix == prefix && $0.interface == index }
            case .setUp, .listen, .stopListening: break
            }
            switch step {
            case .restoreSwitch, .removeDevice, .removeAddress: kept.forget(step)
            default: break
            }
        }
        return host
    }

    @Test(arguments: [
        ["192.0.2.21"], ["192.0.2.22"], ["192.0.2.23", "2001:db8::23"], ["192.0.2.21", "2001:db8::21"],
        ["192.0.2.27"],
    ])
    func `undo leaves a machine as it was, and a second apply changes nothing`(servers: [String]) throws {
        let duty = ServerDuty(
            try #require(SettingsFile.load(text: Self.file).settings), servers: Set(servers.map(address)))
        let fresh = Self.host(["default/rp_filter": "1"], ["eth0": ["192.0.2.21/24"]])
        var kept = KeptChanges()
        let done = Self.applied(ServerPlan(duty, on: fresh, kept: kept), to: fresh, &kept)
        #expect(done != fresh)
        #expect(ServerPlan(duty, on: done, kept: kept).isRight)
        let undone = Self.applied(ServerPlan(ServerDuty(), on: done, kept: kept), to: done, &kept)
        #expect(undone == fresh)
        #expect(kept.isEmpty)
    }

    @Test func `what services need no more is taken back`() throws {
        var kept = KeptChanges()
        let fresh = Self.host()
        let both = Self.applied(ServerPlan(try Self.duty("192.0.2.21"), on: fresh), to: fresh, &kept)
        let plan = ServerPlan(try Self.duty("192.0.2.22"), on: both, kept: kept)
        #expect(Self.steps(plan) == ["remove 192.0.2.11/32 from tandem-ipip", "remove the device tandem-ipip"])
    }

    @Test func `a switch that somebody changed since stays`() throws {
        var kept = KeptChanges()
        let fresh = Self.host()
        var host = Self.applied(ServerPlan(try Self.duty("192.0.2.22"), on: fresh), to: fresh, &kept)
        host.switches["net/ipv4/conf/all/arp_ignore"] = "2"
        #expect(ServerPlan(try Self.duty("192.0.2.22"), on: host, kept: kept).isRight, "2 is as good")
        let plan = ServerPlan(ServerDuty(), on: host, kept: kept)
        #expect(Self.steps(plan) == ["remove 192.0.2.10/32 from lo", "set net/ipv4/conf/all/arp_announce back to 0"])
        #expect(plan.notes == ["net/ipv4/conf/all/arp_ignore was set to 2 since, and stays (it was 0 once)"])
    }

    @Test func `after a reboot there is nothing to undo, and apply does all again`() throws {
        var kept = KeptChanges()
        let fresh = Self.host()
        let first = ServerPlan(try Self.duty("192.0.2.21"), on: fresh)
        _ = Self.applied(first, to: fresh, &kept)
        #expect(ServerPlan(ServerDuty(), on: fresh, kept: kept).isRight)
        #expect(ServerPlan(try Self.duty("192.0.2.21"), on: fresh, kept: kept).steps == first.steps)
    }

    @Test func `a director is no server, and a stranger neither`() throws {
        let settings = try #require(SettingsFile.load(text: Self.file).settings)
        func says(_ words: String, _ named: [String], _ own: [String]) {
            do {
                _ = try ServerIdentity.servers(settings, named: named.map(address), own: Set(own.map(address)))
                Issue.record("accepted \(named) \(own)")
            } catch { #expect("\(error)".contains(words)) }
        }
        says("is the director lb1 of pair edge", [], ["192.0.2.2"])
        says("none of the addresses of the file's servers", [], ["192.0.2.99"])
        says("no service has a server 192.0.2.98", ["192.0.2.98"], ["192.0.2.21"])
        #expect(
            try ServerIdentity.servers(settings, named: [], own: [address("192.0.2.21")]) == [address("192.0.2.21")])
        #expect(
            try ServerIdentity.servers(settings, named: [address("192.0.2.23")], own: []) == [address("192.0.2.23")])
    }

    @Test func `the unit names the program, and its words come back as they were`() {
        let unit = ServerUnit(words: ["/usr/bin/tandem", "realserver", "apply", "/etc/a \"b\" 100%/$c.yaml"])
        #expect(
            unit.text.contains(
                #"ExecStart="/usr/bin/tandem" "realserver" "apply" "/etc/a \"b\" 100%%/$$c.yaml""# + "\n"))
    }
}
