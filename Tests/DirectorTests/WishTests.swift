import Glibc
import Testing

/// Standby, pause and the state files with real daemons.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct WishTests {
    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually { lab.holds("lb1") && hears(lab, "lb1") && hears(lab, "lb2") })
        return lab
    }

    private func hears(_ lab: Namespaces, _ node: String) -> Bool { says(lab, node, "is heard") }

    private func says(_ lab: Namespaces, _ node: String, _ words: String) -> Bool {
        (try? lab.tandem("status", on: node))?.contains(words) ?? false
    }

    @Test(arguments: ["lb1", "lb2"])
    func `standby moves the group and loses no probe, whichever director is asked`(asked: String) throws {
        let lab = try pair()
        let report = try lab.shell(
            """
            ip netns exec \(lab.tag)-cl \(Namespaces.binaries)/tandem drill probe 192.0.2.10 --every 5000 \
                --seconds 4 > \(lab.folder)/probe & probe=$!
            sleep 1
            \(Namespaces.binaries)/tandem standby lb1 --reason 'new fan' --api \(lab.folder)/\(asked).sock
            wait $probe
            cat \(lab.folder)/probe
            """)
        #expect(report.contains("lb1 is in standby"))
        #expect(report.contains(" sent, 0 lost"), "\(report)")
        #expect(lab.holds("lb2") && lab.eventually { !lab.holds("lb1") })
        for node in ["lb1", "lb2"] {
            #expect(lab.eventually { says(lab, node, "lb1 is in standby") && says(lab, node, "new fan") })
            #expect(says(lab, node, "backup, standby"))
            #expect(lab.log(node).contains("lb1 goes into standby, asked for by uid 0 at \(asked): new fan"))
        }
        #expect(throws: Namespaces.Failure.self) { try lab.tandem("handover web --to lb1", on: "lb2") }
        #expect(try lab.tandem("online lb1", on: asked).contains("lb1 is online"))
        #expect(lab.eventually { !says(lab, "lb1", "standby") && !says(lab, "lb2", "standby") })
        _ = try lab.tandem("handover web --to lb1", on: "lb2")
        #expect(lab.eventually { lab.holds("lb1") })
    }

    @Test func `standby without a peer keeps the group and says so`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually(20) { lab.holds("lb1") })
        let output = try lab.shell(
            "\(Namespaces.binaries)/tandem standby --api \(lab.folder)/lb1.sock || echo exit $?")
        #expect(output.contains("still active for web: lb2 is not heard") && output.contains("exit 1"), "\(output)")
        #expect(lab.holds("lb1") && says(lab, "lb1", "still active for web"))
        try lab.start("lb2")
        #expect(lab.eventually(20) { lab.holds("lb2") && !lab.holds("lb1") })
    }

    @Test func `a pause is in force and visible on both, outlives either, and ends on both`() throws {
        let lab = try pair()
        let made = try lab.tandem("pause --for 2h --reason 'switch work'", on: "lb1")
        #expect(made.contains("paused for 1 h 59 min") || made.contains("paused for 2 h"), "\(made)")
        for node in ["lb1", "lb2"] {
            let shows = lab.eventually {
                says(lab, node, "paused until") && says(lab, node, "uid 0 at lb1: switch work")
            }
            #expect(shows)
            #expect(
                try lab.shell("\(Namespaces.binaries)/tandem status --check --api \(lab.folder)/\(node).sock || true")
                    .contains("paused until"))
            lab.stop(node, SIGKILL)
            try lab.start(node)
            #expect(lab.eventually(20) { says(lab, node, "is heard") && says(lab, node, "paused until") })
        }
        #expect(try lab.tandem("status --json", on: "lb2").contains("\"switch work\""))
        _ = try lab.tandem("resume", on: "lb2")
        #expect(lab.eventually { !says(lab, "lb1", "paused") && !says(lab, "lb2", "paused") })
        #expect(lab.log("lb1").contains("the pause of the pair is ended, asked for by uid 0 at lb2"))
    }

    @Test func `a restart without a takeover keeps the role, the pause and the group of a director in standby`() throws
    {
        let lab = try pair()
        _ = try lab.tandem("pause", on: "lb2")
        #expect(lab.stop("lb1", SIGUSR2) == 0)
        try lab.start("lb1")
        #expect(lab.eventually(20) { says(lab, "lb1", "is heard") && says(lab, "lb1", "paused until") })
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
        lab.stop("lb2")
        #expect(lab.eventually { says(lab, "lb1", "lb2 left") })
        _ = try? lab.tandem("standby", on: "lb1")
        #expect(lab.stop("lb1", SIGUSR2) == 0)
        try lab.start("lb1")
        #expect(lab.eventually(20) { says(lab, "lb1", "still active for web") })
        #expect(lab.holds("lb1"))
    }

    @Test func `standby and the term outlive a restart of both`() throws {
        let lab = try pair()
        _ = try lab.tandem("standby lb1", on: "lb1")
        try #require(lab.eventually { lab.holds("lb2") && !lab.holds("lb1") })
        for node in ["lb1", "lb2"] { lab.stop(node) }
        try lab.start("lb1")
        usleep(2_000_000)
        #expect(!lab.holds("lb1") && says(lab, "lb1", "lb1 is in standby"))
        try lab.start("lb2")
        #expect(lab.eventually(20) { lab.holds("lb2") })
        #expect(lab.eventually { lab.log("lb2").contains("→ active, term 3") }, "\(lab.log("lb2"))")
    }

    @Test(arguments: ["", "tandem wishes 1\nwish standby/lb", "\u{0}\u{1}\u{2}", "tandem wishes 99\nfuture\n"])
    func `a damaged state file is put aside, named, and stops nothing`(content: String) throws {
        let lab = try Namespaces()
        let file = "\(lab.folder)/state/edge/lb1/wishes"
        try lab.shell("mkdir -p \(lab.folder)/state/edge/lb1 \(lab.folder)/edge/lb1")
        try lab.write(content, to: "state/edge/lb1/wishes")
        try lab.write(content, to: "edge/lb1/terms")
        try lab.start("lb1")
        try #require(lab.eventually(20) { lab.holds("lb1") })
        #expect(access(file + ".damaged", F_OK) == 0 && access("\(lab.folder)/edge/lb1/terms.damaged", F_OK) == 0)
        #expect(says(lab, "lb1", "\(file) cannot be used") && lab.log("lb1").contains("\(file).damaged"))
        _ = try lab.tandem("pause", on: "lb1")
        #expect(try lab.shell("cat \(file)").contains("wish pause on"))
    }

    @Test func `a state folder that cannot be written is a warning, and the wish is not answered as kept`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually(20) { lab.holds("lb1") })
        try lab.shell("mkdir \(lab.folder)/state/edge/lb1/wishes.new")
        #expect(throws: Namespaces.Failure.self) { try lab.tandem("pause", on: "lb1") }
        #expect(says(lab, "lb1", "is lost with this daemon"))
        try lab.shell("rmdir \(lab.folder)/state/edge/lb1/wishes.new")
        #expect(lab.eventually(20) { access("\(lab.folder)/state/edge/lb1/wishes", F_OK) == 0 })
        #expect(lab.eventually { !says(lab, "lb1", "is lost with this daemon") })
    }

    @Test func `a second daemon of a director in one network namespace is refused, whatever its folders`() throws {
        let lab = try Namespaces()
        try lab.start("lb1")
        try #require(lab.eventually { access("\(lab.folder)/lb1.sock", F_OK) == 0 })
        let output = try lab.shell(
            """
            timeout 5 ip netns exec \(lab.tag)-lb1 \(Namespaces.binaries)/tandemd --config \(lab.folder)/tandem.yaml \
                --node lb1 --state \(lab.folder)/elsewhere --api \(lab.folder)/other.sock || echo exit $?
            """)
        #expect(output.contains("runs for director lb1 of pair edge") && output.contains("exit 1"), "\(output)")
        #expect(output.contains("(process "))
    }
}
