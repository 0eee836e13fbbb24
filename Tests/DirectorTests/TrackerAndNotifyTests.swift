import Glibc
import Testing

/// Trackers and commands that are told, with real daemons.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct TrackerAndNotifyTests {
    /// A pair whose group has more keys, with scripts that anybody may run.
    private func pair(_ keys: String, pairKeys: String = "", scripts: [String: String]) throws -> Namespaces {
        let lab = try Namespaces()
        chmod(lab.folder, 0o711)
        for (name, script) in scripts {
            try lab.write("#!/bin/bash\n\(script)\n", to: name)
            chmod("\(lab.folder)/\(name)", 0o755)
        }
        let text = Namespaces.configuration(lab.folder)
            .replacing("prefer: lb1}", with: "prefer: lb1, \(keys.replacing("FOLDER", with: lab.folder))}")
            .replacing("  name: edge\n", with: "  name: edge\n\(pairKeys.replacing("FOLDER", with: lab.folder))")
        try lab.write(text, to: "tandem.yaml")
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually { lab.holds("lb1") }, "\(lab.log("lb1"))")
        return lab
    }

    private func says(_ lab: Namespaces, _ node: String, _ words: String) -> Bool {
        (try? lab.tandem("status", on: node))?.contains(words) ?? false
    }

    @Test func `status explains the score with a line for each tracker, and says when it changes`() throws {
        let lab = try pair(
            """
            track: [{script: FOLDER/check, interval: 200ms, weight: 40}, {file: FOLDER/unfit, interval: 100ms}, \
            {process: no-such-process, interval: 100ms, weight: 5}]
            """,
            scripts: ["check": #"[ -e "$(dirname $0)/bad" ] || exit 0; printf 'no \033[1mroute\n'; exit 2"#])
        #expect(lab.eventually { says(lab, "lb1", "Fitness for web: 95 of 100 on lb1, and 95 on lb2") })
        #expect(says(lab, "lb1", "process no-such-process (5) fails"))
        try lab.write("", to: "bad")
        #expect(lab.eventually { says(lab, "lb1", "Fitness for web: 55 of 100 on lb1") })
        let line = "script \(lab.folder)/check (40) fails for 0 s: exit 2: \"no \u{FFFD}[1mroute\""
        #expect(says(lab, "lb1", line) || says(lab, "lb1", line.replacing("0 s", with: "1 s")))
        try lab.write("30", to: "unfit")
        #expect(lab.eventually { says(lab, "lb1", "Fitness for web: 25 of 100 on lb1") })
        #expect(says(lab, "lb1", "unfit says 30"))
        try lab.write("100", to: "unfit")
        #expect(lab.eventually { says(lab, "lb1", "Fitness for web: 1 of 100 on lb1") })
        try lab.shell("rm \(lab.folder)/unfit \(lab.folder)/bad")
        #expect(lab.eventually { says(lab, "lb1", "Fitness for web: 95 of 100 on lb1") })
        let events = try lab.tandem("events --limit 100", on: "lb1")
        #expect(events.contains("group web: script \(lab.folder)/check fails: exit 2: \"no \u{FFFD}[1mroute\", after "))
        #expect(events.contains("group web: script \(lab.folder)/check passes again, after "))
        #expect(try lab.tandem("status --json", on: "lb1").contains("\"no-such-process\"") == false)
        for node in ["lb1", "lb2"] { #expect(lab.stop(node) == 0) }
    }

    /// Every line of what the commands of a director wrote.
    private func told(_ lab: Namespaces, _ node: String) -> [String] {
        ((try? lab.shell("cat \(lab.folder)/told-\(node) 2>/dev/null || true")) ?? "").split(separator: "\n")
            .map(String.init)
    }

    @Test
    func
        `a script that fails on the active moves the group to the fitter director, and one that fails on both does not`()
        throws
    {
        let lab = try pair(
            "track: [{script: FOLDER/check, interval: 200ms}], notify: {command: FOLDER/tell, user: root}",
            scripts: [
                "check": #"[ -e "$(dirname $0)/both" ] && exit 1; [ ! -e "$(dirname $0)/bad-$TANDEM_DIRECTOR" ]"#,
                "tell": #"echo "$TANDEM_FROM $TANDEM_TO $TANDEM_REASON" >> $(dirname $0)/told-$TANDEM_DIRECTOR"#,
            ])
        try lab.write("", to: "both")
        #expect(lab.eventually { says(lab, "lb1", "Fitness for web: 50 of 100 on lb1, and 50 on lb2") })
        usleep(5_000_000)
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
        try lab.write("", to: "bad-lb1")
        try lab.shell("rm \(lab.folder)/both")
        #expect(lab.eventually { says(lab, "lb1", "Fitness for web: 50 of 100 on lb1, and 100 on lb2") })
        #expect(lab.eventually(60) { lab.holds("lb2") && !lab.holds("lb1") }, "\(lab.log("lb1"))")
        #expect(lab.eventually { told(lab, "lb1").last == "active backup the peer is fitter" }, "\(told(lab, "lb1"))")
        #expect(lab.eventually { told(lab, "lb2").last == "backup active the peer hands over" })
    }

    @Test func `gateways that fall silent for both take points off both, and move nothing`() throws {
        let lab = try pair("gateways: [192.0.2.100]", scripts: [:])
        #expect(lab.eventually(15) { says(lab, "lb1", "192.0.2.100") })
        usleep(3_000_000)
        #expect(!says(lab, "lb1", "Fitness for web"))
        try lab.shell("ip -n \(lab.tag)-cl link set eth0 down")
        #expect(
            lab.eventually(15) { says(lab, "lb1", "Fitness for web: 50 of 100 on lb1, and 50 on lb2") },
            "\((try? lab.tandem("status", on: "lb1")) ?? "")")
        #expect(says(lab, "lb1", "gateways (50) fails"))
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
        try lab.shell("ip -n \(lab.tag)-cl link set eth0 up")
        #expect(lab.eventually(15) { !says(lab, "lb1", "Fitness for web") })
    }

    /// The scripts of a pair that run, in words.
    private func left(_ lab: Namespaces) -> String {
        (try? lab.shell("pgrep -af '^/bin/bash \(lab.folder)[/]' || true")) ?? "?"
    }

    @Test func `commands are told of a handover and of a takeover, in order and in the right words`() throws {
        let lab = try pair(
            "notify: {command: [FOLDER/tell, group], user: root}",
            pairKeys: "  notify: {command: FOLDER/tell pair, user: root}\n",
            scripts: [
                "tell": """
                read -r json; case "$json" in '{"durationMS":'*'"kind":"role"'*) ;; *) echo "no event: $json" >&2; exit 1;; esac
                echo "$1 $TANDEM_EVENT $TANDEM_PAIR $TANDEM_GROUP $TANDEM_DIRECTOR: $TANDEM_FROM $TANDEM_TO" \\
                    "$TANDEM_TERM, $TANDEM_REASON, $TANDEM_PREVIOUS_HOLDER" >> $(dirname $0)/told-$TANDEM_DIRECTOR
                """
            ])
        #expect(
            lab.eventually {
                told(lab, "lb1").last == "group role edge web lb1: waiting active 1, nobody holds the group, "
                    || told(lab, "lb1").count >= 2
            })
        #expect(lab.eventually { told(lab, "lb2").count >= 2 }, "\(lab.log("lb2"))")
        let before = (told(lab, "lb1").count, told(lab, "lb2").count)
        _ = try lab.tandem("handover", on: "lb1")
        #expect(lab.eventually { told(lab, "lb1").count == before.0 + 2 && told(lab, "lb2").count == before.1 + 2 })
        let term = try #require(told(lab, "lb2").last?.split(separator: " ")[7].dropLast())
        #expect(
            told(lab, "lb1").suffix(2) == [
                "pair role edge web lb1: active backup \(term), requested, lb1",
                "group role edge web lb1: active backup \(term), requested, lb1",
            ])
        #expect(
            told(lab, "lb2").suffix(2) == [
                "pair role edge web lb2: backup active \(term), the peer hands over, lb1",
                "group role edge web lb2: backup active \(term), the peer hands over, lb1",
            ])
        lab.stop("lb2", SIGKILL)
        #expect(lab.eventually { told(lab, "lb1").count == before.0 + 4 })
        #expect(told(lab, "lb1").last?.hasSuffix(", the peer is lost, lb2") == true, "\(told(lab, "lb1"))")
        #expect(lab.stop("lb1") == 0)
        #expect(told(lab, "lb1").last?.contains("active backup") == true, "\(told(lab, "lb1"))")
    }

    @Test func `a command that fails or hangs is a warning, and nothing waits for it`() throws {
        let lab = try pair(
            "notify: [{command: FOLDER/hang, timeout: 300ms}, {command: FOLDER/absent}, {command: FOLDER/fail}]",
            scripts: ["hang": "trap '' TERM; while :; do sleep 1; done", "fail": "echo broken; exit 3"])
        let name = "notify \(lab.folder)"
        for words in [
            "hang for group web: ended after 300 ms", "absent for group web: there is no",
            "fail for group web: exit 3: \"broken\"",
        ] {
            #expect(lab.eventually { lab.log("lb1").contains("\(name)/\(words)") }, "\(lab.log("lb1"))")
        }
        #expect(lab.eventually { left(lab) == "" }, "\(left(lab))")
        #expect(lab.stop("lb1") == 0 && lab.eventually { lab.holds("lb2") })
    }

    @Test func `bad scripts by the dozen leave a director no process, no descriptor and no memory`() throws {
        let bad = [
            "hang": "sleep 1000", "deaf": "trap '' TERM; while :; do sleep 1; done",
            "megabyte": "yes | head -c 1000000; exit 1",
            "flood": "yes", "fork": "for n in 1 2 3 4 5; do setsid sleep 1000 & done; sleep 0.05; exit 1",
        ]
        let trackers = (bad.keys.sorted() + ["absent"]).map {
            "{script: FOLDER/\($0), interval: 150ms, timeout: 100ms, weight: 1}"
        }
        let lab = try pair(
            "track: [\(trackers.joined(separator: ", ")), {script: FOLDER/fork, user: no-such-user, weight: 1}]",
            scripts: bad)
        let census = """
            p=$(pgrep -f '^[^ ]*tandemd --config \(lab.folder)/tandem.yaml --node lb1')
            echo $(ls /proc/$p/fd | wc -l) $(grep VmRSS /proc/$p/status | tr -dc 0-9)
            """
        #expect(lab.eventually { says(lab, "lb1", "there is no user no-such-user") })
        for name in bad.keys + ["absent"] {
            #expect(lab.eventually { says(lab, "lb1", "script \(lab.folder)/\(name) (1) fails") })
        }
        usleep(2_000_000)
        func count() throws -> [Int] {
            try lab.shell(census).split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
        }
        let before = try count()
        usleep(6_000_000)
        let after = try count()
        // Up to six scripts run at once, with two descriptors each.
        #expect(abs(after[0] - before[0]) <= 12, "\(before) \(after)")
        #expect(after[1] - before[1] < 4096, "\(before) \(after)")
        let processes = try lab.shell(
            "p=$(pgrep -f '^[^ ]*tandemd --config \(lab.folder)/tandem.yaml --node lb1'); pgrep -cP $p || true")
        #expect((Int(processes.filter(\.isNumber)) ?? 99) <= 12, "\(processes)")
        #expect(lab.holds("lb1") && !lab.holds("lb2"))
        for node in ["lb1", "lb2"] { #expect(lab.stop(node) == 0) }
        #expect(lab.eventually { left(lab) == "" }, "\(left(lab))")
    }
}
