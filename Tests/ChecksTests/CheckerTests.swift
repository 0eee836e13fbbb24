import Addresses
import Agreement
import Checks
import NIOCore
import NIOPosix
import Settings
import Synchronization
import Testing

/// A checker, and its verdicts as they come.
struct Watch {
    let checker: Checker
    private let changes: AsyncStream<VerdictChange>

    init(
        on loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next(), inFlight: Int = 100,
        scripts: Scripts = Scripts(), now: @escaping @Sendable () -> Instant = Watch.now
    ) {
        let (changes, continuation) = AsyncStream.makeStream(of: VerdictChange.self)
        self.changes = changes
        checker = Checker(
            on: loop, inFlight: inFlight, scripts: scripts, now: now,
            onVerdicts: { changes in changes.forEach { continuation.yield($0) } })
    }

    /// The next changes, waiting so long for all of them.
    func next(_ count: Int = 1, within patience: Duration = .seconds(25)) async -> [VerdictChange] {
        let changes = changes
        let collecting = Task {
            var collected: [VerdictChange] = []
            for await change in changes {
                collected.append(change)
                if collected.count == count { break }
            }
            return collected
        }
        let alarm = Task {
            try await Task.sleep(for: patience)
            collecting.cancel()
        }
        defer { alarm.cancel() }
        return await collecting.value
    }

    /// What is known of a server once it has been looked at, within some seconds.
    func look(at probe: ProbeSettings) async throws -> CheckView? {
        checker.adopt([probe])
        for _ in 0..<1500 {
            try await Task.sleep(for: .milliseconds(20))
            let view = try await checker.snapshot()[probe.server]
            if view?.newest != nil { return view }
        }
        return nil
    }

    @Sendable static func now() -> Instant {
        Instant(nanoseconds: NIODeadline.now().uptimeNanoseconds)
    }
}

extension ProbeSettings {
    /// A quick probe.
    init(
        _ target: Endpoint, _ kind: CheckSettings.Kind = .tcp, service: String = "web", interval: Int = 200,
        timeout: Int = 150, rise: Int = 2, fall: Int = 2
    ) {
        self.init(
            server: ServerKey(service: service, server: target), target: target,
            check: CheckSettings(
                kind: kind, interval: .milliseconds(interval), timeout: .milliseconds(timeout), rise: rise, fall: fall))
    }
}

struct CheckerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var behaviour: TestServer.Behaviour
        var verdicts: [Verdict]

        var body: String?

        init(_ name: String, _ behaviour: TestServer.Behaviour, _ verdicts: Verdict..., body: String? = nil) {
            testDescription = name
            self.body = body
            self.behaviour = behaviour
            self.verdicts = verdicts
        }
    }

    @Test(arguments: [
        Case("200", .says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), .up),
        Case("200 and open", .keeps("HTTP/1.1 200 OK\r\n\r\n"), .up),
        Case("200 byte by byte", .trickles("HTTP/1.1 200 OK\r\n\r\n"), .up),
        Case("200 and an endless body", .floods("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 9000)), .up),
        Case("200 and a right body", .says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), .up, body: "ok"),
        Case(
            "200 and a wrong body", .keeps("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"),
            .down(.body(.withoutText)), body: "ok"),
        Case(
            "200 and a gigabyte", .floods("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 9000)),
            .down(.body(.tooLong(65_536))), body: "ok"),
        Case("503", .says("HTTP/1.1 503 Busy\r\n\r\n"), .down(.status(503))),
        Case("garbage", .says("220 smtp.example ESMTP\r\n"), .down(.malformed)),
        Case("silent", .silent, .down(.answerTimeout)),
        Case(
            "too slow", .trickles("HTTP/1.1 200 OK\r\nServer: \(String(repeating: "x", count: 100))"),
            .down(.answerTimeout)),
        Case("closes", .closes, .down(.closed), .down(.reset)),
        Case("closes within the header", .says("HTTP/1.1 200 OK\r\nA: b\r\n"), .down(.closed)),
        Case("resets", .resets, .down(.reset)),
        Case("endless garbage", .floods("garbage"), .down(.malformed)),
        Case(
            "endless header", .floods(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 50)),
            .down(.oversized(16_384))),
    ])
    func `judges an HTTP server`(server: Case) async throws {
        let watch = Watch()
        let live = try await TestServer(server.behaviour)
        let body = BodyCheck(text: server.body.map { Pattern(Array($0.utf8)) })
        watch.checker.adopt([
            ProbeSettings(
                live.endpoint, .http(HTTPCheck(path: "/healthz", body: body)), interval: 30_000,
                timeout: server.verdicts == [.down(.answerTimeout)] ? 3000 : 20_000)
        ])
        let changes = await watch.next()
        #expect(server.verdicts.contains { $0 == changes.first?.verdict }, "\(changes)")
        #expect(changes.first?.previous == nil)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `judges who accepts and who refuses connections`() async throws {
        let watch = Watch()
        let live = try await TestServer(.silent)
        let dead = try await TestServer.closedPort()
        watch.checker.adopt([ProbeSettings(live.endpoint), ProbeSettings(dead)])
        let changes = await watch.next(2)
        #expect(changes.first { $0.server.server == live.endpoint }?.verdict == .up)
        #expect(changes.first { $0.server.server == dead }?.verdict == .down(.refused))
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `is gone before the server's program learns of a plain connect`() async throws {
        let watch = Watch()
        let live = try await TestServer(.silent)
        let probes = (0..<40).map { ProbeSettings(live.endpoint, service: "\($0)", interval: 3000 + $0) }
        watch.checker.adopt(probes)
        #expect(await watch.next(40).map(\.verdict) == Array(repeating: .up, count: 40))
        try await Task.sleep(for: .milliseconds(250))
        // On a machine that stands still for 200 ms the kernel ends some handshakes.
        #expect(live.connections < 20)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `says no connection in time of an address that swallows everything`() async throws {
        let watch = Watch()
        let backlog = try await FullBacklog()
        watch.checker.adopt([ProbeSettings(backlog.endpoint)])
        #expect(await watch.next().map(\.verdict) == [.down(.connectTimeout)])
        watch.checker.stop()
        try await backlog.stop()
    }

    @Test func `waits for a server that is slow to accept`() async throws {
        let watch = Watch()
        let backlog = try await FullBacklog()
        watch.checker.adopt([ProbeSettings(backlog.endpoint, interval: 30_000, timeout: 20_000)])
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await watch.checker.snapshot().values.allSatisfy { $0.newest == nil })
        try await backlog.drain()
        // The kernel asks for the connection again after a second.
        #expect(await watch.next().map(\.verdict) == [.up])
        watch.checker.stop()
        try await backlog.stop()
    }

    @Test func `brings hundreds of connects to their end at once`() async throws {
        let watch = Watch(inFlight: 1000)
        let live = try await TestServer(.silent)
        let dead = try await TestServer.closedPort()
        // Their intervals differ, so that each of them runs.
        let probes = (0..<300).map { number in
            ProbeSettings(
                number % 2 == 0 ? live.endpoint : dead, service: "\(number)", interval: 3000 + number, timeout: 2900)
        }
        watch.checker.adopt(probes)
        let changes = await watch.next(300)
        #expect(changes.count == 300)
        for change in changes {
            #expect(change.verdict == (change.server.server == dead ? .down(.refused) : .up), "\(change.server)")
        }
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `follows a server down and up again`() async throws {
        let watch = Watch()
        let first = try await TestServer(.silent)
        watch.checker.adopt([ProbeSettings(first.endpoint)])
        #expect(await watch.next().map(\.verdict) == [.up])
        try await first.stop()
        #expect(await watch.next().map(\.verdict) == [.down(.refused)])
        let second = try await TestServer(.silent, port: Int(first.endpoint.port))
        let back = await watch.next()
        #expect(back.map(\.verdict) == [.up])
        #expect(back.map(\.previous) == [.down(.refused)])
        watch.checker.stop()
        try await second.stop()
    }

    @Test func `decides fast after a first failure`() async throws {
        let watch = Watch()
        let live = try await TestServer(.silent)
        // Six failures one interval apart would take longer than the watch waits.
        var probe = ProbeSettings(live.endpoint, interval: 6000, timeout: 200, fall: 6)
        probe.check.fastInterval = .milliseconds(200)
        watch.checker.adopt([probe])
        #expect(await watch.next().map(\.verdict) == [.up])
        try await live.stop()
        #expect(await watch.next().map(\.verdict) == [.down(.refused)])
        watch.checker.stop()
    }

    @Test func `leaves a server that is down alone for longer`() async throws {
        let watch = Watch()
        var probe = ProbeSettings(try await TestServer.closedPort(), interval: 100, timeout: 100)
        probe.check.downInterval = .seconds(3600)
        watch.checker.adopt([probe])
        #expect(await watch.next().map(\.verdict) == [.down(.refused)])
        try await Task.sleep(for: .milliseconds(600))
        #expect(try await watch.checker.load().begun == 1)
        watch.checker.stop()
    }

    @Test func `asks once for services that ask the same`() async throws {
        let watch = Watch()
        let live = try await TestServer(.says("HTTP/1.1 200 OK\r\n\r\n"))
        func probe(_ service: String) -> ProbeSettings {
            // The next round is an hour away, however long the test waits for a processor.
            ProbeSettings(live.endpoint, .http(HTTPCheck()), service: service, interval: 3_600_000, timeout: 1000)
        }
        let probes = ["a", "b", "c"].map(probe)
        watch.checker.adopt(probes)
        let changes = await watch.next(3)
        #expect(Set(changes.map(\.server)) == Set(probes.map(\.server)))
        #expect(try await live.settledConnections() == 1)
        let late = probe("d")
        watch.checker.adopt(probes + [late])
        #expect(await watch.next().map(\.server) == [late.server])
        #expect(try await live.settledConnections() == 1)
        #expect(try await watch.checker.snapshot().count == 4)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `keeps a verdict over a change of the check until the new one decides`() async throws {
        let watch = Watch()
        let live = try await TestServer(.says("HTTP/1.1 503 Busy\r\n\r\n"))
        watch.checker.adopt([ProbeSettings(live.endpoint, .tcp)])
        #expect(await watch.next().map(\.verdict) == [.up])
        watch.checker.adopt([ProbeSettings(live.endpoint, .http(HTTPCheck()), interval: 2500, timeout: 2400)])
        let kept = try await watch.checker.snapshot().values.first
        #expect(kept?.view?.verdict == .up)
        #expect(await watch.next().map(\.verdict) == [.down(.status(503))])
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `says nothing of a server whose check is taken away`() async throws {
        let watch = Watch()
        let nobody = try await TestServer.closedPort()
        watch.checker.adopt([ProbeSettings(nobody, .tcp)])
        #expect(await watch.next().map(\.verdict) == [.down(.refused)])
        watch.checker.adopt([ProbeSettings(nobody, CheckSettings.Kind.none)])
        #expect(try await watch.checker.snapshot().isEmpty)
        watch.checker.stop()
    }

    @Test func `leaves servers alone that are no longer wanted`() async throws {
        let watch = Watch()
        let live = try await TestServer(.says("HTTP/1.1 200 OK\r\n\r\n"))
        watch.checker.adopt([ProbeSettings(live.endpoint, .http(HTTPCheck()))])
        _ = await watch.next()
        watch.checker.adopt([])
        #expect(try await watch.checker.snapshot().isEmpty)
        let before = try await live.settledConnections()
        try await Task.sleep(for: .milliseconds(450))
        #expect(live.connections == before)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `runs no more probes at once than it may`() async throws {
        let watch = Watch(inFlight: 3)
        let live = try await TestServer(.silent)
        let probes = (0..<80).map { number in
            ProbeSettings(live.endpoint, .http(HTTPCheck(path: "/\(number)")), service: "\(number)", timeout: 50)
        }
        watch.checker.adopt(probes)
        let changes = await watch.next(80)
        #expect(changes.count == 80)
        // A server learns later than the checker that a probe is over, on a busy machine much later; unbounded, all 80
        // would be there together.
        #expect(live.mostAtOnce < 50)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `begins what is due in one moment bit by bit, and all of it`() async throws {
        let isLater = Atomic(false)
        let watch = Watch(inFlight: 1000) {
            Watch.now() + .seconds(isLater.load(ordering: .relaxed) ? 20 : 0)
        }
        let live = try await TestServer(.silent)
        // Each asks something else, or they would be one.
        let probes = (0..<600).map { number in
            ProbeSettings(live.endpoint, service: "\(number)", interval: 60_000, timeout: 3000 + number)
        }
        watch.checker.adopt(probes)
        #expect(try await watch.checker.load().probes == 600)
        isLater.store(true, ordering: .relaxed)
        let changes = await watch.next(600)
        #expect(changes.count == 600 && changes.allSatisfy { $0.verdict == .up })
        #expect(try await watch.checker.load().waiting == 0)
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `says how long probes had to wait for others to end`() async throws {
        let watch = Watch(inFlight: 1)
        let live = try await TestServer(.silent)
        let probes = (0..<4).map { number in
            ProbeSettings(
                live.endpoint, .http(HTTPCheck(path: "/\(number)")), service: "\(number)", interval: 60_000,
                timeout: 100)
        }
        watch.checker.adopt(probes)
        _ = await watch.next(4)
        let load = try await watch.checker.load()
        #expect(load.probes == 4 && load.begun == 4 && load.running == 0 && load.waiting == 0)
        // The last of them ran after three times the timeout.
        #expect(load.delay.ofMinute > .milliseconds(250))
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `shows that it moves on`() async throws {
        let watch = Watch()
        let start = Watch.now()
        watch.checker.adopt([])
        var isLate = false
        // A busy machine may come late, but it comes.
        while watch.checker.progress < start + .milliseconds(900), !isLate {
            try await Task.sleep(for: .milliseconds(50))
            isLate = Watch.now() > start + .seconds(30)
        }
        #expect(!isLate)
        watch.checker.stop()
    }
}

/// A listener whose backlog is full, so that the kernel drops every further SYN.
struct FullBacklog {
    private let listener: any Channel
    private let fillers: [any Channel]
    let endpoint: Endpoint

    init() async throws {
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1)
            .serverChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(listener.localAddress?.port ?? 0)
        endpoint = Endpoint(address: .v4(IPv4Address(number: 0x7F00_0001)), port: port)
        var fillers: [any Channel] = []
        for _ in 0..<4 {
            let filler = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.milliseconds(200))
                .connect(host: "127.0.0.1", port: Int(port)).get()
            if let filler { fillers.append(filler) }
        }
        self.fillers = fillers
    }

    /// Accepts from now on.
    func drain() async throws {
        try await listener.setOption(.autoRead, value: true).get()
        listener.read()
    }

    func stop() async throws {
        for filler in fillers { try? await filler.close() }
        try await listener.close()
    }
}
