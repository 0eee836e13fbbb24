import Glibc
import Testing

/// The real daemons in namespaces of their own. Times have wide margins: machines are noisy.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct DaemonTests {
    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.start("lb1")
        try lab.start("lb2")
        return lab
    }

    @Test func `two directors agree on one active, and it is the preferred one`() throws {
        let lab = try pair()
        #expect(lab.eventually { lab.holds("lb1") })
        #expect(!lab.holds("lb2"))
        #expect(try lab.tandem("status", on: "lb2").contains("lb1"))
    }

    @Test func `a director that is cut off is replaced, and gives way when it is back`() throws {
        let lab = try pair()
        try #require(lab.eventually { lab.holds("lb1") })
        try lab.shell("ip -n \(lab.tag)-sw link set lb1-eth0 nomaster; ip -n \(lab.tag)-sw link set lb1-eth1 nomaster")
        #expect(lab.eventually { lab.holds("lb2") })
        try lab.shell(
            "ip -n \(lab.tag)-sw link set lb1-eth0 master br0; ip -n \(lab.tag)-sw link set lb1-eth1 master br1")
        #expect(lab.eventually { !lab.holds("lb1") })
        #expect(lab.holds("lb2"))
    }

    @Test func `one dead path changes nothing`() throws {
        let lab = try pair()
        try #require(lab.eventually { lab.holds("lb1") })
        try lab.shell("ip -n \(lab.tag)-sw link set lb1-eth1 nomaster")
        usleep(1_000_000)
        #expect(lab.holds("lb1"))
        #expect(!lab.holds("lb2"))
    }

    @Test func `each director holds the other's link-layer address on every path, whoever came first`() throws {
        let lab = try Namespaces()
        try lab.start("lb2")
        usleep(500_000)
        try lab.start("lb1")
        func held(_ node: String) -> Int {
            let list = (try? lab.shell("ip -n \(lab.tag)-\(node) neigh show nud permanent")) ?? ""
            return list.split(separator: "\n").count { $0.contains("192.0.2.") || $0.contains("10.9.0.") }
        }
        #expect(lab.eventually { held("lb1") == 2 && held("lb2") == 2 })
    }

    @Test func `SIGTERM hands over before it ends`() throws {
        let lab = try pair()
        try #require(lab.eventually { lab.holds("lb1") })
        usleep(300_000)
        #expect(lab.stop("lb1") == 0)
        #expect(lab.holds("lb2"))
        #expect(!lab.holds("lb1"))
    }

    @Test func `a handover can be asked for at either director`() throws {
        let lab = try pair()
        try #require(lab.eventually { lab.holds("lb1") })
        usleep(300_000)
        _ = try lab.tandem("handover web --to lb2", on: "lb2")
        #expect(lab.eventually { lab.holds("lb2") && !lab.holds("lb1") })
        _ = try lab.tandem("handover web --to lb1", on: "lb2")
        #expect(lab.eventually { lab.holds("lb1") && !lab.holds("lb2") })
    }

    @Test func `a director that is killed loses its addresses without anybody's help`() throws {
        let lab = try pair()
        try #require(lab.eventually { lab.holds("lb1") })
        lab.stop("lb1", SIGKILL)
        #expect(lab.eventually { lab.holds("lb2") })
        #expect(lab.eventually(20) { !lab.holds("lb1") })
    }

    @Test func `a director that was frozen does not draw the clients back when it thaws`() throws {
        let lab = try pair()
        try #require(lab.eventually { lab.holds("lb1") })
        let mac =
            try lab.shell("ip netns exec \(lab.tag)-lb2 cat /sys/class/net/eth0/address")
            .split(separator: "\n").first.map(String.init) ?? "?"
        func clientAsksLb2() -> Bool {
            _ = try? lab.shell("ip netns exec \(lab.tag)-cl bash -c 'echo > /dev/udp/192.0.2.10/9'")
            return (try? lab.shell("ip -n \(lab.tag)-cl neigh show 192.0.2.10"))?.contains(mac) ?? false
        }
        lab.signal("lb1", SIGSTOP)
        #expect(lab.eventually { lab.holds("lb2") && clientAsksLb2() })
        // Some of its announcements have come up by now.
        usleep(2_500_000)
        lab.signal("lb1", SIGCONT)
        for _ in 0..<20 {
            usleep(25_000)
            #expect(clientAsksLb2())
        }
    }

    @Test func `an address that somebody removes is put back`() throws {
        let lab = try pair()
        try #require(lab.eventually { lab.holds("lb1") })
        try lab.shell("ip -n \(lab.tag)-lb1 addr del 192.0.2.10/32 dev eth0")
        #expect(lab.eventually(2) { lab.holds("lb1") })
    }

    @Test func `addresses that are not ours stay`() throws {
        let lab = try pair()
        try lab.shell("ip -n \(lab.tag)-lb1 addr add 192.0.2.77/32 dev eth0")
        try #require(lab.eventually { lab.holds("lb1") })
        usleep(300_000)
        lab.stop("lb1")
        #expect(try lab.shell("ip -n \(lab.tag)-lb1 -br addr show dev eth0").contains("192.0.2.77/32"))
    }

    @Test func `an address left by an earlier life is removed when the peer is active`() throws {
        let lab = try Namespaces()
        try lab.start("lb2")
        try #require(lab.eventually(20) { lab.holds("lb2") })
        try lab.shell("ip -n \(lab.tag)-lb1 addr add 192.0.2.10/32 dev eth0")
        try lab.start("lb1")
        #expect(lab.eventually { !lab.holds("lb1") })
        #expect(lab.holds("lb2"))
    }

    @Test func `a director alone waits, asks the network, and then claims`() throws {
        let lab = try Namespaces()
        try lab.start("lb2")
        usleep(300_000)
        #expect(!lab.holds("lb2"))
        #expect(lab.eventually(20) { lab.holds("lb2") })
    }

    @Test func `a director alone does not claim what somebody answers for`() throws {
        let lab = try Namespaces()
        try lab.shell("ip -n \(lab.tag)-cl addr add 192.0.2.10/32 dev eth0")
        try lab.start("lb2")
        usleep(3_000_000)
        #expect(!lab.holds("lb2"))
        try lab.shell("ip -n \(lab.tag)-cl addr del 192.0.2.10/32 dev eth0")
        #expect(lab.eventually(20) { lab.holds("lb2") })
    }

    @Test func `a frozen director is replaced, loses its addresses, and stays backup when it thaws`() throws {
        let lab = try pair()
        try #require(lab.eventually { lab.holds("lb1") })
        usleep(300_000)
        lab.signal("lb1", SIGSTOP)
        #expect(lab.eventually { lab.holds("lb2") })
        #expect(lab.eventually(20) { !lab.holds("lb1") })
        lab.signal("lb1", SIGCONT)
        usleep(1_500_000)
        #expect(!lab.holds("lb1"))
        #expect(lab.holds("lb2"))
    }

    @Test func `a lone director that was frozen past its lease has its addresses back`() throws {
        let lab = try Namespaces()
        try lab.start("lb2")
        try #require(lab.eventually(20) { lab.holds("lb2") })
        lab.signal("lb2", SIGSTOP)
        #expect(lab.eventually(20) { !lab.holds("lb2") })
        lab.signal("lb2", SIGCONT)
        #expect(lab.eventually(5) { lab.holds("lb2") })
        #expect(try lab.shell("ip -n \(lab.tag)-lb2 -br addr show dev eth0").contains("2001:db8::10/128"))
    }
}
