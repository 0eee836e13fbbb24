import Addresses
import Glibc
import Linux
import Testing

/// Commands with real processes. Limits are short and margins wide: machines are noisy.
@Suite(.serialized, .enabled(if: geteuid() == 0, "needs root to become another user"))
struct CommandTests {
    struct Row: CustomTestStringConvertible, Codable, Sendable {
        var name: String
        var script: String
        var limit = Duration.seconds(5)
        /// What the words of the result are.
        var words: String
        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "passes", script: "exit 0", words: "exit 0"),
        Row(name: "fails and says why", script: "echo no route >&2; exit 2", words: "exit 2: \"no route\""),
        Row(name: "hangs", script: "SLEEPER 1000", limit: .milliseconds(300), words: "ended after 300 ms"),
        Row(
            name: "ignores SIGTERM", script: "trap '' TERM; while :; do SLEEPER 0.1; done", limit: .milliseconds(300),
            words: "ended after 300 ms"),
        Row(name: "leaves a child in its group", script: "SLEEPER 1000 & exit 3", words: "exit 3"),
        Row(name: "detaches a child", script: "setsid SLEEPER 1000 & sleep 0.2; exit 0", words: "exit 0"),
        Row(
            name: "forks twice and detaches", script: "(setsid setsid SLEEPER 1000 &) & sleep 0.2; exit 0",
            words: "exit 0"),
        Row(
            name: "detaches, and hangs", script: "setsid SLEEPER 1000 & SLEEPER 1000", limit: .milliseconds(300),
            words: "ended after 300 ms"),
        Row(
            name: "forks many", script: "for n in 1 2 3 4 5 6 7 8 9; do setsid SLEEPER 1000 & done; sleep 0.2; exit 1",
            words: "exit 1"),
        Row(
            name: "prints a megabyte", script: "head -c 1000000 /dev/zero | tr '\\0' x; exit 1",
            words: "exit 1: \"" + String(repeating: "x", count: 160) + "…\""),
        Row(name: "prints without end", script: "exec yes", words: "ended because it printed more than 1 MiB: \"y\""),
        Row(
            name: "prints what a terminal obeys",
            script: "printf '\\n \\033[31mred\\007\\342\\200\\256\\377\\nmore'; exit 1",
            words: "exit 1: \"\u{FFFD}[31mred\u{FFFD}\u{FFFD}\u{FFFD}\""),
        Row(name: "kills itself", script: "kill -KILL $$", words: "killed by signal 9"),
        Row(name: "closes its output and goes on", script: "exec >&- 2>&-; sleep 0.3; exit 4", words: "exit 4"),
    ]

    /// In a process of its own, for what detaches itself falls to the process, and other tests have children too.
    @Test(arguments: rows)
    func `a command ends with a verdict, in time, and leaves nothing behind`(row: Row) async {
        await #expect(processExitsWith: .success) { [row] in
            try Children.adoptOrphans()
            let folder = try ScriptFolder()
            let (result, time) = try folder.run(row.script, limit: row.limit)
            #expect(result.words == row.words)
            #expect(result.output.count <= Command.keptOutput)
            #expect(time < row.limit + .seconds(3), "\(time)")
            #expect(folder.isSwept())
        }
    }

    @Test func `a hundred commands leave no descriptor and no child`() async {
        await #expect(processExitsWith: .success) {
            try Children.adoptOrphans()
            let folder = try ScriptFolder()
            let scripts = try ["exit 1", "setsid SLEEPER 1000 & exit 0", "SLEEPER 1000"].map { try folder.write($0) }
            let before = ScriptFolder.countOfDescriptors
            for round in 0..<100 {
                let path = round % 10 == 9 ? folder.path + "/absent" : scripts[round % 3]
                let command = Command([path], user: "nobody", limit: .milliseconds(50), input: [0x0A])
                guard let running = try? RunningCommand(command, now: Clock.now()) else { continue }
                _ = ScriptFolder.end(of: running)
            }
            #expect(folder.isSwept())
            #expect(ScriptFolder.countOfDescriptors == before)
            #expect(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD)
        }
    }

    @Test func `a command has what it was given and nothing of the daemon's`() throws {
        let folder = try ScriptFolder()
        let script = """
            id -u; id -g; pwd; umask; cat; env | grep -v '^_=' | grep -v '^SHLVL' | grep -v '^PWD' | sort | tr '\\n' ' '
            echo; ls /proc/self/fd | tr '\\n' ' '
            echo; grep -h -e SigBlk -e SigIgn -e CapEff /proc/self/status
            cat /proc/self/oom_score_adj; cut -d' ' -f19,41 /proc/self/stat; ulimit -r; ulimit -n
            """
        #expect(OpenFiles.raiseLimit() ?? 0 >= 1024)
        let (result, _) = try folder.run(script, environment: ["TANDEM_PAIR": "edge"], input: Array("hello\n".utf8))
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "65534", "65534", "/", "0022", "hello",
                "HOME=/nonexistent LANG=C.UTF-8 LOGNAME=nobody PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
                    + "/sbin:/bin TANDEM_PAIR=edge USER=nobody ",
                "0 1 2 3 ", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "CapEff:\t0000000000000000", "0",
                "0 0", "0", "1024",
            ])
    }

    @Test func `a command of a thread in a hurry is in none`() throws {
        let folder = try ScriptFolder()
        let outcome = Outcome()
        let path = try folder.write("cut -d' ' -f19,41 /proc/self/stat")
        let isPrompt = try OSThread.start(name: "hurry", priority: 10) {
            guard
                let command = try? RunningCommand(Command([path], user: "nobody", limit: .seconds(5)), now: Clock.now())
            else { return outcome.set(nil) }
            outcome.set(ScriptFolder.end(of: command))
        }
        try #require(isPrompt)
        let result = try #require(outcome.wait())
        #expect(String(decoding: result.output, as: UTF8.self) == "0 0\n")
    }

    @Test func `what cannot begin is said with its reason`() throws {
        let folder = try ScriptFolder()
        let script = try folder.write("exit 0")
        func problem(_ path: String, user: String = "nobody") -> CommandProblem? {
            do throws(CommandProblem) {
                _ = try RunningCommand(Command([path], user: user, limit: .seconds(1)), now: Clock.now())
                return nil
            } catch {
                return error
            }
        }
        #expect(
            problem(script, user: "nobdy")?.description
                == "there is no user nobdy in /etc/passwd: make it or name another one")
        #expect(problem(folder.path + "/absent") == .program(folder.path + "/absent", user: "nobody", ENOENT))
        #expect(problem(folder.path) == .program(folder.path, user: "nobody", EACCES))
        chmod(script, 0o644)
        #expect(problem(script)?.description == "user nobody may not execute \(script)")
        let blank = try folder.write("exit 0", first: "")
        #expect(problem(blank) == .program(blank, user: "nobody", ENOEXEC))
        let orphaned = try folder.write("exit 0", first: "#!/no/such/shell\n")
        #expect(problem(orphaned) == .program(orphaned, user: "nobody", ENOENT))
        #expect(folder.isSwept())
    }

    @Test func `a script that is removed while it runs ends as it would, and then is not there`() throws {
        let folder = try ScriptFolder()
        let path = try folder.write("SLEEPER 0.5; exit 0")
        let command = Command([path], user: "nobody", limit: .seconds(5))
        let running = try RunningCommand(command, now: Clock.now())
        #expect(folder.eventually { folder.hasSleeper })
        unlink(path)
        #expect(ScriptFolder.end(of: running).isSuccess)
        #expect(throws: CommandProblem.program(path, user: "nobody", ENOENT)) {
            _ = try RunningCommand(command, now: Clock.now())
        }
    }

    @Test func `a command that is let go of is gone`() throws {
        let folder = try ScriptFolder()
        let path = try folder.write("SLEEPER 1000 & SLEEPER 1000")
        do {
            let running = try RunningCommand(Command([path], user: "nobody", limit: .seconds(60)), now: Clock.now())
            #expect(folder.eventually { folder.hasSleeper })
            _ = running
        }
        #expect(folder.isSwept())
    }
}
