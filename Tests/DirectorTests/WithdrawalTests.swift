import Glibc
import Testing

/// What two real daemons do about an address whose service has too few servers.
extension VerdictTests {
    private static let withdraw = "quorum: 2\n    too_few: withdraw"

    /// Whether the group's other address, which no service listens on, is on a director's wire.
    private func holdsOther(_ lab: Namespaces, _ node: String) -> Bool {
        (try? lab.shell("ip -n \(lab.tag)-\(node) -br addr show dev eth0"))?.contains("2001:db8::10/128") ?? false
    }

    private func isAnywhere(_ lab: Namespaces) -> Bool { lab.holds("lb1") || lab.holds("lb2") }

    /// Whether it stays away for so long, by the clock: each look takes its time.
    private func staysAway(_ lab: Namespaces, _ seconds: Int) -> Bool {
        let end = clockSeconds() + seconds + 1
        while clockSeconds() < end {
            if isAnywhere(lab) { return false }
        }
        return true
    }

    private func clockSeconds() -> Int {
        var moment = timespec()
        clock_gettime(CLOCK_MONOTONIC, &moment)
        return moment.tv_sec
    }

    private func isActive(_ lab: Namespaces, _ node: String) -> Bool {
        let status = (try? lab.tandem("status --json", on: node)) ?? ""
        return status.contains(#""role":"active""#) || status.contains(#""role" : "active""#)
    }

    /// Whether somebody refuses a client's connection there, on a port on which nobody listens.
    private func answersClient(_ lab: Namespaces) -> Bool {
        // No signal has to end it: those are blocked in what a thread of the tests begins.
        let program = "import socket; socket.create_connection((\"192.0.2.10\", 9), 1)"
        let script = "ip netns exec \(lab.tag)-cl python3 -c '\(program)' 2>&1; true"
        return (try? lab.shell(script))?.contains("refused") ?? false
    }

    @Test func `an address without servers is on no director, and its group stays where it is`() throws {
        let lab = try pair(Self.withdraw)
        defer { try? unlisten(lab) }
        #expect(lab.eventually { lab.holds("lb1") && answersClient(lab) })
        try listen(lab, [101])
        #expect(lab.eventually { !isAnywhere(lab) }, "\(lab.log("lb1"))")
        for node in ["lb1", "lb2"] {
            let line = "192.0.2.10 withdrawn: shop has 1 of 2 servers that it needs"
            #expect(lab.eventually { (try? lab.tandem("services", on: node))?.contains(line) ?? false })
        }
        #expect(isActive(lab, "lb1") && holdsOther(lab, "lb1") && !isActive(lab, "lb2") && !holdsOther(lab, "lb2"))
        #expect(lab.log("lb1").contains("group web: 192.0.2.10/32 is withdrawn: too few servers of shop"))
        // Renewing its lease would add it.
        #expect(staysAway(lab, 2))
        #expect(!answersClient(lab))
        try lab.shell("ip -n \(lab.tag)-lb1 addr add 192.0.2.10/32 dev eth0")
        #expect(lab.eventually { !isAnywhere(lab) })
        try listen(lab, [101, 102])
        #expect(lab.eventually { lab.holds("lb1") && answersClient(lab) }, "\(lab.log("lb1"))")
        #expect(!lab.holds("lb2") && isActive(lab, "lb1"))
        #expect(lab.log("lb1").contains("group web: 192.0.2.10/32 is not withdrawn any more"))
        #expect(!lab.log("lb1").contains("was removed; putting it back"))
    }

    @Test func `neither a takeover nor a restart brings a withdrawn address up`() throws {
        let lab = try pair(Self.withdraw)
        defer { try? unlisten(lab) }
        try listen(lab, [])
        #expect(lab.eventually { !isAnywhere(lab) })
        let line = "group web: 192.0.2.10/32 is withdrawn: too few servers of shop"
        #expect(!lab.log("lb2").contains(line))
        lab.stop("lb1", SIGKILL)
        #expect(lab.eventually { isActive(lab, "lb2") && holdsOther(lab, "lb2") }, "\(lab.log("lb2"))")
        #expect(lab.eventually { lab.log("lb2").contains(line) }, "\(lab.log("lb2"))")
        #expect(staysAway(lab, 1))
        try lab.start("lb1")
        #expect(lab.eventually { (try? lab.tandem("services", on: "lb1"))?.contains("2, lost: withdraw") ?? false })
        #expect(staysAway(lab, 1))
        // A process that goes on where another one ended.
        lab.signal("lb2", SIGUSR2)
        #expect(lab.exit(of: "lb2") == 0)
        try lab.start("lb2")
        #expect(lab.eventually { isActive(lab, "lb2") && holdsOther(lab, "lb2") }, "\(lab.log("lb2"))")
        #expect(staysAway(lab, 1))
        try listen(lab, [103, 104])
        #expect(lab.eventually { lab.holds("lb2") && answersClient(lab) }, "\(lab.log("lb2"))")
        #expect(!lab.holds("lb1"))
    }

    /// Announcements that a director made of the group's addresses since they are watched: of 192.0.2.10, and of the
    /// other one.
    private func announcements(_ lab: Namespaces, by node: String) throws -> (returned: Int, other: Int) {
        func count(_ what: String) throws -> Int {
            let text = try lab.shell(
                """
                mac=$(ip netns exec \(lab.tag)-\(node) cat /sys/class/net/eth0/address)
                tcpdump -nnr \(lab.folder)/wire.pcap "ether src $mac and ether multicast and \(what)" 2>/dev/null
                """)
            return text.split(separator: "\n").count
        }
        // The target of a neighbour advertisement (RFC 4861 4.4) is 2001:db8::10.
        let advertisement = "icmp6 and ip6[40] = 136 and ip6[48:4] = 0x20010db8 and ip6[60:4] = 0x10"
        return try (count("arp[14:4] = 0xC000020A"), count(advertisement))
    }

    @Test func `an address that comes back is announced, and nothing else of its group`() throws {
        let lab = try pair(Self.withdraw)
        defer { try? unlisten(lab) }
        try listen(lab, [])
        #expect(lab.eventually { !isAnywhere(lab) }, "\(lab.log("lb1"))")
        // The announcements of the claim are over 5 s after it.
        usleep(6_000_000)
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl tcpdump -U -nni eth0 -w \(lab.folder)/wire.pcap 'arp or icmp6' >/dev/null 2>&1 &
            echo $! >\(lab.folder)/watcher
            """)
        defer { _ = try? lab.shell("kill -KILL $(cat \(lab.folder)/watcher)") }
        #expect(lab.eventually { access("\(lab.folder)/wire.pcap", F_OK) == 0 })
        try listen(lab, [101, 102])
        #expect(lab.eventually { lab.holds("lb1") }, "\(lab.log("lb1"))")
        // Five rounds lie within 2 s of its return, and one of the whole group comes every 30 s.
        usleep(3_500_000)
        let heard = try announcements(lab, by: "lb1")
        #expect(heard.returned >= 6 && heard.other <= 1, "\(heard)")
    }

    @Test func `commands are told, and a stranger who claims a withdrawn address gets an alarm and no answer`() throws {
        let lab = try pair(Self.withdraw)
        defer { try? unlisten(lab) }
        try lab.build(HostileSources.claims, as: "claims")
        try lab.write(
            """
            #!/bin/bash
            echo "$TANDEM_EVENT $TANDEM_GROUP $TANDEM_FROM $TANDEM_TO $TANDEM_REASON" >> $(dirname $0)/told-$TANDEM_DIRECTOR

            """, to: "tell")
        let notify = "notify: {command: \(lab.folder)/tell, user: root}"
        try lab.shell(
            "chmod 755 \(lab.folder)/tell; sed -i 's#prefer: lb1}#prefer: lb1, \(notify)}#' \(lab.folder)/tandem.yaml")
        lab.signal("lb1", SIGHUP)
        #expect(lab.eventually { lab.log("lb1").contains("configuration reloaded") }, "\(lab.log("lb1"))")
        func told() -> String { (try? lab.shell("cat \(lab.folder)/told-lb1")) ?? "" }
        try listen(lab, [])
        #expect(lab.eventually { told() == "verdict web held withdrawn too few servers of shop\n" }, "\(told())")
        try lab.shell("ip netns exec \(lab.tag)-cl \(lab.folder)/claims eth0 192.0.2.10 4 50000")
        let alarm = "192.0.2.10 of group web, withdrawn now, is claimed by "
        #expect(lab.eventually { lab.log("lb1").contains(alarm) }, "\(lab.log("lb1"))")
        try listen(lab, [101, 104])
        #expect(lab.eventually { told().hasSuffix("verdict web withdrawn held \n") }, "\(told())")
        #expect(!lab.log("lb1").contains("claims an address of it"))
    }

    /// When a director's log has a sentence first, in seconds of the day.
    private func time(_ lab: Namespaces, _ node: String, of sentence: String) -> Double? {
        guard let line = lab.log(node).split(separator: "\n").first(where: { $0.contains(sentence) }) else {
            return nil
        }
        let parts = line.prefix { $0 != "Z" }.suffix(12).split(separator: ":").compactMap { Double($0) }
        return parts.count == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : nil
    }

    @Test func `a holder that alone has lost the servers waits for a handover, whenever that comes`() throws {
        let lab = try pair(Self.withdraw)
        defer { try? unlisten(lab) }
        for server in 101...104 { try reach(lab, "lb1", server, false) }
        #expect(lab.eventually(40) { !isAnywhere(lab) }, "\(lab.log("lb1"))")
        let disputed = try #require(time(lab, "lb1", of: "is disputed: lb1 sees it down"))
        let withdrawn = try #require(time(lab, "lb1", of: "is withdrawn: too few servers of shop"))
        #expect((withdrawn - disputed + 86_400).truncatingRemainder(dividingBy: 86_400) > 7, "\(lab.log("lb1"))")
        #expect(isActive(lab, "lb1"))
        try lab.tandem("handover --to lb2 --force", on: "lb1")
        #expect(lab.eventually { lab.holds("lb2") && answersClient(lab) }, "\(lab.log("lb2"))")
        #expect(!lab.holds("lb1"))
    }
}
