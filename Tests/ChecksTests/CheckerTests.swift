import Addresses
import Agreement
import Checks
import NIOCore
import NIOPosix
import Settings
import Testing

/// A checker, and its verdicts as they come.
struct Watch {
    let checker: Checker
    private let changes: AsyncStream<VerdictChange>

    init(inFlight: Int = 100) {
        let (changes, continuation) = AsyncStream.makeStream(of: VerdictChange.self)
        self.changes = changes
        checker = Checker(
            on: MultiThreadedEventLoopGroup.singleton.next(), inFlight: inFlight, now: Watch.now,
            onVerdict: { continuation.yield($0) })
    }

    /// The next changes, waiting up to 5 s for all of them.
    func next(_ count: Int = 1) async -> [VerdictChange] {
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
            try await Task.sleep(for: .seconds(5))
            collecting.cancel()
        }
        defer { alarm.cancel() }
        return await collecting.value
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

        init(_ name: String, _ behaviour: TestServer.Behaviour, _ verdicts: Verdict...) {
            testDescription = name
            self.behaviour = behaviour
            self.verdicts = verdicts
        }
    }

    @Test(arguments: [
        Case("200", .says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), .up),
        Case("200 and open", .keeps("HTTP/1.1 200 OK\r\n\r\n"), .up),
        Case("200 byte by byte", .trickles("HTTP/1.1 200 OK\r\n\r\n"), .up),
        Case("200 and an endless body", .floods("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 9000)), .up),
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
        watch.checker.adopt([
            ProbeSettings(live.endpoint, .http(HTTPCheck(path: "/healthz")), interval: 1000, timeout: 800)
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

    @Test func `says no connection in time of an address that swallows everything`() async throws {
        let watch = Watch()
        let backlog = try await FullBacklog()
        watch.checker.adopt([ProbeSettings(backlog.endpoint)])
        #expect(await watch.next().map(\.verdict) == [.down(.connectTimeout)])
        watch.checker.stop()
        try await backlog.stop()
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

    @Test func `asks once for services that ask the same`() async throws {
        let watch = Watch()
        let live = try await TestServer(.silent)
        let probes = ["a", "b", "c"].map { ProbeSettings(live.endpoint, service: $0, interval: 5000, timeout: 1000) }
        watch.checker.adopt(probes)
        let changes = await watch.next(3)
        #expect(Set(changes.map(\.server)) == Set(probes.map(\.server)))
        #expect(try await live.settledConnections() == 1)
        let late = ProbeSettings(live.endpoint, service: "d", interval: 5000, timeout: 1000)
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
        watch.checker.adopt([ProbeSettings(live.endpoint, .http(HTTPCheck()), interval: 700, timeout: 650)])
        let kept = try await watch.checker.snapshot().values.first
        #expect(kept?.view?.verdict == .up)
        #expect(await watch.next().map(\.verdict) == [.down(.status(503))])
        watch.checker.stop()
        try await live.stop()
    }

    @Test func `calls a server without a check up at once`() async throws {
        let watch = Watch()
        let nobody = try await TestServer.closedPort()
        watch.checker.adopt([ProbeSettings(nobody, .tcp)])
        #expect(await watch.next().map(\.verdict) == [.down(.refused)])
        watch.checker.adopt([ProbeSettings(nobody, CheckSettings.Kind.none)])
        #expect(await watch.next().map(\.verdict) == [.up])
        watch.checker.stop()
    }

    @Test func `leaves servers alone that are no longer wanted`() async throws {
        let watch = Watch()
        let live = try await TestServer(.silent)
        watch.checker.adopt([ProbeSettings(live.endpoint)])
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

    @Test func `shows that it moves on`() async throws {
        let watch = Watch()
        let start = Watch.now()
        watch.checker.adopt([])
        try await Task.sleep(for: .milliseconds(1100))
        #expect(watch.checker.progress >= start + .milliseconds(900))
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

    func stop() async throws {
        for filler in fillers { try? await filler.close() }
        try await listener.close()
    }
}
