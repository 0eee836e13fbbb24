import Addresses
import Control
import Heartbeat
import Logging
import NIOCore
import ServiceLifecycle
import Settings
import Synchronization

extension Desk {
    func metrics(as format: MetricsFormat) async -> [[UInt8]] {
        await figures.pieces(format) { [self] in
            MetricsReport(
                status: await status(), counters: try? await counters(),
                refusals: Refusal.allCases.map(\.description) + [StatusReport.filtered])
        }
    }

}

/// Serves metrics where the configuration in force says so. What is wrong with the address is a warning, and tried
/// again: it may not be here yet.
struct MetricsService: Service, CustomStringConvertible {
    let desk: Desk
    let group: any EventLoopGroup
    let description = "metrics"

    // Implementation constant
    private static let retry = Duration.seconds(5)

    func run() async throws {
        var serving: Task<Void, Never>?
        for await endpoint in desk.metricsPlace.changes.cancelOnGracefulShutdown() {
            serving?.cancel()
            await serving?.value
            desk.metricsPlace.problem = nil
            serving = endpoint.map { endpoint in Task { await serve(endpoint) } }
        }
        serving?.cancel()
        await serving?.value
    }

    private func serve(_ endpoint: Endpoint) async {
        let server = MetricsServer(
            host: "\(endpoint.address)", port: Int(endpoint.port), target: desk, group: group,
            logger: desk.journal.logger)
        while !Task.isCancelled {
            do {
                try await server.run { _ in desk.metricsPlace.problem = nil }
                if !Task.isCancelled, Task.isShuttingDownGracefully { return }
            } catch {
                let sentence =
                    "metrics cannot be served on \(endpoint): \(error); mend metrics.listen, or free the port"
                if desk.metricsPlace.problem != sentence { desk.journal.warn(sentence) }
                desk.metricsPlace.problem = sentence
            }
            try? await Task.sleep(for: Self.retry)
        }
    }
}

/// Where metrics are to be served, as it changes, and what is wrong there.
final class MetricsPlace: Sendable {
    /// Each address once; nil: nowhere.
    let changes: AsyncStream<Endpoint?>
    private let continuation: AsyncStream<Endpoint?>.Continuation
    private let state: Mutex<(endpoint: Endpoint?, problem: String?)>

    init(_ endpoint: Endpoint?) {
        (changes, continuation) = AsyncStream.makeStream(of: Endpoint?.self, bufferingPolicy: .bufferingNewest(1))
        state = Mutex((endpoint, nil))
        continuation.yield(endpoint)
    }

    func adopt(_ endpoint: Endpoint?) {
        let isNew = state.withLock { state in
            defer { state.endpoint = endpoint }
            return state.endpoint != endpoint
        }
        if isNew { continuation.yield(endpoint) }
    }

    /// A sentence for the status.
    var problem: String? {
        get { state.withLock { $0.problem } }
        set { state.withLock { $0.problem = newValue } }
    }
}
