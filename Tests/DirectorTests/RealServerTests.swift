import Glibc
import Testing

/// `tandem realserver` and `tandem doctor` in real namespaces. The client's machine, 192.0.2.100, is the server here.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct RealServerTests {
    private static let services = """
        services:
          - {name: web, listen: tcp://192.0.2.10:80, forward: dr, check: none, servers: [192.0.2.100, 192.0.2.101]}
          - {name: web6, listen: "tcp://[2001:db8::10]:80", forward: dr, check: none, servers: ["2001:db8::100"]}
          - {name: far, listen: tcp://192.0.2.11:80, forward: tun, check: none, servers: [192.0.2.101]}

        """

    private func lab() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.write(Namespaces.configuration(lab.folder) + Self.services, to: "tandem.yaml")
        try lab.shell("ip -n \(lab.tag)-cl addr add 2001:db8::100/64 dev eth0 nodad")
        return lab
    }

    /// What it said, and `exit STATUS` behind it.
    private func realserver(_ lab: Namespaces, _ words: String, _ options: String = "") throws -> String {
        let file = words == "undo" ? "" : "\(lab.folder)/tandem.yaml"
        return try lab.shell(
            """
            ip netns exec \(lab.tag)-cl \(Namespaces.binaries)/tandem realserver \(words) --state \(lab.folder)/kept \
            \(options) \(file) 2>&1 && echo exit 0 || echo exit $?
            """)
    }

    /// Addresses and switches.
    private func state(_ lab: Namespaces) throws -> String {
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl sh -c 'ip -o addr | grep -v fe80; cd /proc/sys/net/ipv4/conf
            grep . */arp_ignore */arp_announce */rp_filter'
            """)
    }

    /// Whether the first director is told of a link-layer address when it asks for 192.0.2.10.
    private func isAnswered(_ lab: Namespaces) throws -> Bool {
        let text = try lab.shell(
            """
            ip netns exec \(lab.tag)-lb1 sh -c 'ip neigh flush dev eth0
            timeout 1.5 bash -c "echo >/dev/tcp/192.0.2.10/80" 2>/dev/null; ip neigh show 192.0.2.10'
            """)
        return text.contains("lladdr")
    }

    @Test func `a server is prepared, found right, and put back as it was`() throws {
        let lab = try lab()
        let before = try state(lab)
        let planned = try realserver(lab, "plan")
        #expect(
            planned == """
                Server 192.0.2.100, 2001:db8::100 of web, web6.
                would set net/ipv4/conf/all/arp_ignore to 1 (it is 0)
                would set net/ipv4/conf/all/arp_announce to 2 (it is 0)
                would add 192.0.2.10/32 to lo
                would add 2001:db8::10/128 to lo
                exit 2

                """)
        #expect(try state(lab) == before)
        #expect(try realserver(lab, "verify").contains("wrong: 192.0.2.10 is not on lo: packets for it are dropped"))
        #expect(
            try realserver(lab, "apply")
                == planned.replacing("would ", with: "did: ").replacing("exit 2", with: "exit 0"))
        #expect(try realserver(lab, "verify").hasSuffix("All is as it should be.\nexit 0\n"))
        #expect(try realserver(lab, "apply").hasSuffix("Nothing to do.\nexit 0\n"))
        #expect(try !isAnswered(lab), "a prepared server is silent about the address")
        #expect(try realserver(lab, "undo").hasSuffix("exit 0\n"))
        #expect(try state(lab) == before)
        #expect(try lab.shell("ls -d \(lab.folder)/kept 2>&1 || true").contains("No such file"))
    }

    @Test func `an address on lo alone is answered for, which verify says`() throws {
        let lab = try lab()
        try lab.shell("ip -n \(lab.tag)-cl addr add 192.0.2.10/32 dev lo")
        #expect(try isAnswered(lab))
        let text = try realserver(lab, "verify")
        #expect(text.contains("net/ipv4/conf/all/arp_ignore is 0, not 1: this server answers ARP"))
        #expect(!text.contains("192.0.2.10 is not on lo"))
        _ = try realserver(lab, "apply")
        #expect(try !isAnswered(lab))
        _ = try realserver(lab, "undo")
        #expect(try state(lab).contains("192.0.2.10/32"), "it was there before")
        try lab.shell("ip -n \(lab.tag)-cl addr add 192.0.2.10/32 dev eth0")
        let misplaced = try realserver(lab, "apply")
        #expect(misplaced.contains("wrong: 192.0.2.10 is on eth0") && misplaced.hasSuffix("exit 2\n"))
    }

    @Test func `what was cut off in the middle is undone all the same`() throws {
        let lab = try lab()
        let before = try state(lab)
        let command = """
            ip netns exec \(lab.tag)-cl \(Namespaces.binaries)/tandem realserver apply --state \(lab.folder)/kept \
            \(lab.folder)/tandem.yaml
            """
        for milliseconds in stride(from: 5, through: 60, by: 5) {
            _ = try lab.shell(
                "timeout -s KILL 0.\(milliseconds < 10 ? "00" : "0")\(milliseconds) \(command) >/dev/null 2>&1 || true")
        }
        #expect(try realserver(lab, "apply").hasSuffix("exit 0\n"))
        #expect(try realserver(lab, "undo").hasSuffix("exit 0\n"))
        #expect(try state(lab) == before)
    }

    @Test func `a unit does it again after a boot, and goes with undo`() throws {
        let lab = try lab()
        let units = "\(lab.folder)/units"
        let refused = try realserver(lab, "apply", "--persist --units \(units)")
        #expect(refused.contains("is no folder, so there is no systemd") && refused.hasSuffix("exit 1\n"))
        mkdir(units, 0o755)
        let text = try realserver(lab, "apply", "--address 192.0.2.100 --persist --units \(units)")
        #expect(text.contains("tandem-realserver.service does this again after each boot"))
        let unit = try lab.shell("cat \(units)/multi-user.target.wants/tandem-realserver.service")
        #expect(
            unit.contains("\"realserver\" \"apply\" \"--state\" \"\(lab.folder)/kept\" \"--address\" \"192.0.2.100\""))
        #expect(try !realserver(lab, "apply", "--address 192.0.2.100 --persist --units \(units)").contains("each boot"))
        // What a boot does, on a machine that has forgotten everything.
        try lab.shell("ip -n \(lab.tag)-cl addr del 192.0.2.10/32 dev lo")
        let line = unit.split(separator: "\n").first { $0.hasPrefix("ExecStart=") }.map { $0.dropFirst(10) } ?? ""
        try lab.shell("ip netns exec \(lab.tag)-cl sh -c '\(line)'")
        #expect(try state(lab).contains("192.0.2.10/32"))
        #expect(try realserver(lab, "undo").contains("removed \(units)/tandem-realserver.service"))
        #expect(try lab.shell("find \(units) -type f -o -type l") == "")
    }

    @Test func `a director, a stranger and a damaged state are refused`() throws {
        let lab = try lab()
        #expect(try realserver(lab, "apply", "--address 192.0.2.77").contains("no service has a server 192.0.2.77"))
        let director = try lab.shell(
            """
            ip netns exec \(lab.tag)-lb1 \(Namespaces.binaries)/tandem realserver plan --state \(lab.folder)/kept \
            \(lab.folder)/tandem.yaml 2>&1 || echo exit $?
            """)
        #expect(director.contains("this machine is the director lb1 of pair edge") && director.hasSuffix("exit 1\n"))
        try lab.shell("mkdir \(lab.folder)/kept; echo '{' >\(lab.folder)/kept/state")
        #expect(try realserver(lab, "undo").contains("mend it, or remove it and give up undo"))
    }

    @Test func `the doctor names what is wrong with a director's machine`() throws {
        let lab = try lab()
        try lab.shell(
            """
            ip -n \(lab.tag)-lb1 addr add 192.0.2.10/24 dev eth0
            ip -n \(lab.tag)-lb1 link set eth1 down
            chmod 644 \(lab.folder)/key
            sed -i 's/interface: eth0/interface: eth9/' \(lab.folder)/tandem.yaml
            """)
        let command = "ip netns exec \(lab.tag)-lb1 \(Namespaces.binaries)/tandem doctor \(lab.folder)/tandem.yaml"
        let text = try lab.shell("\(command) 2>&1 || echo exit $?")
        #expect(text.hasPrefix("Director lb1\nbad") && text.hasSuffix("exit 3\n"))
        #expect(text.contains("there is no eth9"))
        #expect(text.contains("192.0.2.10 is on eth0 for good"))
        #expect(text.contains("others may use it (mode 0644)"))
        #expect(text.contains("there is no route to the server 192.0.2.101") == false)
        #expect(try lab.shell("\(command) --json || true").contains("\"level\" : \"bad\""))
    }
}
