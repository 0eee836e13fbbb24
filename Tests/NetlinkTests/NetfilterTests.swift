import Addresses
import Balancing
import Glibc
import Netlink
import Settings
import Testing

/// What these tests masquerade: a port, all ports, a mark, and what is in the way of each, in both families.
private func masquerade(_ count: Int = 1) -> Masquerade {
    func service(
        _ name: String, _ listens: [Listen], _ servers: [String], isMasqueraded: Bool = true
    ) -> ServiceSettings {
        ServiceSettings(
            name: name, listens: listens, isMasqueraded: isMasqueraded,
            servers: servers.map { ServerSettings(endpoint: endpoint($0), forwarding: .nat) })
    }
    let many = (0..<count).map { number in
        Listen.endpoint(.tcp, Endpoint(address: address("192.0.2.10"), port: UInt16(1000 + number)))
    }
    let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
    return Masquerade(
        Settings(
            pair: PairSettings(name: "edge", keys: "/k", directors: directors),
            services: [
                service(
                    "ports", many + [.endpoint(.udp, endpoint("[2001:db8::10]:53"))],
                    ["10.0.0.1:8080", "[2001:db8::21]:53"]),
                service("all", [.endpoint(.sctp, endpoint("192.0.2.11:0"))], ["10.0.0.2:0"]),
                service("mark", [.mark(7, .v6)], ["[2001:db8::22]:0"]),
                service(
                    "others", [.endpoint(.sctp, endpoint("192.0.2.11:80")), .mark(8, .v4), .mark(8, .v6)],
                    ["10.0.0.2:80", "[2001:db8::22]:80"], isMasqueraded: false),
            ]))
}

/// Runs the body in a namespace of its own.
private func inNamespace(
    _ body: @escaping @Sendable (Namespace, inout NetfilterSocket) throws -> Void
) async throws {
    try await onOwnThread {
        let namespace = try Namespace()
        try namespace.enter()
        var socket = try NetfilterSocket()
        try body(namespace, &socket)
    }
}

/// nf_tables of this machine's own kernel.
@Suite(.enabled(if: canMakeNamespaces)) struct NetfilterTests {
    @Test func `what was written is read back`() async throws {
        try await inNamespace { _, socket in
            #expect(try socket.read() == .nothing)
            try socket.remove()
            let table = NetfilterTable(masquerade())
            try socket.replace(with: table)
            #expect(try socket.read() == .ours(table))
            let generation = try socket.generation()
            #expect(try socket.generation() == generation)
            let smaller = NetfilterTable(masquerade(0))
            try socket.replace(with: smaller)
            #expect(try socket.read() == .ours(smaller) && smaller != table)
            #expect(try socket.generation() != generation)
            try socket.remove()
            #expect(try socket.read() == .nothing)
        }
    }

    @Test func `nft shows it in words`() async throws {
        try await inNamespace { namespace, socket in
            try socket.replace(with: NetfilterTable(masquerade()))
            let text = try namespace.run("nft list table inet tandem").split(separator: "\n").map(trimmed)
            for line in Self.words { #expect(text.contains(line), "\(text.joined(separator: "\n"))") }
            #expect(text.count { $0.hasSuffix("return") } == 3)
            #expect(text.count { $0.hasSuffix("masquerade") } == 4)
        }
    }

    private static let words = [
        "comment \"kept by tandemd\"",
        "type nat hook postrouting priority srcnat; policy accept;",
        "elements = { 192.0.2.10 . 1000 }", "elements = { 2001:db8::10 . 53 }", "elements = { 0x00000007 }",
        "elements = { 192.0.2.11 }", "elements = { 10.0.0.1, 10.0.0.2 }",
        "meta nfproto ipv4 meta mark @ip_other_marks return",
        "meta l4proto tcp ct original ip daddr . ct original proto-dst @ip_tcp_services ip daddr @ip_servers masquerade",
        "meta l4proto sctp ct original ip daddr @ip_sctp_addresses ip daddr @ip_servers masquerade",
        "meta mark @ip6_marks ip6 daddr @ip6_servers masquerade",
    ]

    @Test func `a saved ruleset can be loaded again, and is ours`() async throws {
        try await inNamespace { namespace, socket in
            let table = NetfilterTable(masquerade())
            try socket.replace(with: table)
            try namespace.run(words: [
                "sh", "-c", "nft list ruleset >$0 && nft flush ruleset && nft -f $0", "/tmp/tandem-\(getpid()).nft",
            ])
            unlink("/tmp/tandem-\(getpid()).nft")
            guard case .ours(let loaded) = try socket.read() else {
                Issue.record("it is taken for somebody else's")
                return
            }
            #expect(loaded.sets.mapValues(\.keys) == table.sets.mapValues(\.keys))
        }
    }

    @Test(arguments: [
        "nft flush chain inet tandem postrouting", "nft delete element inet tandem ip_servers { 10.0.0.1 }",
        "nft add element inet tandem ip_tcp_services { 192.0.2.99 . 80 }",
        "nft add rule inet tandem postrouting masquerade", "nft add chain inet tandem another",
        "nft add set inet tandem another { type mark ; }",
        "nft add table inet tandem { flags dormant ; }",
    ])
    func `whatever somebody changes is seen, and replaced`(command: String) async throws {
        try await inNamespace { namespace, socket in
            let table = NetfilterTable(masquerade())
            try socket.replace(with: table)
            let generation = try socket.generation()
            try namespace.run(command)
            #expect(try socket.generation() != generation)
            let held = try socket.read()
            #expect(held != .ours(table) && held != .nothing && held != .foreign)
            try socket.replace(with: table)
            #expect(try socket.read() == .ours(table))
        }
    }

    @Test func `other people's tables are left alone, and one of our name is theirs`() async throws {
        try await inNamespace { namespace, socket in
            try namespace.run("nft add table ip tandem")
            try namespace.run("nft add table inet other")
            try namespace.run("nft add chain inet other mine")
            try namespace.run("nft add set inet other ip_servers { type ipv4_addr ; }")
            try namespace.run("nft add rule inet other mine accept")
            let before = try namespace.run("nft list ruleset")
            #expect(try socket.read() == .nothing)
            let table = NetfilterTable(masquerade())
            try socket.replace(with: table)
            #expect(try socket.read() == .ours(table))
            try socket.remove()
            #expect(try namespace.run("nft list ruleset") == before)
            try namespace.run("nft add table inet tandem")
            #expect(try socket.read() == .foreign)
        }
    }

    @Test func `four thousand services are one step`() async throws {
        try await inNamespace { _, socket in
            let table = NetfilterTable(masquerade(4000))
            try socket.replace(with: table)
            #expect(try socket.read() == .ours(table))
        }
    }

    @Test func `a table that the kernel refuses leaves everything as it was`() async throws {
        try await inNamespace { _, socket in
            let table = NetfilterTable(masquerade())
            try socket.replace(with: table)
            var wrong = table
            wrong.rules[0] = [NetfilterTable.Expression(name: "nothing", fields: [:])]
            let problem = #expect(throws: NetlinkError.self) { try socket.replace(with: wrong) }
            #expect(problem?.errno == ENOENT)
            #expect(problem?.description.contains("nft_masq") == true)
            #expect(try socket.read() == .ours(table))
        }
    }
}

private func trimmed(_ line: Substring) -> String {
    String(line.drop { $0 == "\t" || $0 == " " })
}
