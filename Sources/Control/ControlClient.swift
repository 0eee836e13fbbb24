import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a daemon through its Unix socket: one connection for one request.
package struct ControlClient: Sendable {
    /// Where the daemon's unit puts its socket.
    package static let defaultPath = "/run/tandem/api.sock"
    /// The largest answer that is read, in bytes: 100,000 servers take a quarter of it.
    private static let answerLimit = 64 << 20
    /// For people, and what people wait for.
    package static let patience = 10

    /// One event loop for all clients of the process, as long as it lives.
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    package let path: String
    private let patience: Int

    /// - Parameter patience: how long an answer may take, in seconds, beyond a wait that was asked for.
    package init(path: String, patience: Int = Self.patience) {
        self.path = path
        self.patience = patience
    }

    package func status() async throws(ControlClientError) -> Status {
        try await send(.GET, "/v1/status", Status.self)
    }

    package func tables() async throws(ControlClientError) -> TableReport {
        try await send(.GET, "/v1/table", TableReport.self)
    }

    /// - Parameter limit: of the entries of each subject, 1 to 1000.
    package func diff(limit: Int) async throws(ControlClientError) -> DiffReport {
        try await send(.GET, "/v1/diff?limit=\(limit)", DiffReport.self, wait: 30)
    }

    /// - Parameter wait: seconds to wait for an event if there is none, 0 to 30.
    package func events(after sequence: UInt64, limit: Int, wait: Int = 0) async throws(ControlClientError) -> EventPage
    {
        try await send(.GET, "/v1/events?after=\(sequence)&limit=\(limit)&wait=\(wait)", EventPage.self, wait: wait)
    }

    package func handover(_ request: HandoverRequest) async throws(ControlClientError) -> HandoverReport {
        try await order("/v1/handover", request, HandoverReport.self)
    }

    package func wish(_ order: WishOrder) async throws(ControlClientError) -> WishReport {
        switch order {
        case .standby(let request): try await self.order("/v1/standby", request, WishReport.self)
        case .online(let request): try await self.order("/v1/online", request, WishReport.self)
        case .pause(let request): try await self.order("/v1/pause", request, WishReport.self)
        case .resume(let request): try await self.order("/v1/resume", request, WishReport.self)
        }
    }

    package func override(_ order: ServerOrder) async throws(ControlClientError) -> ServerReport {
        switch order {
        case .drain(let request): try await self.order("/v1/drain", request, ServerReport.self)
        case .ready(let request): try await self.order("/v1/ready", request, ServerReport.self)
        case .weight(let request): try await self.order("/v1/weight", request, ServerReport.self)
        }
    }

    func order<Answer: Decodable>(
        _ uri: String, _ request: some Encodable, _ type: Answer.Type, wait: Int = 0
    ) async throws(ControlClientError) -> Answer {
        guard let body = try? JSON.encode(request) else { throw ControlClientError(path, .garbled) }
        return try await send(.POST, uri, type, body: body, wait: wait)
    }

    package func keys() async throws(ControlClientError) -> KeysReport {
        try await send(.GET, "/v1/keys", KeysReport.self)
    }

    package func changeKeys(_ order: KeyOrder) async throws(ControlClientError) -> KeysReport {
        guard let body = try? JSON.encode(order) else { throw ControlClientError(path, .garbled) }
        return try await send(.POST, "/v1/keys", KeysReport.self, body: body, wait: 30)
    }

    /// The figures for Prometheus, as they are.
    package func metrics() async throws(ControlClientError) -> String {
        String(decoding: try await bytes(.GET, MetricsResponder.path, wait: 30), as: UTF8.self)
    }

    func send<Answer: Decodable>(
        _ method: HTTPMethod, _ uri: String, _ type: Answer.Type, body: [UInt8] = [], wait: Int = 0
    ) async throws(ControlClientError) -> Answer {
        let bytes = try await bytes(method, uri, body: body, wait: wait)
        guard let value = try? JSON.decode(type, from: bytes) else { throw ControlClientError(path, .garbled) }
        return value
    }

    private func bytes(
        _ method: HTTPMethod, _ uri: String, body: [UInt8] = [], wait: Int
    ) async throws(ControlClientError) -> ByteBufferView {
        let answer = try await exchange(method, uri, body, seconds: patience + wait)
        let bytes = answer.body?.readableBytesView ?? ByteBuffer().readableBytesView
        guard answer.head.status == .ok else {
            let report = try? JSON.decode(ErrorReport.self, from: bytes)
            throw ControlClientError(path, report.map { .refused($0.error) } ?? .garbled)
        }
        return bytes
    }

    private func exchange(
        _ method: HTTPMethod, _ uri: String, _ body: [UInt8], seconds: Int
    ) async throws(ControlClientError) -> NIOHTTPClientResponseFull {
        let promise = Self.group.next().makePromise(of: NIOHTTPClientResponseFull.self)
        let bootstrap = ClientBootstrap(group: promise.futureResult.eventLoop)
            .connectTimeout(.seconds(Int64(Self.patience)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: Self.answerLimit))
                    try pipeline.addHandler(Exchange(method, uri, body, answer: promise))
                }
            }
        bootstrap.connect(unixDomainSocketPath: path).whenFailure { promise.fail($0) }
        let alarm = promise.futureResult.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) {
            promise.fail(ControlClientError(path, .silent(seconds: seconds)))
        }
        defer { alarm.cancel() }
        do {
            return try await promise.futureResult.get()
        } catch {
            throw ControlClientError(path, error)
        }
    }
}

/// One request and its answer.
private final class Exchange: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let body: [UInt8]
    private let answer: EventLoopPromise<NIOHTTPClientResponseFull>

    init(_ method: HTTPMethod, _ uri: String, _ body: [UInt8], answer: EventLoopPromise<NIOHTTPClientResponseFull>) {
        let headers: HTTPHeaders = ["host": "tandem", "connection": "close", "content-length": "\(body.count)"]
        head = HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: headers)
        self.body = body
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer.succeed(unwrapInboundIn(data))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(ChannelError.eof)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }
}
