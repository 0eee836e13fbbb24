import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// A request's surroundings: the connection that it came on.
struct ControlContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}

/// Answers the API's requests.
struct ControlResponder: HTTPResponder {
    /// The longest request body, in bytes.
    static let bodyLimit = 4096
    /// How many events one answer holds at the most.
    static let pageLimit = 1000
    /// How long a request for events may wait, in seconds.
    static let waitLimit = 30

    let target: any ControlTarget
    let events: EventLog
    let access: Access
    let logger: Logger
    let plans = PlanGate()

    func respond(to request: Request, context: ControlContext) async throws -> Response {
        do throws(ControlRefusal) {
            return try await answer(request, from: caller(context.channel))
        } catch {
            return try Response(
                ErrorReport(error: error.description), status: HTTPResponse.Status(code: error.kind.rawValue))
        }
    }

    private func answer(_ request: Request, from caller: Caller) async throws(ControlRefusal) -> Response {
        guard access.mayRead(caller) else { throw .mayNotRead(caller) }
        switch (request.method, request.uri.path) {
        case (.get, "/v1/status"): return try json(await target.status())
        case (.get, "/v1/table"): return try json(try await target.tables())
        case (.get, "/v1/events"): return try json(try await page(request))
        case (.get, "/v1/diff"):
            let limit = try number("limit", of: request, in: 1...1000, default: 20)
            return try json(try await target.diff(limit: Int(limit)))
        case (.get, "/v1/keys"): return try json(await target.keys())
        case (.post, "/v1/keys"):
            let order = try await order(request, KeyOrder.self, from: caller)
            return try json(try await target.changeKeys(order))
        case (.post, "/v1/handover"):
            let order = try await order(request, HandoverRequest.self, from: caller)
            return try json(try await target.handover(order))
        case (.post, "/v1/standby"), (.post, "/v1/online"), (.post, "/v1/pause"), (.post, "/v1/resume"):
            return try json(try await target.wish(try await wish(request, from: caller), by: caller.uid))
        case (.post, "/v1/check"):
            return try json(try await target.check(try await order(request, CheckRequest.self, from: caller)))
        case (.post, "/v1/drain"), (.post, "/v1/ready"), (.post, "/v1/weight"):
            return try json(try await target.override(try await word(request, from: caller), by: caller.uid))
        default:
            if let answer = try await viewAnswer(request) { return answer }
            if let answer = try await planAnswer(request, from: caller) { return try json(answer) }
            throw ControlRefusal(.unknown, "there is no \(request.method.rawValue) \(request.uri.path) in this API")
        }
    }

    private func wish(_ request: Request, from caller: Caller) async throws(ControlRefusal) -> WishOrder {
        switch request.uri.path {
        case "/v1/standby": .standby(try await order(request, StandbyRequest.self, from: caller))
        case "/v1/online": .online(try await order(request, StandbyRequest.self, from: caller))
        case "/v1/pause": .pause(try await order(request, PauseRequest.self, from: caller))
        default: .resume(try await order(request, PauseRequest.self, from: caller))
        }
    }

    private func word(_ request: Request, from caller: Caller) async throws(ControlRefusal) -> ServerOrder {
        let body = try await order(request, ServerRequest.self, from: caller)
        return switch request.uri.path {
        case "/v1/drain": .drain(body)
        case "/v1/ready": .ready(body)
        default: .weight(body)
        }
    }

    /// Reads the body of a request that changes something, and logs who asked.
    func order<Order: Decodable>(
        _ request: Request, _ type: Order.Type, from caller: Caller
    ) async throws(ControlRefusal) -> Order {
        guard access.mayChange(caller) else { throw .mayNotChange(caller) }
        let order = try decoded(type, from: try await body(of: request, limit: Self.bodyLimit), of: request)
        let path = "\(request.method.rawValue) \(request.uri.path)"
        logger.notice("\(path)", metadata: ["uid": "\(caller.uid)", "pid": "\(caller.pid)", "order": "\(order)"])
        return order
    }

    func decoded<Order: Decodable>(
        _ type: Order.Type, from bytes: [UInt8], of request: Request
    ) throws(ControlRefusal) -> Order {
        guard let order = try? JSON.decode(type, from: bytes.isEmpty ? Array("{}".utf8) : bytes) else {
            throw ControlRefusal(
                .malformed, "the body of \(request.method.rawValue) \(request.uri.path) is not its JSON")
        }
        return order
    }

    func body(of request: Request, limit: Int) async throws(ControlRefusal) -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch {
            throw ControlRefusal(.malformed, "the body of the request is longer than \(limit) bytes or incomplete")
        }
    }

    /// Events after a sequence; waits for one if there is none yet, but never in the way of a shutdown.
    private func page(_ request: Request) async throws(ControlRefusal) -> EventPage {
        let after = try number("after", of: request, in: 0...UInt64.max, default: 0)
        let limit = try number("limit", of: request, in: 1...UInt64(Self.pageLimit), default: 100)
        let wait = try number("wait", of: request, in: 0...UInt64(Self.waitLimit), default: 0)
        let events = events
        return await cancelWhenGracefulShutdown {
            await events.page(after: after, limit: Int(limit), wait: .seconds(Int64(wait)))
        }
    }

    func number(
        _ name: String, of request: Request, in range: ClosedRange<UInt64>, default value: UInt64
    ) throws(ControlRefusal) -> UInt64 {
        guard let text = request.uri.queryParameters[name[...]] else { return value }
        guard let number = UInt64(text), range.contains(number) else {
            throw ControlRefusal(
                .malformed, "\(name)=\(text) is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func json(_ value: some Encodable) throws(ControlRefusal) -> Response {
        do {
            return try Response(value, status: .ok)
        } catch {
            throw ControlRefusal(.unavailable, "the answer has no JSON form: \(error)")
        }
    }

    private func caller(_ channel: any Channel) async throws(ControlRefusal) -> Caller {
        let caller = try? await channel.eventLoop.submit { try Self.callerOnLoop(channel) }.get()
        guard let caller else { throw ControlRefusal(.forbidden, "the kernel does not tell who asks") }
        return caller
    }

    private static func callerOnLoop(_ channel: any Channel) throws -> Caller? {
        let pipeline = channel.pipeline.syncOperations
        let socket = try pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        return socket.flatMap { Caller(of: $0) }
    }
}

extension ControlRefusal {
    fileprivate static func mayNotRead(_ caller: Caller) -> ControlRefusal {
        ControlRefusal(
            .forbidden,
            "uid \(caller.uid) may not ask: only root and members of the group \(Access.readerGroup) may")
    }

    fileprivate static func mayNotChange(_ caller: Caller) -> ControlRefusal {
        ControlRefusal(
            .forbidden,
            "uid \(caller.uid) may look but not change anything: only root and the group \(Access.adminGroup) may"
        )
    }
}

extension Response {
    fileprivate init(_ value: some Encodable, status: HTTPResponse.Status) throws {
        let bytes = try JSON.encode(value)
        self.init(
            status: status,
            headers: [.contentType: "application/json", .contentLength: "\(bytes.count)"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
