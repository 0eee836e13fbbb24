import Control
import NIOCore
import Testing

@Suite(.serialized)
struct ControlServerTests {
    @Test func `answers with the status`() async throws {
        try await withServer { client, _ in
            let status = try await client.status()
            #expect(status == .sample)
        }
    }

    @Test func `answers with both tables`() async throws {
        try await withServer { client, _ in
            let tables = try await client.tables()
            #expect(tables == TableReport(desired: "-A -t 192.0.2.10:80 -s wlc\n", kernel: nil))
        }
    }

    @Test func `answers with as many differences as were asked for`() async throws {
        try await withServer { client, _ in
            let report = try await client.diff(limit: 3)
            #expect(report.subjects[0].entries.count == 3)
            let error = await #expect(throws: ControlClientError.self) { try await client.diff(limit: 1001) }
            if case .refused? = error?.kind {} else { Issue.record("\(String(describing: error))") }
        }
    }

    @Test func `passes a handover on and a refusal back`() async throws {
        try await withServer { client, _ in
            let report = try await client.handover(HandoverRequest(group: "web"))
            #expect(report == HandoverReport(groups: ["web"], to: "lb2"))
            let error = await #expect(throws: ControlClientError.self) {
                try await client.handover(HandoverRequest(group: "mail"))
            }
            #expect(error?.kind == .refused("there is no group mail"))
        }
    }

    @Test func `passes a change of keys on and a refusal back`() async throws {
        try await withServer { client, _ in
            let (keys, changed) = (try await client.keys(), try await client.changeKeys(KeyOrder(task: .add)))
            #expect(keys == .sample && changed == .sample)
            let error = await #expect(throws: ControlClientError.self) {
                try await client.changeKeys(KeyOrder(task: .retire, key: "1"))
            }
            #expect(error?.kind == .refused("key 1 is sent with"))
        }
    }

    @Test func `passes each wish on, with the uid of who asks`() async throws {
        try await withServer { client, _ in
            let standby = try await client.wish(.standby(StandbyRequest(node: "lb2", reason: "new fan")))
            #expect(standby == WishReport(wish: "standby", director: "lb2"))
            #expect(try await client.wish(.online(StandbyRequest())).wish == "online")
            #expect(try await client.wish(.pause(PauseRequest(seconds: 60))).until == 1_700_000_060)
            #expect(try await client.wish(.resume(PauseRequest())).warnings == ["uid \(Files.ownUID)"])
        }
    }

    @Test func `gives events in pages and waits for the next`() async throws {
        try await withServer { client, events in
            for number in 1...3 { events.append(Event(time: 0, monotonic: 0, kind: .role, message: "\(number)")) }
            let page = try await client.events(after: 1, limit: 1)
            #expect(page.events.map(\.message) == ["2"])
            async let next = client.events(after: 3, limit: 10, wait: 30)
            try await Task.sleep(for: .milliseconds(50))
            events.append(Event(time: 0, monotonic: 0, kind: .peer, message: "4"))
            #expect(try await next.events.map(\.message) == ["4"])
        }
    }

    struct BadRequest: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: String
        var code: String
        var sentence: String

        init(_ name: String, _ bytes: String, _ code: String, _ sentence: String = "") {
            testDescription = name
            self.bytes = bytes
            self.code = code
            self.sentence = sentence
        }
    }

    private static let post = "POST /v1/handover HTTP/1.1\r\nHost: x\r\n"

    @Test(arguments: [
        BadRequest("a path", "GET /v1/x HTTP/1.1\r\nHost: x\r\n\r\n", "404", "there is no GET /v1/x in this API"),
        BadRequest("a verb", "PUT /v1/status HTTP/1.1\r\nHost: x\r\n\r\n", "404", "there is no PUT /v1/status"),
        BadRequest("after", "GET /v1/events?after=-1 HTTP/1.1\r\nHost: x\r\n\r\n", "400", "after=-1 is not a number"),
        BadRequest("limit", "GET /v1/events?limit=1001 HTTP/1.1\r\nHost: x\r\n\r\n", "400", "from 1 to 1000"),
        BadRequest("a list", post + "Content-Length: 2\r\n\r\n[]", "400", "is not its JSON"),
        BadRequest("a half", post + "Content-Length: 3\r\n\r\n{\"g", "400", "is not its JSON"),
        BadRequest(
            "a long body", post + "Content-Length: 5000\r\n\r\n" + String(repeating: " ", count: 5000), "400",
            "longer than 4096 bytes"),
        BadRequest(
            "no number of seconds",
            "POST /v1/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n{\"seconds\": \"1h\"}", "400",
            "is not its JSON"),
        BadRequest("garbage", "\u{1}garbage\r\n\r\n", "400"),
        BadRequest("a long header", "GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n", "400"),
    ])
    func `answers a bad request with a sentence`(request: BadRequest) async throws {
        try await withServer { client, _ in
            let answer = try await RawClient.ask(client.path, request.bytes)
            #expect(answer.hasPrefix("HTTP/1.1 \(request.code) "), "\(answer)")
            #expect(answer.contains(request.sentence))
            let status = try await client.status()
            #expect(status == .sample)
        }
    }

    @Test func `is reached by its group only, and takes its socket with it`() async throws {
        let path = try await withServer { client, _ in
            let mode = try Files.mode(of: client.path)
            #expect(mode == 0o660)
            return client.path
        }
        #expect(!Files.exists(path))
    }

    @Test func `does not let a waiting reader hold up the end`() async throws {
        let clock = ContinuousClock()
        let (start, waiting) = try await withServer { client, _ in
            let waiting = Task { try await client.events(after: 0, limit: 1, wait: 30) }
            try await Task.sleep(for: .milliseconds(100))
            return (clock.now, waiting)
        }
        #expect(clock.now - start < .seconds(5))
        switch await waiting.result {
        case .success(let page): #expect(page.events.isEmpty)
        // On a busy machine the request may come too late to be taken.
        case .failure(let error): #expect((error as? ControlClientError)?.kind == .interrupted)
        }
    }

    @Test func `sends clients away that dawdle`() async throws {
        try await withServer(limits: ControlServer.Limits(patience: .milliseconds(700))) { client, _ in
            let clock = ContinuousClock()
            let took = try await clock.measure { try await RawClient.dawdle(client.path) }
            #expect(took > .milliseconds(600) && took < .seconds(30))
            let status = try await client.status()
            #expect(status == .sample)
        }
    }

    @Test func `lets clients wait while too many are connected`() async throws {
        let limits = ControlServer.Limits(connections: 2, patience: .milliseconds(900))
        try await withServer(limits: limits) { client, _ in
            let path = client.path
            async let first: Void = RawClient.dawdle(path)
            async let second: Void = RawClient.dawdle(path)
            try await Task.sleep(for: .milliseconds(50))
            let status = try await client.status()
            #expect(status == .sample)
            _ = try await (first, second)
        }
    }

    @Test func `names the daemon that answers already`() async throws {
        try await withServer { client, events in
            let problem = await #expect(throws: SocketProblem.self) { try await sampleServer(at: client.path).run() }
            #expect(problem?.kind == .busy(pid: Files.ownPID))
            let status = try await client.status()
            #expect(status == .sample)
        }
    }

    @Test func `takes the place of a socket that nobody answers on`() async throws {
        let path = try Files.path()
        try Files.leaveSocket(at: path)
        try await withServer(path) { client, _ in
            let status = try await client.status()
            #expect(status == .sample)
        }
    }

    @Test func `leaves what is not a socket alone`() async throws {
        let path = try Files.path()
        try Files.write("precious", to: path)
        let problem = await #expect(throws: SocketProblem.self) {
            try await sampleServer(at: path).run()
        }
        #expect(problem?.kind == .occupied)
        #expect(Files.exists(path))
    }

    @Test(arguments: ["", String(repeating: "x", count: 108)])
    func `refuses a path that no socket can have`(path: String) async throws {
        await #expect(throws: SocketProblem.self) { try await sampleServer(at: path).run() }
    }
}
