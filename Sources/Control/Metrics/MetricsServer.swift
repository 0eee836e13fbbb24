import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import ServiceLifecycle

/// Figures for Prometheus over TCP, for whoever reaches the port: `GET /metrics` and nothing else.
package struct MetricsServer: Sendable {
    /// What keeps clients from using a director up. Few: a scraper needs one connection for one request.
    package static let limits = ControlServer.Limits(connections: 4, patience: .seconds(10))

    private let host: String
    private let port: Int
    private let target: any ControlTarget
    private let group: any EventLoopGroup
    private let limits: ControlServer.Limits
    private let logger: Logger

    /// - Parameters:
    ///   - host: an address of this machine, or the unspecified one.
    ///   - group: event loops shared with the rest of the daemon; the server does not end them.
    package init(
        host: String, port: Int, target: any ControlTarget, group: any EventLoopGroup,
        limits: ControlServer.Limits = Self.limits, logger: Logger
    ) {
        self.host = host
        self.port = port
        self.target = target
        self.group = group
        self.limits = limits
        self.logger = logger
    }

    /// Serves until the service group shuts down or the task is cancelled. Throws a `MetricsProblem` if the address
    /// cannot be had.
    ///
    /// - Parameter whenBound: called with the port that was bound.
    package func run(whenBound: @escaping @Sendable (Int?) async -> Void = { _ in }) async throws {
        var quiet = logger
        quiet.logLevel = .critical
        let patience = limits.patience
        let application = Application(
            responder: MetricsResponder(target: target),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [Patience(limit: patience)],
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: 4096, maxHeaderListSize: 8192, maxHeaderFieldCount: 64))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            onServerRunning: { channel in await whenBound(channel.localAddress?.port) },
            eventLoopGroupProvider: .shared(group),
            logger: quiet)
        do {
            try await application.run()
        } catch let error as IOError {
            throw MetricsProblem(errno: error.errnoCode)
        }
    }
}

/// Why figures cannot be had at their address.
package struct MetricsProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package var errno: Int32

    package var description: String { SocketProblem.words(errno) }
}

/// Answers scrapers, on the API's socket as over TCP.
struct MetricsResponder: HTTPResponder {
    static let path = "/metrics"
    /// How long an answer may take, however slowly it is read, in seconds.
    private static let answerLimit = Duration.seconds(30)

    let target: any ControlTarget

    func respond(to request: Request, context: ControlContext) async throws -> Response {
        guard request.uri.path == Self.path else {
            return Self.refusal(.notFound, "there is \(Self.path) here, and nothing else\n")
        }
        guard request.method == .get else {
            return Self.refusal(.methodNotAllowed, "\(Self.path) is asked with GET\n")
        }
        return await Self.answer(request, of: target)
    }

    static func answer(_ request: Request, of target: any ControlTarget) async -> Response {
        let accepted = request.headers[.accept] ?? ""
        let format: MetricsFormat = accepted.contains("application/openmetrics-text") ? .openMetrics : .text
        let pieces = await target.metrics(as: format)
        return Response(
            status: .ok, headers: [.contentType: format.contentType],
            body: ResponseBody { writer in
                let end = ContinuousClock.now + answerLimit
                for piece in pieces where !piece.isEmpty {
                    // Without its end the answer counts for nothing.
                    guard ContinuousClock.now < end else { throw ChannelError.connectTimeout(.zero) }
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            })
    }

    private static func refusal(_ status: HTTPResponse.Status, _ sentence: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: sentence)))
    }
}
