import Addresses
import Drills
import Synchronization
import Testing

/// A server's port as soon as it has one, and whether it shall end.
private final class ServerLife: Sendable {
    private let port = Mutex<UInt16>(0)
    private let isOver = Mutex(false)

    func end() { isOver.withLock { $0 = true } }

    func live(on endpoint: Endpoint) throws {
        var server = try EchoServer(endpoints: [endpoint])
        port.withLock { $0 = server.ports[0] }
        server.run { isOver.withLock { $0 } }
    }

    func awaitPort() async throws -> UInt16 {
        while true {
            let port = port.withLock { $0 }
            if port != 0 { return port }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

@Suite(.serialized) struct LoadTests {
    private static let local = Endpoint(address: .v4(IPv4Address(number: 0x7F00_0001)), port: 0)

    /// Runs a load against a server on loopback; `moments` hears what the load announces and may end the server.
    private func run(_ moments: (Load.Moment, ServerLife) -> Void) async throws -> LoadReport {
        let life = ServerLife()
        let server = Task.detached { try life.live(on: Self.local) }
        defer { life.end() }
        var settings = LoadSettings(targets: [Endpoint(address: Self.local.address, port: try await life.awaitPort())])
        settings.connections = 10
        settings.idle = 5
        settings.before = .milliseconds(200)
        settings.after = .milliseconds(300)
        settings.patience = .seconds(2)
        var load = try Load(settings)
        let report = try load.run { moments($0, life) }
        life.end()
        try await server.value
        return report
    }

    @Test func `a server that echoes leaves nothing to report`() async throws {
        var moments: [Load.Moment] = []
        let report = try await run { moment, _ in moments.append(moment) }
        #expect(moments == [.ready, .now])
        #expect(report.broken == 0)
        #expect(report.wrong == 0)
        #expect(report.idle == 5)
        #expect(report.idleAnswered == 5)
        #expect(report.newConnections > 5)
        #expect(report.failedNew == 0)
        #expect(report.reasons.isEmpty)
    }

    @Test func `a server that dies breaks every connection`() async throws {
        let report = try await run { moment, server in if moment == .now { server.end() } }
        #expect(report.broken == 10)
        #expect(report.idleAnswered == 0)
        #expect(report.failedNew > 0)
        #expect(!report.reasons.isEmpty)
    }

    @Test func `without a server a load does not begin`() throws {
        let free = try EchoServer(endpoints: [Self.local]).ports[0]
        var settings = LoadSettings(targets: [Endpoint(address: Self.local.address, port: free)])
        settings.patience = .milliseconds(300)
        #expect(throws: DrillError.self) {
            var load = try Load(settings)
            _ = try load.run { _ in }
        }
    }
}
