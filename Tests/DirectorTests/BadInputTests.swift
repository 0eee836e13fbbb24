import Glibc
import Testing

@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct BadInputTests {
    @Test func `a second daemon for the same director is refused by name`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually { access("\(lab.folder)/lb1.sock", F_OK) == 0 })
        #expect(throws: Namespaces.Failure.self) {
            try lab.shell(
                """
                timeout 5 ip netns exec \(lab.tag)-lb1 \(Namespaces.binaries)/tandemd --config \(lab.folder)/tandem.yaml \
                --node lb1 --state \(lab.folder)/state --api \(lab.folder)/other.sock | tee \(lab.folder)/second 2>&1
                exit ${PIPESTATUS[0]}
                """)
        }
    }

    @Test func `a daemon whose socket is another's ends before it touches anything`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually { access("\(lab.folder)/lb1.sock", F_OK) == 0 })
        try lab.start("lb2", api: "lb1")
        #expect(lab.exit(of: "lb2") == 1)
        #expect(lab.log("lb2").contains("another daemon"))
        #expect(!lab.log("lb2").contains("started"))
    }

    @Test func `a daemon that cannot have its socket says so and ends`() throws {
        let lab = try Namespaces()
        try lab.shell("ln -s /proc \(lab.folder)/proc")
        try lab.start("lb1", api: "proc/lb1")
        #expect(lab.exit(of: "lb1") == 1)
        #expect(lab.log("lb1").contains("cannot serve the API on \(lab.folder)/proc/lb1.sock"))
    }

    @Test func `a reload says that the log's settings wait for the next start`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually { access("\(lab.folder)/lb1.sock", F_OK) == 0 })
        try lab.write(Namespaces.configuration(lab.folder) + "log: {level: debug}\n", to: "tandem.yaml")
        lab.signal("lb1", SIGHUP)
        #expect(lab.eventually { lab.log("lb1").contains("counts from the next start") })
    }

    @Test func `a backup that is asked to hand over says how to get the groups instead`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually { lab.holds("lb1") })
        #expect(lab.eventually { (try? lab.tandem("status", on: "lb2"))?.contains("Peer lb1 is heard") ?? false })
        let answer = try lab.shell(
            "\(Namespaces.binaries)/tandem handover --api \(lab.folder)/lb2.sock 2>&1; echo exit $?")
        #expect(answer.contains("lb2 holds no group"))
        #expect(answer.contains("exit 1"))
    }

    @Test func `a daemon that may not administer the network says which capability it lacks`() throws {
        let lab = try Namespaces()
        let output = try lab.shell(
            """
            status=0
            timeout 5 ip netns exec \(lab.tag)-lb1 setpriv --bounding-set=-net_admin --inh-caps=-net_admin \
                \(Namespaces.binaries)/tandemd --config \(lab.folder)/tandem.yaml --node lb1 \
                --state \(lab.folder)/state --api \(lab.folder)/lb1.sock || status=$?
            echo exit $status
            """)
        #expect(output.contains("CAP_NET_ADMIN"))
        #expect(output.contains("exit 1"))
    }

    @Test func `a configuration with errors stops the start, with file, line and column`() throws {
        let lab = try Namespaces()
        try lab.write(Namespaces.configuration(lab.folder).replacing("prefer: lb1", with: "prefr: lb1"), to: "bad.yaml")
        try lab.start("lb1", config: "bad.yaml")
        #expect(lab.exit(of: "lb1") == 1)
        #expect(lab.log("lb1").contains("bad.yaml:9:"))
        #expect(lab.log("lb1").contains("prefer"))
    }

    @Test func `a reload with errors leaves the old configuration in force and says so`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually { access("\(lab.folder)/lb1.sock", F_OK) == 0 })
        try lab.write(
            Namespaces.configuration(lab.folder).replacing("prefer: lb1", with: "prefr: lb1"), to: "tandem.yaml")
        lab.signal("lb1", SIGHUP)
        #expect(lab.eventually { (try? lab.tandem("status --json", on: "lb1"))?.contains("prefr") ?? false })
        #expect(lab.eventually(20) { lab.holds("lb1") })
    }

    @Test func `a reload that adds a service keeps the role`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually(20) { lab.holds("lb1") })
        let service = """
            services:
              - {name: web, group: web, listen: "tcp://192.0.2.10:80", forward: dr, check: none, servers: [192.0.2.21]}

            """
        try lab.write(Namespaces.configuration(lab.folder) + service, to: "tandem.yaml")
        lab.signal("lb1", SIGHUP)
        #expect(lab.eventually { (try? lab.tandem("services", on: "lb1"))?.contains("192.0.2.10:80") ?? false })
        #expect(lab.holds("lb1"))
        #expect(!lab.log("lb1").contains("releasing"))
    }

    @Test func `a peer with another key or of another pair is not a peer`() throws {
        let lab = try Namespaces()
        try lab.write(Namespaces.configuration(lab.folder, pair: "other"), to: "other.yaml")
        try lab.start("lb1")
        try lab.start("lb2", config: "other.yaml")
        let isCounted = lab.eventually {
            (try? lab.tandem("status --json", on: "lb1"))?.contains("another pair") ?? false
        }
        #expect(isCounted)
        #expect(try !lab.tandem("status", on: "lb1").contains("Peer lb2 is heard"))
    }

    @Test func `garbage on the heartbeat port changes nothing and floods no log`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually { lab.holds("lb1") })
        try lab.shell(
            """
            cd \(lab.folder)
            send() { ip netns exec \(lab.tag)-cl bash -c 'for f in "$@"; do cat $f > /dev/udp/192.0.2.2/5390; done' - "$@"; }
            for i in $(seq 100); do
              head -c $((RANDOM % 1400 + 1)) /dev/urandom > g$i
              { printf TDM1; head -c $((RANDOM % 300 + 1)) /dev/urandom; } > s$i
              { printf TDM1; head -c 8 /dev/zero; head -c $((RANDOM % 300 + 1)) /dev/urandom; } > h$i
            done
            send g* s* h*
            """)
        #expect(lab.holds("lb1"))
        #expect(!lab.holds("lb2"))
        #expect(lab.log("lb1").split(separator: "\n").count < 30)
        let isCounted = lab.eventually {
            let status = (try? lab.tandem("status --json", on: "lb1")) ?? ""
            return status.contains("unknown key") && status.contains("too short")
                && status.contains("filtered by the kernel")
        }
        #expect(isCounted)
    }

    @Test func `an interface without IPv6 is named as the reason, and the other director serves`() throws {
        let lab = try Namespaces()
        func disable(_ isSo: Bool) throws {
            try lab.shell(
                "ip netns exec \(lab.tag)-lb1 sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=\(isSo ? 1 : 0)")
        }
        try disable(true)
        try lab.start("lb1")
        try lab.start("lb2")
        #expect(lab.eventually(20) { lab.holds("lb2") && !lab.holds("lb1") }, "\(lab.log("lb1"))")
        #expect(lab.log("lb1").contains("cannot add 2001:db8::10/128"))
        #expect(lab.log("lb1").contains("IPv6 is disabled on the interface"))
        try disable(false)
        // The pause after failed claims.
        usleep(2_500_000)
        try lab.shell(
            "timeout 5 \(Namespaces.binaries)/tandem handover web --to lb1 --api \(lab.folder)/lb2.sock || true")
        #expect(lab.eventually { lab.holds("lb1") && !lab.holds("lb2") }, "\(lab.log("lb1"))")
    }

    @Test func `an interface that is missing is waited for`() throws {
        let lab = try Namespaces()
        try lab.write(
            Namespaces.configuration(lab.folder).replacing("interface: eth0", with: "interface: eth7"),
            to: "tandem.yaml")
        try lab.start("lb1")
        #expect(lab.eventually { (try? lab.tandem("status", on: "lb1"))?.contains("interface eth7") ?? false })
        try lab.shell(
            "ip -n \(lab.tag)-lb1 link add eth7 type veth peer name eth8; ip -n \(lab.tag)-lb1 link set eth7 up")
        try lab.shell("ip -n \(lab.tag)-lb1 link set eth8 up")
        let holds = lab.eventually(20) {
            (try? lab.shell("ip -n \(lab.tag)-lb1 -br addr show dev eth7"))?.contains("192.0.2.10/32") ?? false
        }
        #expect(holds)
    }
}
