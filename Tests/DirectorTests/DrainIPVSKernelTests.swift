import Glibc
import Testing

/// A drain of a server with connections, in kernels that have ip_vs: its end is what they count.
@Suite(
    .serialized,
    .enabled(if: Namespaces.isAvailable && Namespaces.hasIPVS, "needs root, iproute2, ip_vs and the built daemons"))
struct DrainIPVSKernelTests {
    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        let pair = Namespaces.configuration(lab.folder).split(separator: "\n").flatMap { line in
            line.hasPrefix("  name:") ? [String(line), "  sync: {interface: eth1}"] : [String(line)]
        }
        try lab.write(
            pair.joined(separator: "\n") + """

                services:
                  - name: web
                    group: web
                    listen: tcp://192.0.2.10:80
                    forward: dr
                    scheduler: rr
                    check: none
                    servers: [192.0.2.21, 192.0.2.22]

                """, to: "tandem.yaml")
        for node in ["lb1", "lb2"] { try lab.start(node) }
        try #require(lab.eventually(20) { lab.holds("lb1") && says(lab, "lb2", "IN SYNC: both") })
        return lab
    }

    private func says(_ lab: Namespaces, _ node: String, _ words: String) -> Bool {
        (try? lab.tandem("status", on: node))?.contains(words) ?? false
    }

    /// Both servers in one namespace, until the lab ends: what runs in it is killed by its number.
    private func startServers(_ lab: Namespaces) throws {
        try lab.shell(
            """
            set -e
            s=\(lab.tag)-s1
            ip netns add $s
            ip -n $s link set lo up
            ip -n \(lab.tag)-sw link add s1-eth0 type veth peer name eth0 netns $s
            ip -n \(lab.tag)-sw link set s1-eth0 master br0 up
            ip netns exec $s sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
            ip -n $s link set eth0 up
            ip -n $s addr add 192.0.2.21/24 dev eth0
            ip -n $s addr add 192.0.2.22/24 dev eth0
            ip -n $s addr add 192.0.2.10/32 dev lo
            ip netns exec $s \(Namespaces.binaries)/tandem drill serve 0.0.0.0:80 > \(lab.folder)/serve 2>&1 &
            echo $! > \(lab.folder)/serve.pid
            """)
        try #require(lab.eventually(20) { (try? lab.shell("grep serving \(lab.folder)/serve")) != nil })
    }

    /// Four connections that stay open until their client is killed.
    private func connect(_ lab: Namespaces) throws {
        try startServers(lab)
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl bash -c '
                for n in 1 2 3 4; do exec {f}<>/dev/tcp/192.0.2.10/80; done
                echo $$ > \(lab.folder)/client.pid
                exec sleep 600' > /dev/null 2>&1 &
            """)
        try #require(lab.eventually(20) { access("\(lab.folder)/client.pid", F_OK) == 0 })
    }

    /// What `ipvsadm -Ln` says behind a server: how it is reached, its weight, active connections, others.
    private func row(_ lab: Namespaces, _ node: String, _ server: String) throws -> [Substring] {
        let listing = try lab.shell("ip netns exec \(lab.tag)-\(node) ipvsadm -Ln")
        let rows = listing.split(separator: "\n").map { $0.split(separator: " ") }
        return Array(rows.first { $0.count > 2 && $0[1] == server }?.dropFirst(2) ?? [])
    }

    private func isEmpty(_ lab: Namespaces, _ node: String, _ server: String) -> Bool {
        (try? row(lab, node, server))?.starts(with: ["Route", "0", "0"]) ?? false
    }

    /// What the kernel lists of them, and which ends the client has.
    private func connections(_ lab: Namespaces, _ node: String) -> String {
        let script = "ip netns exec \(lab.tag)-\(node) ipvsadm -Lnc; ip netns exec \(lab.tag)-cl ss -tnp || true"
        return (try? lab.shell(script)) ?? "no list"
    }

    private func clear(_ lab: Namespaces) {
        for what in ["client", "serve"] where access("\(lab.folder)/\(what).pid", F_OK) == 0 { end(lab, what) }
        _ = try? lab.shell("ip netns del \(lab.tag)-s1")
    }

    private func end(_ lab: Namespaces, _ what: String) {
        _ = try? lab.shell("kill -KILL $(cat \(lab.folder)/\(what).pid); rm \(lab.folder)/\(what).pid")
    }

    @Test func `established connections stay, and a drain ends when neither kernel counts one`() throws {
        let lab = try pair()
        defer { clear(lab) }
        try connect(lab)
        let impatient = try lab.shell(
            """
            \(Namespaces.binaries)/tandem drain 192.0.2.21 --reason disk --wait --timeout 7s \
                --api \(lab.folder)/lb1.sock && echo drained || echo exit $?
            """)
        #expect(impatient.contains("2 connections left") && impatient.contains("exit 1"), "\(impatient)")
        #expect(impatient.contains("192.0.2.21 is not drained after 7 s"), "\(impatient)")
        #expect(try row(lab, "lb1", "192.0.2.21:80").starts(with: ["Route", "0", "2"]))
        #expect(try row(lab, "lb1", "192.0.2.22:80").starts(with: ["Route", "1", "2"]))
        #expect(!lab.log("lb1").contains("is drained"))
        end(lab, "client")
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually(20) { isEmpty(lab, node, "192.0.2.21:80") }, "\(connections(lab, node))")
        }
        let patient = try lab.tandem("drain 192.0.2.21 --wait --timeout 40s", on: "lb2")
        #expect(patient.contains("192.0.2.21 is drained: no active connection is left"), "\(patient)")
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually(20) { lab.log(node).contains("server 192.0.2.21 is drained: no active connection") })
            #expect(lab.eventually(20) { says(lab, node, "192.0.2.21 is drained, draining for") })
        }
        #expect(try row(lab, "lb2", "192.0.2.21:80").starts(with: ["Route", "0", "0"]))
    }

    @Test func `a restarted director keeps a drained server and its connections`() throws {
        let lab = try pair()
        defer { clear(lab) }
        try connect(lab)
        _ = try lab.tandem("drain 192.0.2.21", on: "lb1")
        #expect(lab.stop("lb1", SIGUSR2) == 0)
        try lab.start("lb1")
        #expect(lab.eventually(20) { says(lab, "lb1", "192.0.2.21 drains for") && says(lab, "lb1", "IN SYNC: both") })
        #expect(try row(lab, "lb1", "192.0.2.21:80").starts(with: ["Route", "0", "2"]))
        #expect(lab.holds("lb1"))
    }
}
