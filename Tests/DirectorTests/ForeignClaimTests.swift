import Glibc
import Testing

/// What a stranger's ARP does to real directors, counted on the wire.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct ForeignClaimTests {
    private func pair(_ keys: String = "") throws -> Namespaces {
        let lab = try Namespaces()
        chmod(lab.folder, 0o711)
        try lab.build(HostileSources.claims, as: "claims")
        try lab.write(
            """
            #!/bin/bash
            read -r json
            echo "$TANDEM_EVENT $TANDEM_GROUP $TANDEM_MAC $TANDEM_FROM$TANDEM_TO$TANDEM_TERM, $TANDEM_REASON, $json" \\
              >> $(dirname $0)/told-$TANDEM_DIRECTOR

            """, to: "tell")
        chmod("\(lab.folder)/tell", 0o755)
        try lab.write(
            Namespaces.configuration(lab.folder).replacing("prefer: lb1}", with: "prefer: lb1\(keys)}")
                .replacing("FOLDER", with: lab.folder), to: "tandem.yaml")
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually(20) { lab.holds("lb1") && hears("lb1", lab) && hears("lb2", lab) })
        return lab
    }

    private func hears(_ node: String, _ lab: Namespaces) -> Bool {
        (try? lab.tandem("status", on: node))?.contains("is heard") ?? false
    }

    /// When a director announced 192.0.2.10 by ARP, in seconds.
    private func announcements(of node: String, in lab: Namespaces) throws -> [Double] {
        let text = try lab.shell(
            """
            mac=$(ip netns exec \(lab.tag)-\(node) cat /sys/class/net/eth0/address)
            tcpdump -nn -tt -r \(lab.folder)/wire.pcap "arp and ether src $mac and arp[14:4] = 0xC000020A" 2>/dev/null
            """)
        return text.split(separator: "\n").compactMap { line in line.split(separator: " ").first.flatMap { Double($0) }
        }
    }

    @Test func `the holder defends an address once in 10 s, however often it is claimed, and the backup never`() throws
    {
        let lab = try pair()
        // The announcements of its own claim are over 5 s after it.
        usleep(6_000_000)
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl timeout 60 tcpdump -U -nn -i eth0 -w \(lab.folder)/wire.pcap arp >/dev/null 2>&1 &
            sleep 1
            ip netns exec \(lab.tag)-cl \(lab.folder)/claims eth0 192.0.2.10 16 50000
            sleep 1
            kill %1
            """)
        let times = try announcements(of: "lb1", in: lab)
        // A defence is six rounds of two frames within 5 s: a pause of more than 4 s lies before the next.
        let starts = times.indices.filter { $0 == 0 || times[$0] - times[$0 - 1] > 4 }.map { times[$0] }
        #expect(starts.count == 2 && times.count <= 24, "\(times)")
        if starts.count == 2 { #expect(starts[1] - starts[0] >= 9.9) }
        #expect(try announcements(of: "lb2", in: lab).isEmpty)
        #expect(lab.holds("lb1") && !lab.holds("lb2") && !lab.log("lb2").contains("claiming"))
    }

    @Test func `a stranger's claim runs the commands of both directors once, with who and why`() throws {
        let lab = try pair(", notify: {command: FOLDER/tell, user: root}")
        usleep(500_000)
        try lab.shell("ip netns exec \(lab.tag)-cl \(lab.folder)/claims eth0 192.0.2.10 2 100000")
        for node in ["lb1", "lb2"] {
            func told() -> [String] {
                let text = (try? lab.shell("grep ^claim \(lab.folder)/told-\(node) || true")) ?? ""
                return text.split(separator: "\n").map(String.init)
            }
            #expect(lab.eventually { !told().isEmpty }, "\(lab.log(node))")
            #expect(told().count == 1)
            let line = told().first ?? ""
            #expect(line.hasPrefix("claim web 02:aa:00:00:00:01 , somebody else claims an address, {"), "\(line)")
            #expect(line.contains("\"kind\":\"claim\"") && line.contains("\"mac\":\"02:aa:00:00:00:01\""), "\(line)")
        }
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
    }

    @Test func `a claim of the neighbour's address or of nobody's is no claim of ours`() throws {
        let lab = try pair(", notify: {command: FOLDER/tell, user: root}")
        for address in ["192.0.2.100", "192.0.2.3", "192.0.2.11"] {
            try lab.shell("ip netns exec \(lab.tag)-cl \(lab.folder)/claims eth0 \(address) 1 100000")
        }
        for node in ["lb1", "lb2"] {
            #expect(!lab.log(node).contains("claimed by") && !lab.log(node).contains("claims an address"))
        }
        #expect(lab.eventually { (try? lab.shell("grep -q ^role \(lab.folder)/told-lb1")) != nil })
        #expect(try lab.shell("cat \(lab.folder)/told-*").contains("claim web") == false)
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
    }
}
