import HTTPTypes
import Hummingbird
import NIOCore

extension ControlResponder {
    /// The most connections that one answer lists.
    static let connectionLimit: UInt64 = 1_000_000

    /// Nil: the request is about something else.
    func viewAnswer(_ request: Request) async throws(ControlRefusal) -> Response? {
        guard request.method == .get else { return nil }
        switch request.uri.path {
        case MetricsResponder.path: return await MetricsResponder.answer(request, of: target)
        case "/v1/counters": return try json(try await target.counters())
        case "/v1/listing": return try json(try await target.listing(try listing(request)))
        case "/v1/explain":
            let mark = try number("mark", of: request, in: 0...UInt64(UInt32.max), default: 0)
            guard let flow = request.uri.queryParameters["flow"] else {
                throw ControlRefusal(.malformed, "explain wants flow=PROTOCOL+CLIENT+TARGET")
            }
            return try json(try await target.explain(ExplainRequest(flow: String(flow), mark: UInt32(mark))))
        case "/v1/checks":
            guard let server = request.uri.queryParameters["server"] else {
                throw ControlRefusal(.malformed, "checks wants server=ADDRESS, with port or without")
            }
            let service = request.uri.queryParameters["service"].map(String.init)
            return try json(try await target.checks(CheckRequest(server: String(server), service: service)))
        case "/v1/connections":
            let limit = try number("limit", of: request, in: 1...Self.connectionLimit, default: 1000)
            return stream(try await target.connections(limit: Int(limit)))
        default: return nil
        }
    }

    private func listing(_ request: Request) throws(ControlRefusal) -> ListingRequest {
        let text = request.uri.queryParameters["layout"].map(String.init) ?? ListingRequest.Layout.list.rawValue
        guard let layout = ListingRequest.Layout(rawValue: text) else {
            let known = ListingRequest.Layout.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlRefusal(.malformed, "there is no layout \(text.prefix(20)); there are: \(known)")
        }
        return ListingRequest(
            layout: layout, isExact: try number("exact", of: request, in: 0...1, default: 0) == 1,
            hasComments: try number("comments", of: request, in: 0...1, default: 0) == 1)
    }

    /// A page is read when the one before it is on its way: who reads slowly costs no memory.
    private func stream(_ pages: any ConnectionPages) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain"],
            body: ResponseBody { writer in
                while let page = pages.next() {
                    if !page.isEmpty { try await writer.write(ByteBuffer(bytes: page)) }
                }
                try await writer.finish(nil)
            })
    }
}
