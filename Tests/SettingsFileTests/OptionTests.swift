import Addresses
import Settings
import SettingsFile
import Testing

/// What the keys that the kernel's options have mean.
@Suite struct OptionTests {
    private func settings(_ rest: String) throws -> Settings {
        let text = IncludeTests.pair + "groups: {web: {addresses: [192.0.2.10, \"2001:db8::10\"]}}\n" + rest
        let loaded = SettingsFile.load(text: text)
        #expect(loaded.problems.map(\.description) == [])
        return try #require(loaded.settings)
    }

    private func service(_ keys: String) throws -> ServiceSettings {
        try #require(try settings("services:\n  - {name: a, group: web, \(keys)}\n").services.first)
    }

    @Test func `a service has every option`() throws {
        let service = try service(
            """
            listen: "udp://192.0.2.10:5060", forward: nat, check: none, servers: [10.0.0.1], scheduler: mh, \
            flags: [mh-port, mh-fallback], persistence: 5m, persistence_netmask: 255.255.255.0, \
            persistence_engine: sip, one_packet: true, masquerade: true
            """)
        #expect(service.flags == [.mhPort, .mhFallback] && service.isOnePacket && service.isMasqueraded)
        #expect(service.persistenceMask == PersistenceMask(v4: 0xFFFF_FF00) && service.persistenceEngine == .sip)
    }

    @Test(arguments: [
        ("192.0.2.10", "24", PersistenceMask(v4: 0xFFFF_FF00)), ("192.0.2.10", "/0", PersistenceMask(v4: 0)),
        ("192.0.2.10", "255.0.255.0", PersistenceMask(v4: 0xFF00_FF00)),
        ("[2001:db8::10]", "64", PersistenceMask(v6: 64)),
        ("[2001:db8::10]", "{ipv6: 48}", PersistenceMask(v6: 48)),
    ])
    func `a mask is given as such or as a length`(address: String, text: String, mask: PersistenceMask) throws {
        let server = address.hasPrefix("[") ? "\"2001:db8::1\"" : "10.0.0.1"
        let service = try service(
            "listen: \"tcp://\(address):80\", forward: dr, servers: [\(server)], persistence: 1m, "
                + "persistence_netmask: \(text)")
        #expect(service.persistenceMask == mask)
    }

    @Test func `a mask for each family`() throws {
        let service = try service(
            "listen: [\"tcp://192.0.2.10:80\", \"tcp://[2001:db8::10]:80\"], forward: dr, persistence: 1m, "
                + "servers: [10.0.0.1, \"2001:db8::1\"], persistence_netmask: {ipv4: 16, ipv6: 64}")
        #expect(service.persistenceMask == PersistenceMask(v4: 0xFFFF_0000, v6: 64))
    }

    @Test func `servers have thresholds, and a tunnel of their own or the service's`() throws {
        let service = try service(
            """
            listen: "tcp://192.0.2.10:80", forward: tun, tunnel: {type: gue, port: 6080, checksum: remote}, servers: \
            [{address: 10.0.0.1, upper: 100, lower: 80}, {address: 10.0.0.2, tunnel: {type: gre, checksum: full}}, \
            {address: 10.0.0.3, tunnel: ipip}, {address: 10.0.0.4, forward: nat}]
            """)
        let gue = TunnelSettings(.gue, port: 6080, checksum: .remote)
        #expect(service.servers.map(\.tunnel) == [gue, TunnelSettings(.gre, checksum: .full), TunnelSettings(), nil])
        #expect(service.servers[0].upper == 100 && service.servers[0].lower == 80 && service.servers[1].upper == 0)
    }

    @Test func `a service has the quorum of defaults key by key, and 0 is none`() throws {
        let services = try settings(
            """
            defaults: {quorum: 50%, hysteresis: 1, too_few: keep}
            services:
              - {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1, 10.0.0.2, 10.0.0.3]}
              - {name: b, listen: "tcp://192.0.2.10:81", forward: nat, servers: [10.0.0.1], quorum: 1, hysteresis: 0}
              - {name: c, listen: "tcp://192.0.2.10:82", forward: nat, servers: [10.0.0.1], quorum: 0}

            """
        ).services
        #expect(services[0].quorum == QuorumSettings(.percent(50), hysteresis: 1, tooFew: .keep))
        #expect(services[1].quorum == QuorumSettings(.count(1), tooFew: .keep))
        #expect(services[2].quorum == nil)
    }

    @Test func `a service has the slow start of defaults, and 0s is none`() throws {
        let services = try settings(
            """
            defaults: {slow_start: 30s}
            pools: {p: [{address: 10.0.0.1, weight: 20}]}
            services:
              - {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: p}
              - {name: b, listen: "tcp://192.0.2.10:81", forward: nat, servers: p, slow_start: 0s}

            """
        ).services
        #expect(services.map(\.slowStart) == [.seconds(30), nil])
    }

    @Test func `somebody looks on where that is wanted`() throws {
        let services = try settings(
            """
            services:
              - {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1]}
              - {name: b, listen: "tcp://192.0.2.10:81", forward: nat, servers: [10.0.0.1], passive: true}
              - {name: c, listen: "tcp://192.0.2.10:82", forward: nat, servers: [10.0.0.1], passive: false}
              - {name: d, listen: "tcp://192.0.2.10:83", forward: nat, servers: [10.0.0.1], passive: {connections: 3}}

            """
        ).services
        #expect(services.map(\.passive) == [nil, PassiveSettings(), nil, PassiveSettings(connections: 3)])
    }

    @Test func `a service has the damping of defaults, its own, or none`() throws {
        let services = try settings(
            """
            defaults: {flap_damping: {}}
            services:
              - {name: a, listen: "tcp://192.0.2.10:80", forward: nat, servers: [10.0.0.1]}
              - {name: b, listen: "tcp://192.0.2.10:81", forward: nat, servers: [10.0.0.1], flap_damping: none}
              - {name: c, listen: "tcp://192.0.2.10:82", forward: nat, servers: [10.0.0.1], flap_damping: {falls: 5}}

            """
        ).services
        #expect(services.map(\.damping) == [DampingSettings(), nil, DampingSettings(falls: 5)])
    }

    @Test func `what a server is until its first result`() throws {
        let rest = "listen: \"tcp://192.0.2.10:80\", forward: dr, servers: [10.0.0.1]"
        #expect(try service("\(rest), check: {http: /, initial: up}").check.initial == .up)
        #expect(try service(rest).check.initial == .down)
    }

    @Test func `timeouts`() throws {
        let timeouts = try settings("timeouts: {tcp: 1h, udp: 30s}\n").timeouts
        #expect(timeouts == TimeoutSettings(tcp: 3600, udp: 30))
    }

    @Test(arguments: [
        ("sctp://192.0.2.10:2905", ["sctp://192.0.2.10:2905"]),
        ("tcp://192.0.2.10:0080", ["tcp://192.0.2.10:80"]),
        ("fwmark://7", ["fwmark://7"]), ("fwmark://0xff/ipv4", ["fwmark://255"]),
        ("fwmark://4294967295/ipv6", ["fwmark://4294967295/ipv6"]),
        ("udp://192.0.2.10:53-55", ["udp://192.0.2.10:53", "udp://192.0.2.10:54", "udp://192.0.2.10:55"]),
        (
            "tcp://192.0.2.10-192.0.2.11:80-81",
            ["tcp://192.0.2.10:80", "tcp://192.0.2.10:81", "tcp://192.0.2.11:80", "tcp://192.0.2.11:81"]
        ),
        ("tcp://[2001:db8::1f-2001:db8::20]:80", ["tcp://[2001:db8::1f]:80", "tcp://[2001:db8::20]:80"]),
    ])
    func `ranges are written out`(text: String, listens: [String]) throws {
        let loaded = SettingsFile.load(
            text: IncludeTests.pair + "groups: {web: {addresses: [192.0.2.10]}}\nservices:\n"
                + "  - {name: a, group: web, listen: \"\(text)\", forward: tun, check: none, servers: [10.0.0.1]}\n")
        let service = try #require(loaded.settings?.services.first, "\(loaded.problems)")
        #expect(service.listens.map(\.description) == listens)
        #expect(service.listens.ranges.count == 1)
    }

    @Test func `a range of ports leaves a server its port`() throws {
        let service = try service(
            "listen: \"tcp://192.0.2.10:8000-8001\", forward: dr, servers: [10.0.0.1], check: {tcp, port: 8000}")
        #expect(service.servers.map(\.endpoint.port) == [0])
    }
}
