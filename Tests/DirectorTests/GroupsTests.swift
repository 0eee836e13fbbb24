import Glibc
import Testing

/// Several groups on real directors that both work, with names of interfaces for each director.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct GroupsTests {
    private static let addresses = [
        "web": ("192.0.2.10", "eth0"), "inside": ("10.9.0.10", "eth1"), "mail": ("192.0.2.20", "eth0"),
    ]

    /// web and inside, which stay together, belong to lb1, and mail to lb2.
    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        let text = Namespaces.configuration(lab.folder)
            .replacing("10.9.0.2]}", with: "10.9.0.2], interfaces: {outside: eth0, inside: eth1}}")
            .replacing("10.9.0.3]}", with: "10.9.0.3], interfaces: {outside: eth0, inside: eth1}}")
            .replacing("interface: eth0", with: "interface: outside")
        try lab.write(
            text + """
                  inside: {addresses: [10.9.0.10], interface: inside, prefer: lb1, together_with: web}
                  mail: {addresses: [192.0.2.20], interface: outside, prefer: lb2}

                """, to: "tandem.yaml")
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(
            lab.eventually(20) { held("lb1", lab) == ["inside", "web"] && held("lb2", lab) == ["mail"] },
            "\(lab.log("lb1"))\n\(lab.log("lb2"))")
        return lab
    }

    private func held(_ node: String, _ lab: Namespaces) -> [String] {
        let lines = ((try? lab.shell("ip -n \(lab.tag)-\(node) -o -4 addr show")) ?? "").split(separator: "\n")
        return Self.addresses.keys.sorted().filter { group in
            guard let (address, interface) = Self.addresses[group] else { return false }
            return lines.contains { $0.contains(" \(interface) ") && $0.contains(" \(address)/32 ") }
        }
    }

    @Test func `each director holds its groups, and the survivor all of them`() throws {
        let lab = try pair()
        lab.stop("lb2", SIGKILL)
        #expect(lab.eventually { held("lb1", lab) == ["inside", "mail", "web"] })
        #expect(lab.eventually { held("lb2", lab) == [] })
        try lab.start("lb2")
        #expect(lab.eventually(20) { (try? lab.tandem("status", on: "lb2"))?.contains("Peer lb1 is heard") ?? false })
        usleep(1_000_000)
        #expect(held("lb1", lab) == ["inside", "mail", "web"] && held("lb2", lab) == [])
        _ = try lab.tandem("handover mail --to lb2", on: "lb1")
        #expect(lab.eventually { held("lb1", lab) == ["inside", "web"] && held("lb2", lab) == ["mail"] })
    }

    @Test func `groups that stay together move together, and leave the third where it is`() throws {
        let lab = try pair()
        usleep(300_000)
        _ = try lab.tandem("handover inside --to lb2", on: "lb1")
        #expect(lab.eventually { held("lb2", lab) == ["inside", "mail", "web"] && held("lb1", lab) == [] })
        _ = try lab.tandem("handover web --to lb1", on: "lb1")
        #expect(lab.eventually { held("lb1", lab) == ["inside", "web"] && held("lb2", lab) == ["mail"] })
    }

    @Test func `the inside link of the one loses its carrier: its outside address moves as well`() throws {
        let lab = try pair()
        usleep(300_000)
        try lab.shell("ip -n \(lab.tag)-sw link set lb1-eth1 down")
        #expect(lab.eventually { held("lb2", lab) == ["inside", "mail", "web"] && held("lb1", lab) == [] })
        #expect(!lab.log("lb2").contains("is lost"))
    }
}
