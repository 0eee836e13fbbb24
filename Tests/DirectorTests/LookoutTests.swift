import Glibc
import Testing

/// What a director makes of its surroundings: carrier, gateways, and claims of others.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct LookoutTests {
    /// The client is the gateway of both families.
    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.shell(
            """
            ip -n \(lab.tag)-cl addr add 2001:db8::100/64 dev eth0 nodad
            ip -n \(lab.tag)-lb1 addr add 2001:db8::2/64 dev eth0 nodad
            ip -n \(lab.tag)-lb2 addr add 2001:db8::3/64 dev eth0 nodad
            """)
        let gateways = "prefer: lb1, gateways: [192.0.2.100, \"2001:db8::100\"]}"
        try lab.write(Namespaces.configuration(lab.folder).replacing("prefer: lb1}", with: gateways), to: "tandem.yaml")
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(
            lab.eventually(20) { lab.holds("lb1") && says("is heard", "lb1", lab) && says("is heard", "lb2", lab) })
        try #require(lab.eventually(20) { answers("lb1", lab) == 2 && answers("lb2", lab) == 2 })
        return lab
    }

    @Test func `carrier lost on the service link while another path lives: the other director has the group at once`()
        throws
    {
        let lab = try pair()
        try lab.shell("ip -n \(lab.tag)-sw link set lb1-eth0 down")
        #expect(lab.eventually(2) { lab.holds("lb2") && !lab.holds("lb1") })
        #expect(!lab.log("lb2").contains("is lost"))
        try lab.shell("ip -n \(lab.tag)-sw link set lb1-eth0 up")
        expectRoles("backup", "active", for: 3, lab)
    }

    @Test func `the service link falls silent while another path lives: the other director gets the group soon`() throws
    {
        let lab = try pair()
        try lab.shell("ip netns exec \(lab.tag)-sw bridge link set dev lb1-eth0 state disabled")
        #expect(lab.eventually(4) { lab.holds("lb2") && !lab.holds("lb1") })
        #expect(lab.eventually { says("gateway 192.0.2.100 of group web does not answer on eth0", "lb1", lab) })
        #expect(lab.eventually { says("path 1 (192.0.2.2 - 192.0.2.3) is cut", "lb1", lab) })
        try lab.shell("ip netns exec \(lab.tag)-sw bridge link set dev lb1-eth0 state forwarding")
        #expect(lab.eventually { answers("lb1", lab) == 2 })
        expectRoles("backup", "active", for: 1, lab)
    }

    @Test func `the router is gone for both: no address leaves and no role changes`() throws {
        let lab = try pair()
        try lab.shell("ip netns exec \(lab.tag)-sw bridge link set dev cl-eth0 state disabled")
        #expect(lab.eventually(6) { answers("lb1", lab) == 0 && answers("lb2", lab) == 0 })
        expectRoles("active", "backup", for: 8, lab)
        try lab.shell("ip netns exec \(lab.tag)-sw bridge link set dev cl-eth0 state forwarding")
        #expect(lab.eventually(20) { answers("lb1", lab) == 2 && answers("lb2", lab) == 2 })
        expectRoles("active", "backup", for: 2, lab)
        #expect(!lab.log("lb2").contains("claiming"))
    }

    @Test func `one side loses its power, and its switch with it: the other serves within the takeover time`() throws {
        let lab = try pair()
        lab.stop("lb1", SIGKILL)
        try lab.shell("for port in lb1-eth0 lb1-eth1; do ip -n \(lab.tag)-sw link del $port; done")
        #expect(lab.eventually(2) { lab.holds("lb2") })
        #expect(lab.log("lb2").contains("the peer is lost"))
    }

    @Test func `a third host claims an address: an alarm, and no change of role`() throws {
        let lab = try pair()
        try lab.build(HostileSources.claims, as: "claims")
        try lab.shell("ip netns exec \(lab.tag)-cl \(lab.folder)/claims eth0 192.0.2.10 5 200000")
        #expect(says("192.0.2.10 is claimed by 02:aa:00:00:00:01 on eth0, ", "lb1", lab))
        #expect(says("in the last minute", "lb2", lab))
        expectRoles("active", "backup", for: 1, lab)
        let lines = lab.log("lb1").split(separator: "\n").filter { $0.contains("192.0.2.10 of group web is claimed") }
        #expect(lines.count == 1)
        #expect(!lab.log("lb2").contains("claiming"))
    }

    @Test func `a flood of ARP costs nothing and hides no role`() throws {
        let lab = try pair()
        try lab.build(HostileSources.claims, as: "claims")
        for address in ["0.0.0.0", "192.0.2.10"] {
            let before = processorTime("lb1", lab)
            let output = try lab.shell(
                """
                ip netns exec \(lab.tag)-cl \(lab.folder)/claims eth0 \(address) 4 0 & one=$!
                for second in 1 2 3; do
                  sleep 1
                  \(Namespaces.binaries)/tandem status --json --api \(lab.folder)/lb1.sock | grep -A 4 '"lateness"'
                done
                wait $one
                """)
            let used = processorTime("lb1", lab) - before
            let late = numbers(after: "\"secondMS\"", in: output).max() ?? .infinity
            print(
                "ARP flood of \(address): \(output.split(separator: "\n").last ?? ""), heart late \(late) ms, \(used) s of processor"
            )
            // A takeover time is 200 ms.
            #expect(late < 100 && used < 1)
            expectRoles("active", "backup", for: 1, lab)
        }
        #expect(says("is claimed by 02:aa:00:00:00:01", "lb1", lab))
        #expect(!lab.log("lb2").contains("claiming"))
    }

    // MARK: What they have in common

    private func says(_ words: String, _ node: String, _ lab: Namespaces) -> Bool {
        (try? lab.tandem("status", on: node))?.contains(words) ?? false
    }

    /// How many gateways answer a director.
    private func answers(_ node: String, _ lab: Namespaces) -> Int {
        let status = (try? lab.tandem("status --json", on: node)) ?? ""
        return status.split(separator: "\n").count { $0.contains("\"state\"") && $0.contains("\"answers\"") }
    }

    private func expectRoles(_ first: String, _ second: String, for seconds: Int, _ lab: Namespaces) {
        for _ in 0..<(seconds * 5) {
            usleep(200_000)
            guard lab.holds("lb1") != (first == "active") || lab.holds("lb2") != (second == "active") else { continue }
            Issue.record("lb1: \(lab.log("lb1"))\nlb2: \(lab.log("lb2"))")
            return
        }
    }

    /// In seconds, of all threads of a daemon.
    private func processorTime(_ node: String, _ lab: Namespaces) -> Double {
        let text = try? lab.shell(
            "for p in $(ip netns pids \(lab.tag)-\(node)); do cat /proc/$p/task/*/schedstat 2>/dev/null; done | awk '{ s += $1 } END { print s }'"
        )
        return (text.flatMap { Double($0.filter { !$0.isWhitespace }) } ?? 0) / 1e9
    }

    private func numbers(after mark: String, in text: String) -> [Double] {
        text.split(separator: "\n").compactMap { line in
            guard let range = line.firstRange(of: mark) else { return nil }
            return Double(line[range.upperBound...].filter { $0.isNumber || $0 == "." })
        }
    }
}
