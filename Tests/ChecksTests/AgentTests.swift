import Addresses
import Agreement
import Checks
import NIOPosix
import Settings
import Synchronization
import Testing

/// A checker, and what agents say as it comes.
struct AgentWatch {
    private final class Heard: Sendable {
        let changes = Mutex<[AdviceChange]>([])
    }

    let checker: Checker
    private let heard = Heard()

    init() {
        checker = Checker(
            on: MultiThreadedEventLoopGroup.singleton.next(), now: Watch.now,
            onAdvice: { [heard] changes in heard.changes.withLock { $0 += changes } }, onVerdicts: { _ in })
    }

    var changes: [AdviceChange] { heard.changes.withLock { $0 } }

    /// Once there are that many changes, within 5 s.
    func changes(_ count: Int) async throws -> [AdviceChange] {
        for _ in 0..<250 where changes.count < count { try await Task.sleep(for: .milliseconds(20)) }
        return changes
    }

    /// What is known of a server once the newest outcome of its check is this one, within 5 s.
    func view(of probe: ProbeSettings, once outcome: Outcome) async throws -> CheckView? {
        var view: CheckView?
        for _ in 0..<250 where view?.newest != outcome {
            try await Task.sleep(for: .milliseconds(20))
            view = try await checker.snapshot()[probe.server]
        }
        return view
    }

    /// What is known of an agent once its newest outcome is this one, within 5 s.
    func agent(of probe: ProbeSettings, once outcome: Outcome) async throws -> AgentView? {
        var view: AgentView?
        for _ in 0..<250 where view?.newest != outcome {
            try await Task.sleep(for: .milliseconds(20))
            view = try await checker.snapshot()[probe.server]?.agent
        }
        return view
    }
}

@Suite(.serialized) struct AgentTests {
    private static func probe(
        _ server: Endpoint, agent: Endpoint, service: String = "web", send: String = "", kind: CheckSettings.Kind = .tcp
    ) -> ProbeSettings {
        var probe = ProbeSettings(server, kind, service: service, interval: 2000, timeout: 1000)
        probe.check.agent = AgentSettings(
            port: agent.port, send: Array(send.utf8), interval: .milliseconds(150))
        return probe
    }

    @Test func `an agent's words add up, and stand while nobody answers`() async throws {
        let watch = AgentWatch()
        let server = try await TestServer(.silent)
        let first = try await TestServer(.greets("drain 50%\n"))
        let probe = Self.probe(server.endpoint, agent: first.endpoint)
        watch.checker.adopt([probe])
        let drained = Advice(percent: 50, mode: .drain)
        let change = try await watch.changes(1).first
        #expect(change?.server == probe.server && change?.advice == drained && change?.previous == Advice())
        try await first.stop()
        let silent = try await watch.agent(of: probe, once: .fail(.refused))
        #expect(silent?.advice == drained)
        let second = try await TestServer(.greets("ready\n"), port: Int(first.endpoint.port))
        let ready = Advice(percent: 50, mode: .ready)
        let later = try await watch.changes(2).last
        #expect(later?.advice == ready && later?.previous == drained)
        // The check beside it goes its own way.
        #expect(try await watch.checker.snapshot()[probe.server]?.view?.verdict == .up)
        watch.checker.stop()
        try await second.stop()
        try await server.stop()
    }

    @Test(arguments: [
        (TestServer.Behaviour.silent, CheckFailure.answerTimeout),
        (.closes, .closed),
        (.greets("HTTP/1.1 400 Bad Request\r\n"), .unexpected),
        (.floods("garbage without end"), .answerTimeout),
    ])
    func `an agent that says nothing of use changes nothing`(
        behaviour: TestServer.Behaviour, failure: CheckFailure
    ) async throws {
        let watch = AgentWatch()
        let server = try await TestServer(behaviour)
        let probe = Self.probe(server.endpoint, agent: server.endpoint, kind: .none)
        watch.checker.adopt([probe])
        let view = try await watch.agent(of: probe, once: .fail(failure))
        #expect(view?.advice == Advice() && view?.newest == .fail(failure))
        #expect(watch.changes == [])
        #expect(try await watch.checker.snapshot()[probe.server]?.advice == Advice())
        watch.checker.stop()
        try await server.stop()
    }

    @Test func `an agent that was asked floods a line without end`() async throws {
        let watch = AgentWatch()
        let server = try await TestServer(.floods(String(repeating: "x", count: 9000)))
        let probe = Self.probe(server.endpoint, agent: server.endpoint, send: "shop\n", kind: .none)
        watch.checker.adopt([probe])
        #expect(try await watch.agent(of: probe, once: .fail(.unexpectedWithin(1024))) != nil)
        watch.checker.stop()
        try await server.stop()
    }

    @Test func `services with the same agent hear it together, and one that leaves it is told so`() async throws {
        let watch = AgentWatch()
        let server = try await TestServer(.silent)
        let agent = try await TestServer(.keeps("maint\n"))
        let probes = ["web", "mail"].map {
            Self.probe(server.endpoint, agent: agent.endpoint, service: $0, send: "?\n")
        }
        watch.checker.adopt(probes)
        let out = Advice(mode: .maint)
        #expect(Set(try await watch.changes(2).map(\.server)) == Set(probes.map(\.server)))
        #expect(watch.changes.allSatisfy { $0.advice == out })
        // Another check beside it is no reason to forget; no agent is.
        var other = probes[0]
        other.check.rise = 9
        var without = probes[1]
        without.check.agent = nil
        watch.checker.adopt([other, without])
        let last = try await watch.changes(3).last
        #expect(last?.server == without.server && last?.advice == Advice() && last?.previous == out)
        #expect(try await watch.checker.snapshot()[other.server]?.agent?.advice == out)
        #expect(try await watch.checker.snapshot()[without.server]?.agent == nil)
        // What is asked in another way keeps its advice until it is answered.
        other.check.agent?.send = []
        watch.checker.adopt([other])
        #expect(try await watch.checker.snapshot()[other.server]?.agent?.advice == out)
        #expect(watch.changes.count == 3)
        watch.checker.stop()
        try await agent.stop()
        try await server.stop()
    }
}
