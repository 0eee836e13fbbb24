import Addresses
import Agreement
import Checks
import Glibc
import Linux
import NIOPosix
import Settings
import Synchronization
import Testing

/// A folder of scripts that anybody may run, and write in.
final class CheckScripts {
    let path = "/tmp/tandem-checks-\(getpid())-\(UInt32.random(in: 0..<1_000_000))"

    init() {
        mkdir(path, 0o755)
        chmod(path, 0o777)
    }

    deinit { _ = system("rm -rf \(path)") }

    func write(_ script: String, mode: mode_t = 0o755) throws -> String {
        let name = "\(path)/script-\(UInt32.random(in: 0..<1_000_000))"
        try DurableFile.write(name, Array(("#!/bin/bash\n" + script + "\n").utf8))
        chmod(name, mode)
        return name
    }

    /// Anybody may read it.
    func put(_ text: String, in name: String) throws {
        try DurableFile.write("\(path)/\(name)", Array(text.utf8))
        chmod("\(path)/\(name)", 0o644)
    }

    func text(_ name: String) throws -> String? {
        try DurableFile.read("\(path)/\(name)", limit: 1 << 16).map { String(decoding: $0, as: UTF8.self) }
    }

    func lines(_ name: String) throws -> Int { try text(name)?.split(separator: "\n").count ?? 0 }
}

@Suite(.serialized, .enabled(if: geteuid() == 0, "needs root to become another user"))
struct ScriptCheckTests {
    static let server = Endpoint(address: .v4(IPv4Address(number: 0x0A01_0015)), port: 80)
    static let listen = Listen.endpoint(
        .tcp, Endpoint(address: .v4(IPv4Address(number: 0xC000_020A)), port: 8080))

    static func probe(
        _ check: ScriptCheck, _ service: String = "shop", interval: Int = 30_000, timeout: Int = 15_000
    ) -> ProbeSettings {
        var probe = ProbeSettings(server, .script(check), service: service, interval: interval, timeout: timeout)
        probe.subject = ScriptSubject(service: service, listen: listen, target: server)
        return probe
    }

    @Test(arguments: [
        ("exit 0", Verdict.up),
        ("exit 1", .down(.script(.exited(1)))),
        ("exit 2", .down(.script(.exited(2)))),
        ("kill -9 $$", .down(.script(.killed(9)))),
        ("exec yes", .down(.script(.flooded))),
        // A child that outlives it does not make it last.
        ("sleep 1000 & exit 0", .up),
        ("/nowhere/program", .down(.script(.exited(127)))),
    ])
    func `a script's end is a verdict`(script: String, verdict: Verdict) async throws {
        let folder = CheckScripts()
        let watch = Watch()
        watch.checker.adopt([Self.probe(ScriptCheck(words: [try folder.write(script)]))])
        #expect(await watch.next().map(\.verdict) == [verdict])
        watch.checker.stop()
    }

    @Test(arguments: ["sleep 1000", "trap '' TERM; while :; do sleep 0.05; done"])
    func `a script that hangs is ended`(script: String) async throws {
        let folder = CheckScripts()
        let watch = Watch()
        let start = Watch.now()
        watch.checker.adopt([
            Self.probe(ScriptCheck(words: [try folder.write("echo $$ > \(folder.path)/pid; \(script)")]), timeout: 700)
        ])
        #expect(await watch.next().map(\.verdict) == [.down(.script(.late))])
        #expect(Watch.now() - start >= .milliseconds(700))
        let pid = try #require(pid_t(try folder.text("pid")?.split(separator: "\n").first ?? ""))
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
        watch.checker.stop()
    }

    @Test func `a dynamic script says a weight, and 0 leaves it`() async throws {
        let folder = CheckScripts()
        let script = try folder.write("exit $(cat \(folder.path)/code)")
        try folder.put("42", in: "code")
        let watch = AgentWatch()
        var probe = Self.probe(ScriptCheck(words: [script], isDynamic: true), interval: 1000, timeout: 1000)
        (probe.check.rise, probe.check.fall) = (1, 1)
        watch.checker.adopt([probe])
        #expect(try await watch.changes(1).map(\.advice) == [Advice(fixed: 40)])
        #expect(try await watch.checker.snapshot()[probe.server]?.view?.verdict == .up)
        try folder.put("1", in: "code")
        #expect(try await watch.view(of: probe, once: .fail(.script(.exited(1))))?.advice == Advice(fixed: 40))
        try folder.put("0", in: "code")
        #expect(try await watch.view(of: probe, once: .pass)?.advice == Advice(fixed: 40))
        // One that is not asked for weights any more says none.
        probe.check.kind = .script(ScriptCheck(words: [script]))
        watch.checker.adopt([probe])
        #expect(try await watch.changes(2).map(\.advice) == [Advice(fixed: 40), Advice()])
        watch.checker.stop()
    }

    @Test func `one that cannot run says nothing about the server`() async throws {
        let folder = CheckScripts()
        let good = try folder.write("exit 1")
        let cases: [(ScriptCheck, ScriptFailure.Obstacle)] = [
            (ScriptCheck(words: [folder.path + "/absent"]), .program(ENOENT)),
            (ScriptCheck(words: [try folder.write("exit 1", mode: 0o644)]), .program(EACCES)),
            (ScriptCheck(words: [try folder.write("exit 1", mode: 0o700)]), .program(EACCES)),
            (ScriptCheck(words: [good], user: "tandem-nobody-has-this-name"), .noUser),
            (ScriptCheck(words: [folder.path]), .program(EACCES)),
        ]
        for (check, obstacle) in cases {
            let watch = Watch()
            let probe = Self.probe(check)
            let view = try await watch.look(at: probe)
            #expect(view?.newest == .fail(.script(.notRun(obstacle))), "\(check)")
            #expect(view?.view == nil)
            watch.checker.stop()
        }
    }

    @Test func `a script is told what it looks at, as nobody`() async throws {
        let folder = CheckScripts()
        let script = try folder.write("{ echo \"$@\"; id -un; env | grep TANDEM_ | sort; } > \(folder.path)/told")
        let watch = Watch(scripts: Scripts(environment: ["TANDEM_PAIR": "edge"]))
        watch.checker.adopt([Self.probe(ScriptCheck(words: [script, "--fast"], arguments: .ldirectord))])
        #expect(await watch.next().map(\.verdict) == [.up])
        #expect(
            try folder.text("told") == """
                --fast 192.0.2.10 8080 10.1.0.21 80
                nobody
                TANDEM_LISTEN=tcp://192.0.2.10:8080
                TANDEM_PAIR=edge
                TANDEM_SERVER_ADDRESS=10.1.0.21
                TANDEM_SERVER_PORT=80
                TANDEM_SERVICE=shop
                TANDEM_VIRTUAL_ADDRESS=192.0.2.10
                TANDEM_VIRTUAL_PORT=8080

                """)
        watch.checker.stop()
    }

    @Test func `those that wait for their turn do not fail for it, and keep no other check waiting`() async throws {
        let folder = CheckScripts()
        let script = try folder.write(
            "echo x >> \(folder.path)/all; touch \(folder.path)/run-$$; ls \(folder.path) | grep -c run- >> "
                + "\(folder.path)/beside; sleep 0.4; rm \(folder.path)/run-$$")
        let watch = Watch(inFlight: 1, scripts: Scripts(limit: 2))
        let live = try await TestServer(.silent)
        // Twelve of them, two at a time, take longer than any of them may.
        let probes = (0..<12).map { Self.probe(ScriptCheck(words: [script]), "\($0)", timeout: 2200) }
        watch.checker.adopt(probes + [ProbeSettings(live.endpoint)])
        let changes = await watch.next(13)
        #expect(changes.map(\.verdict) == Array(repeating: .up, count: 13))
        #expect(changes.last?.server.server != live.endpoint)
        #expect(try folder.lines("all") == 12)
        let beside = try #require(try folder.text("beside")).split(separator: "\n").compactMap { Int($0) }
        #expect(beside.count == 12 && beside.allSatisfy { $0 <= 2 })
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `each service's servers have scripts of their own`() async throws {
        let folder = CheckScripts()
        let script = try folder.write("[ $TANDEM_SERVICE = shop ]")
        let watch = Watch()
        watch.checker.adopt(["shop", "mail"].map { Self.probe(ScriptCheck(words: [script]), $0) })
        let changes = await watch.next(2)
        #expect(changes.first { $0.server.service == "shop" }?.verdict == .up)
        #expect(changes.first { $0.server.service == "mail" }?.verdict == .down(.script(.exited(1))))
        watch.checker.stop()
    }

    @Test func `the checker's end is the scripts' end`() async throws {
        let folder = CheckScripts()
        let watch = Watch()
        let script = try folder.write("echo $$ > \(folder.path)/pid; exec sleep 1000")
        watch.checker.adopt([Self.probe(ScriptCheck(words: [script]))])
        var pid: pid_t?
        for _ in 0..<200 where pid == nil {
            try await Task.sleep(for: .milliseconds(20))
            pid = pid_t(try folder.text("pid")?.split(separator: "\n").first ?? "")
        }
        watch.checker.stop()
        let own = try #require(pid)
        for _ in 0..<200 where kill(own, 0) == 0 {
            try await Task.sleep(for: .milliseconds(20))
            Children.sweep()
        }
        #expect(kill(own, 0) == -1 && errno == ESRCH)
    }
}

struct ScriptSubjectTests {
    @Test func `a mark stands in the place of an address`() {
        let target = Endpoint(address: .v4(IPv4Address(number: 0x0A01_0015)), port: 0)
        let marked = ScriptSubject(service: "web", listen: .mark(7, .v4), target: target)
        #expect(marked.words(.ldirectord) == ["7", "0", "10.1.0.21", "0"])
        #expect(marked.environment["TANDEM_LISTEN"] == "fwmark://7")
        #expect(marked.words(.none) == [])
    }
}
