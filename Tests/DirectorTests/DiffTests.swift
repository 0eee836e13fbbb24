import Glibc
import Testing

/// What two real daemons find that they do not have in common.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct DiffTests {
    /// lb2 has another configuration, made of lb1's by a command of sed's.
    private func pair(services: Int = 2, _ change: String) throws -> Namespaces {
        let lab = try Namespaces()
        var text = Namespaces.configuration(lab.folder) + "services:\n"
        for number in 0..<services {
            let servers = (1...5).map { "10.\(number / 250 + 1).\(number % 250).\($0)" }.joined(separator: ", ")
            text += """
                  - {name: s\(number), listen: "tcp://192.0.2.10:\(number + 1)", forward: dr, check: none, \
                servers: [\(servers)]}

                """
        }
        try lab.write(text, to: "tandem.yaml")
        try lab.shell("sed '\(change)' \(lab.folder)/tandem.yaml >\(lab.folder)/other.yaml")
        try lab.start("lb1")
        // On a kernel without ip_vs the group is for a moment the one's that has not noticed yet.
        try #require(lab.eventually(20) { lab.holds("lb1") })
        try lab.start("lb2", config: "other.yaml")
        return lab
    }

    private func diff(_ lab: Namespaces, on node: String = "lb1", _ arguments: String = "") throws -> String {
        try lab.shell(
            "\(Namespaces.binaries)/tandem diff \(arguments) --api \(lab.folder)/\(node).sock && echo same || echo exit $?"
        )
    }

    @Test func `the same configuration is in sync`() throws {
        let lab = try pair("")
        #expect(lab.eventually { (try? lab.tandem("status", on: "lb1"))?.contains("\nIN SYNC") ?? false })
        let text = try diff(lab)
        #expect(text.contains("Configuration: the same\nTable wanted: the same\n") && text.hasSuffix("same\n"))
    }

    @Test func `differences of a thousand services are found from both sides`() throws {
        let lab = try pair(
            services: 1000, "s/{name: s7,/{name: s7, scheduler: rr,/; s/10.1.9.5]/10.1.9.6]/; /name: s999,/d")
        #expect(lab.eventually { (try? lab.tandem("status", on: "lb1"))?.contains("NOT IN SYNC") ?? false })
        let text = try diff(lab)
        #expect(text.contains("  services.s7.scheduler: wlc here, rr on lb2\n"))
        #expect(text.contains("  services.s9.servers.10.1.9.5:10: dr, weight 1 here, absent on lb2\n"))
        #expect(text.contains("  services.s9.servers.10.1.9.6:10: absent here, dr, weight 1 on lb2\n"))
        #expect(text.contains("  services.s999.scheduler: wlc here, absent on lb2\n"))
        #expect(text.contains("  tcp://192.0.2.10:8: wlc here, rr on lb2\n"))
        #expect(text.hasSuffix("exit 1\n"))
        let there = try diff(lab, on: "lb2", "--limit 1")
        #expect(there.contains("  services.s7.scheduler: rr here, wlc on lb1\n  and more"))
        #expect(try diff(lab, "--json").contains("\"path\" : \"services.s7.scheduler\""))
    }

    @Test func `a peer that does not answer, or is not heard, is said so`() throws {
        let lab = try pair("")
        try #require(lab.eventually { (try? lab.tandem("status", on: "lb1"))?.contains("IN SYNC") ?? false })
        lab.signal("lb2", SIGSTOP)
        defer { lab.signal("lb2", SIGCONT) }
        let text = try diff(lab)
        #expect(text.contains("lb2 did not answer within 5 s") || text.contains("lb2 is not heard"))
        #expect(lab.eventually { (try? diff(lab))?.contains("lb2 is not heard") ?? false })
    }
}
