import NIOCore
import NIOHTTP1
import NIOPosix

extension ControlClient {
    package func counters() async throws(ControlClientError) -> CountersReport {
        try await send(.GET, "/v1/counters", CountersReport.self)
    }

    package func listing(_ request: ListingRequest) async throws(ControlClientError) -> ListingReport {
        let flags = "exact=\(request.isExact ? 1 : 0)&comments=\(request.hasComments ? 1 : 0)"
        return try await send(.GET, "/v1/listing?layout=\(request.layout.rawValue)&\(flags)", ListingReport.self)
    }

    package func explain(_ request: ExplainRequest) async throws(ControlClientError) -> ExplainReport {
        try await send(.GET, "/v1/explain?flow=\(Self.escaped(request.flow))&mark=\(request.mark)", ExplainReport.self)
    }

    package func checks(_ request: CheckRequest) async throws(ControlClientError) -> ChecksReport {
        let service = request.service.map { "&service=\(Self.escaped($0))" } ?? ""
        return try await send(.GET, "/v1/checks?server=\(Self.escaped(request.server))\(service)", ChecksReport.self)
    }

    /// The director waits for the servers, one after the other.
    package func check(_ request: CheckRequest) async throws(ControlClientError) -> TrialsReport {
        try await order("/v1/check", request, TrialsReport.self, wait: 60)
    }

    /// Brackets and blanks have another meaning in an address.
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            isPlain(byte) ? String(decoding: [byte], as: UTF8.self) : "%" + hexadecimal(byte)
        }.joined()
    }

    /// Hands each line of `GET /v1/connections` over as it comes, without its end, but not the last.
    ///
    /// - Returns: whether these were all connections.
    package func connections(limit: Int, _ line: @escaping @Sendable (Substring) -> Void)
        async throws(ControlClientError) -> Bool
    {
        do {
            return try await stream("/v1/connections?limit=\(limit)", line)
        } catch {
            throw ControlClientError(path, error)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2E
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private func stream(_ uri: String, _ line: @escaping @Sendable (Substring) -> Void) async throws -> Bool {
        let channel = try await ClientBootstrap(group: Self.group)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let headers: HTTPHeaders = ["host": "tandem", "connection": "close"]
            try await outbound.write(
                .head(HTTPRequestHead(version: .http1_1, method: .GET, uri: uri, headers: headers)))
            try await outbound.write(.end(nil))
            return try await read(inbound, line)
        }
    }

    private func read(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>, _ line: @escaping @Sendable (Substring) -> Void
    ) async throws -> Bool {
        var isRefused = false
        var rest = ByteBuffer()
        var last: Substring?
        for try await part in inbound {
            switch part {
            case .head(let head): isRefused = head.status != .ok
            case .body(var bytes):
                rest.writeBuffer(&bytes)
                guard !isRefused else { continue }
                while let text = Self.nextLine(of: &rest) {
                    if let last { line(last) }
                    last = text
                }
                rest.discardReadBytes()
            case .end:
                if isRefused {
                    let report = try? JSON.decode(ErrorReport.self, from: rest.readableBytesView)
                    throw ControlClientError(path, report.map { .refused($0.error) } ?? .garbled)
                }
            }
        }
        guard let words = last?.split(separator: " "), words.first == "end" else {
            throw ControlClientError(path, .interrupted)
        }
        return words.last == "whole"
    }

    private static func nextLine(of buffer: inout ByteBuffer) -> Substring? {
        guard let end = buffer.readableBytesView.firstIndex(of: 0x0A) else { return nil }
        let length = end - buffer.readerIndex
        guard let text = buffer.readString(length: length) else { return nil }
        buffer.moveReaderIndex(forwardBy: 1)
        return text[...]
    }
}
