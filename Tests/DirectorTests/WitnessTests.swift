import Glibc
import Testing

/// The real daemons with a witness, in namespaces of their own.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct WitnessTests {
    static func configuration(_ folder: String) -> String {
        Namespaces.configuration(folder).replacing(
            "  timing:",
            with: """
                  on_partition: require-witness
                  witness: {address: 192.0.2.100, key: \(folder)/witness.key}
                  timing:
                """)
    }

    /// A pair that asks a witness, which runs; or the first director of it.
    private func pair(timing: String = "fast", isAlone: Bool = false) throws -> Namespaces {
        let lab = try Namespaces()
        try lab.shell("\(Namespaces.binaries)/tandem keygen \(lab.folder)/witness.key >/dev/null")
        try lab.write(
            Self.configuration(lab.folder).replacing("{interval: 50ms, misses: 4}", with: timing), to: "tandem.yaml")
        try lab.write(
            "witness: {listen: 192.0.2.100, pairs: {edge: {key: \(lab.folder)/witness.key, directors: [lb1, lb2]}}}\n",
            to: "witness.yaml")
        try lab.startWitness()
        try lab.start("lb1")
        if isAlone { return lab }
        try lab.start("lb2")
        try #require(lab.eventually(20) { lab.holds("lb1") && hasGrant("lb1", lab) && isHeard(by: "lb2", lab) })
        return lab
    }

    private func status(_ node: String, _ lab: Namespaces) -> String { (try? lab.tandem("status", on: node)) ?? "" }

    private func hasGrant(_ node: String, _ lab: Namespaces) -> Bool {
        status(node, lab).contains("grant of web: \(node)")
    }

    private func isHeard(by node: String, _ lab: Namespaces) -> Bool {
        status(node, lab).contains("Witness 192.0.2.100:5391 is heard")
    }

    /// No heartbeat passes between the directors any more; both reach the client and the witness.
    private func part(_ lab: Namespaces, _ isParted: Bool = true) throws {
        let (isolation, wire) = isParted ? ("on", "nomaster") : ("off", "master br1")
        try lab.shell(
            """
            for n in lb1 lb2; do
              ip -n \(lab.tag)-sw link set $n-eth0 type bridge_slave isolated \(isolation)
              ip -n \(lab.tag)-sw link set $n-eth1 \(wire)
            done
            """)
    }

    private func roleChanges(_ lab: Namespaces) -> Int {
        ["lb1", "lb2"].reduce(0) { $0 + lab.log($1).split(separator: "\n").count { $0.contains(" → ") } }
    }

    /// Looks as quickly as it can for so long, and counts the moments in which both have the address.
    private func watch(_ seconds: Double, _ lab: Namespaces) throws -> (both: Int, looks: Int) {
        let text = try lab.shell(
            """
            end=$(( $(date +%s%N) + \(Int(seconds * 1e9)) )); both=0; looks=0
            while [ $(date +%s%N) -lt $end ]; do
              looks=$((looks + 1))
              if ip -n \(lab.tag)-lb1 -br addr show dev eth0 | grep -q '192.0.2.10/32' \\
                && ip -n \(lab.tag)-lb2 -br addr show dev eth0 | grep -q '192.0.2.10/32' \\
                && ip -n \(lab.tag)-lb1 -br addr show dev eth0 | grep -q '192.0.2.10/32'; then both=$((both + 1)); fi
            done
            echo $both $looks
            """)
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : (-1, 0)
    }

    @Test func `a director that starts alone becomes active with the witness's grant`() throws {
        let lab = try pair(isAlone: true)
        #expect(lab.eventually(20) { lab.holds("lb1") && hasGrant("lb1", lab) })
    }

    @Test func `a witness that is killed and comes back changes no role, and both directors say so`() throws {
        let lab = try pair()
        let before = roleChanges(lab)
        lab.stop("witness", SIGKILL)
        #expect(lab.eventually { status("lb1", lab).contains("Witness 192.0.2.100:5391 has been silent for") })
        #expect(lab.eventually { status("lb2", lab).contains("Warning: witness 192.0.2.100 has been silent for") })
        usleep(1_000_000)
        try lab.startWitness()
        #expect(lab.eventually { hasGrant("lb1", lab) && isHeard(by: "lb2", lab) })
        #expect(roleChanges(lab) == before && lab.holds("lb1") && !lab.holds("lb2"))
        let log = lab.log("lb1")
        #expect(log.contains("witness 192.0.2.100 has been silent for"))
        #expect(log.contains("witness 192.0.2.100 is heard again after"))
    }

    @Test func `directors that do not hear each other have exactly one active`() throws {
        let lab = try pair()
        try part(lab)
        let (both, looks) = try watch(4, lab)
        #expect(both == 0 && looks > 20)
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
        #expect(status("lb2", lab).contains("grant of web: lb1"))
        try part(lab, false)
        #expect(lab.eventually { status("lb2", lab).contains("Peer lb1 is heard") })
        usleep(500_000)
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
    }

    @Test func `an active that loses peer and witness lets go before the other claims`() throws {
        let lab = try pair()
        try lab.shell("ip -n \(lab.tag)-sw link set lb1-eth0 nomaster; ip -n \(lab.tag)-sw link set lb1-eth1 nomaster")
        let (both, looks) = try watch(3, lab)
        #expect(both == 0 && looks > 20)
        #expect(!lab.holds("lb1"))
        #expect(lab.eventually { lab.holds("lb2") && hasGrant("lb2", lab) })
        try lab.shell(
            "ip -n \(lab.tag)-sw link set lb1-eth0 master br0; ip -n \(lab.tag)-sw link set lb1-eth1 master br1")
        #expect(lab.eventually { status("lb1", lab).contains("Peer lb2 is heard") })
        #expect(lab.holds("lb2") && !lab.holds("lb1"))
    }

    @Test func `a witness that restarts while the directors do not hear each other takes nobody's group`() throws {
        // Longer than a daemon takes to start.
        let lab = try pair(timing: "vm")
        try part(lab)
        usleep(4_000_000)
        let before = roleChanges(lab)
        lab.stop("witness")
        try lab.startWitness()
        usleep(4_000_000)
        #expect(hasGrant("lb1", lab))
        #expect(lab.holds("lb1") && !lab.holds("lb2") && roleChanges(lab) == before)
        #expect(lab.log("lb1").contains("witness 192.0.2.100 is heard"))
    }

    @Test func `a backup that loses its peer without reaching the witness claims nothing`() throws {
        let lab = try pair()
        lab.stop("witness")
        try part(lab)
        usleep(3_000_000)
        #expect(!lab.holds("lb2") && !lab.holds("lb1"))
        try lab.startWitness()
        #expect(lab.eventually(20) { lab.holds("lb1") != lab.holds("lb2") })
    }

    @Test func `a witness with another key grants nothing, and its log says why`() throws {
        let lab = try pair()
        let before = roleChanges(lab)
        lab.stop("witness")
        try lab.shell(
            "rm \(lab.folder)/witness.key; \(Namespaces.binaries)/tandem keygen \(lab.folder)/witness.key >/dev/null")
        try lab.startWitness()
        #expect(lab.eventually { status("lb1", lab).contains("has been silent for") })
        usleep(500_000)
        #expect(lab.holds("lb1") && roleChanges(lab) == before)
        // The directors read their files again, and find the witness's new key.
        for node in ["lb1", "lb2"] { lab.signal(node, SIGHUP) }
        #expect(lab.eventually { hasGrant("lb1", lab) && isHeard(by: "lb2", lab) })
        #expect(lab.holds("lb1") && roleChanges(lab) == before)
    }

    @Test func `the witness needs no privilege, ends at once, and is alone on its port`() throws {
        let lab = try Namespaces()
        try lab.shell(
            """
            cp \(lab.folder)/key \(lab.folder)/edge.key; chown 65534 \(lab.folder)/edge.key
            cp \(Namespaces.binaries)/tandemd \(lab.folder)/tandemd; chmod 755 \(lab.folder)/tandemd \(lab.folder)
            """)
        try lab.write(
            "witness: {listen: [192.0.2.100, 127.0.0.1], pairs: {edge: \(lab.folder)/edge.key}}\n", to: "w.yaml")
        try lab.shell("chmod 644 \(lab.folder)/w.yaml")
        let command = "setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all"
        try lab.shell(
            """
            ip netns exec \(lab.tag)-cl \(command) \(lab.folder)/tandemd --witness \(lab.folder)/w.yaml \\
              > \(lab.folder)/w.log 2>&1 & pid=$!
            for i in $(seq 100); do grep -q 'listens on' \(lab.folder)/w.log && break; sleep 0.1; done
            grep 'witness for 1 pair listens on 192.0.2.100:5391, 127.0.0.1:5391' \(lab.folder)/w.log
            if ip netns exec \(lab.tag)-cl \(Namespaces.binaries)/tandemd --witness \(lab.folder)/w.yaml \\
              > \(lab.folder)/second.log 2>&1; then exit 5; fi
            grep 'another witness (process' \(lab.folder)/second.log
            kill $pid; wait $pid
            """)
    }

    @Test func `a wrong file stops the start with every problem, and validate says the same`() throws {
        let lab = try Namespaces()
        try lab.write("witness: {lisen: 192.0.2.100, pairs: {edge: key}}\n", to: "w.yaml")
        let text = try lab.shell(
            "ip netns exec \(lab.tag)-cl \(Namespaces.binaries)/tandemd --witness \(lab.folder)/w.yaml 2>&1 && exit 9 || true"
        )
        #expect(text.contains("w.yaml:1:11: error: \"lisen\" is no key of witness (did you mean \"listen\"?)"))
        let judged = try lab.shell("\(Namespaces.binaries)/tandem validate \(lab.folder)/w.yaml && exit 9 || true")
        #expect(judged.contains(text.split(separator: "\n")[0]))
    }
}
