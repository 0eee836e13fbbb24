import Glibc
import Testing

/// What becomes of a group when its holder's daemon restarts, crashes or hangs.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct RestartAndCrashTests {
    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.start("lb1")
        try lab.start("lb2")
        try #require(lab.eventually { lab.holds("lb1") && self.role("lb2", lab) == "backup" })
        try #require(lab.eventually { self.status("lb1", lab).contains("\"state\":\"heard\"") })
        return lab
    }

    private func status(_ node: String, _ lab: Namespaces) -> String {
        ((try? lab.tandem("status --json", on: node)) ?? "").filter { !$0.isWhitespace }
    }

    /// For the one group.
    private func role(_ node: String, _ lab: Namespaces) -> String {
        let text = status(node, lab)
        guard let start = text.firstRange(of: "\"role\":\"")?.upperBound else { return "" }
        return String(text[start...].prefix { $0 != "\"" })
    }

    @Test func `SIGUSR2 and a new process keep the role, and the peer says that it waits`() throws {
        let lab = try pair()
        #expect(lab.stop("lb1", SIGUSR2) == 0)
        #expect(lab.holds("lb1"))
        #expect(try lab.tandem("status", on: "lb2").contains("restarts and is waited for"))
        usleep(1_500_000)
        #expect(role("lb2", lab) == "backup")
        try lab.start("lb1")
        #expect(lab.eventually { self.role("lb1", lab) == "active" })
        #expect(role("lb2", lab) == "backup")
        #expect(lab.log("lb1").contains("returning → claiming"))
    }

    @Test func `a director that does not come back from its restart is replaced`() throws {
        let lab = try pair()
        #expect(lab.stop("lb1", SIGUSR2) == 0)
        #expect(lab.eventually(20) { lab.holds("lb2") })
        #expect(lab.eventually(2) { !lab.holds("lb1") })
    }

    @Test func `after a crash --release takes the addresses away, and after a clean end it does nothing`() throws {
        let lab = try pair()
        lab.stop("lb1", SIGKILL)
        let release = """
            ip netns exec \(lab.tag)-lb1 \(Namespaces.binaries)/tandemd --config \(lab.folder)/tandem.yaml --node lb1 --release
            """
        #expect(try lab.shell("SERVICE_RESULT=success \(release)").isEmpty)
        #expect(lab.holds("lb1"))
        #expect(try lab.shell("SERVICE_RESULT=signal \(release)").contains("removed 2 addresses of group web"))
        #expect(!lab.holds("lb1"))
        #expect(try lab.shell(release).isEmpty)
    }

    @Test func `--release leaves a running director alone`() throws {
        let lab = try pair()
        #expect(throws: Namespaces.Failure.self) {
            try lab.shell(
                """
                ip netns exec \(lab.tag)-lb1 \(Namespaces.binaries)/tandemd --config \(lab.folder)/tandem.yaml \
                --node lb1 --release
                """)
        }
        #expect(lab.holds("lb1"))
    }

    @Test func `systemd's watchdog hears of a director that lives, and not of one that is frozen`() throws {
        let lab = try Namespaces()
        let notes = "\(lab.folder)/notes"
        // A process of its own listens: a datagram socket that prints what it is told.
        try lab.shell(
            """
            python3 - <<'PYTHON' > \(notes) 2>&1 &
            import os, socket, time
            ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            ear.bind("\(lab.folder)/notify")
            ear.settimeout(8)
            end = time.time() + 8
            while time.time() < end:
                try: print(ear.recv(256).decode(), flush=True)
                except TimeoutError: break
            PYTHON
            for i in $(seq 100); do [ -S \(lab.folder)/notify ] && exit 0; sleep 0.05; done; exit 1
            """)
        try lab.start("lb1", by: "env NOTIFY_SOCKET=\(lab.folder)/notify WATCHDOG_USEC=400000")
        func count() -> Int {
            ((try? lab.shell("grep -c WATCHDOG=1 \(notes) || true")) ?? "").split(separator: "\n").first.flatMap {
                Int($0)
            }
                ?? 0
        }
        #expect(lab.eventually(6) { count() >= 3 })
        #expect(try lab.shell("cat \(notes)").contains("READY=1"))
        lab.signal("lb1", SIGSTOP)
        usleep(200_000)
        let before = count()
        usleep(1_000_000)
        #expect(count() == before)
        lab.signal("lb1", SIGCONT)
    }
}
