import Control
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Figures over the API's socket and over TCP.
@Suite(.serialized)
struct MetricsServerTests {
    private static let get = "GET /metrics HTTP/1.1\r\nHost: x\r\n"

    @Test func `the API's socket has them in either format, and the client prints them`() async throws {
        try await withServer { client, _ in
            #expect(try await client.metrics() == metricsGolden)
            let text = try await RawClient.ask(client.path, Self.get + "\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 ") && text.contains("version=0.0.4"), "\(text)")
            let accept =
                "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\nConnection: close\r\n\r\n"
            let open = try await RawClient.whole(client.path, Self.get + accept)
            #expect(open.contains("application/openmetrics-text") && open.contains("# EOF\n"))
        }
    }

    @Test func `over TCP there are the figures and nothing else`() async throws {
        try await withMetrics { port in
            let answer = try await RawClient.whole(port: port, Self.get + "Connection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("tandem_group_term{group=\"web\"} 3\n"))
            for (request, code) in [
                ("GET /v1/status HTTP/1.1\r\nHost: x\r\n", "404"), ("POST /v1/handover HTTP/1.1\r\nHost: x\r\n", "404"),
                ("POST /metrics HTTP/1.1\r\nHost: x\r\n", "405"), ("\u{1}garbage\r\n", "400"),
                ("GET /metrics HTTP/1.1\r\nX: \(String(repeating: "x", count: 9000))\r\n", "400"),
            ] {
                let answer = try await RawClient.whole(port: port, request + "Connection: close\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 \(code) "), "\(answer.prefix(100))")
            }
        }
    }

    @Test func `who dawdles is closed, and who comes after that is answered`() async throws {
        let limits = ControlServer.Limits(connections: 2, patience: .milliseconds(300))
        try await withMetrics(limits) { port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { _ = try? await RawClient.whole(port: port, "GET /met") } }
                try await group.waitForAll()
            }
            let answer = try await RawClient.whole(port: port, Self.get + "Connection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `an address that is taken is a problem with a reason`() async throws {
        try await withMetrics { port in
            let error = await #expect(throws: MetricsProblem.self) {
                try await Self.server(port: port, MetricsServer.limits).run()
            }
            #expect(error?.description == "Address already in use")
        }
    }

    private static func server(port: Int, _ limits: ControlServer.Limits) -> MetricsServer {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return MetricsServer(
            host: "127.0.0.1", port: port, target: SampleTarget(), group: MultiThreadedEventLoopGroup.singleton,
            limits: limits, logger: logger)
    }

    private func withMetrics(
        _ limits: ControlServer.Limits = MetricsServer.limits, _ body: (Int) async throws -> Void
    ) async throws {
        let (ports, bound) = AsyncStream.makeStream(of: Int?.self)
        let running = Task {
            defer { bound.finish() }
            try await Self.server(port: 0, limits).run { bound.yield($0) }
        }
        defer { running.cancel() }
        for await port in ports {
            try await body(try #require(port))
            break
        }
        running.cancel()
        try? await running.value
    }
}

extension RawClient {
    /// Says something and reads until the server closes.
    static func whole(_ path: String, _ request: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        return try await read(channel, request)
    }

    static func whole(port: Int, _ request: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
        return try await read(channel, request)
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private static func read(_ channel: Connection, _ request: String) async throws -> String {
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var answer = ByteBuffer()
            for try await bytes in inbound { answer.writeImmutableBuffer(bytes) }
            return String(buffer: answer)
        }
    }
}
