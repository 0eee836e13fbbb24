import Control
import Synchronization
import Testing

/// What the kernel holds and counts, through the API.
struct ViewTests {
    @Test func `answers with what the kernel counts`() async throws {
        try await withServer { client, _ in
            let report = try await client.counters()
            #expect(report.services.first?.servers.first?.counters.bytesIn == 1 << 40)
        }
    }

    @Test(arguments: ListingRequest.Layout.allCases) func `answers in every layout`(
        layout: ListingRequest.Layout
    ) async throws {
        try await withServer { client, _ in
            let plain = try await client.listing(ListingRequest(layout: layout))
            let exact = try await client.listing(ListingRequest(layout: layout, isExact: true))
            #expect(plain.text == "\(layout) false\n" && exact.text == "\(layout) true\n")
        }
    }

    @Test func `passes a flow on with its blanks, brackets and mark`() async throws {
        try await withServer { client, _ in
            let flow = "tcp [2001:db8::7]:40000 [2001:db8::10]:80"
            let report = try await client.explain(ExplainRequest(flow: flow, mark: 7))
            #expect(report.flow == flow && report.sentences == ["mark 7"])
            let error = await #expect(throws: ControlClientError.self) {
                try await client.explain(ExplainRequest(flow: "a&mark=9#%25 é"))
            }
            #expect(error?.kind == .refused("no flow"))
        }
    }

    @Test(arguments: [1, 3, 20_000]) func `hands connections over line by line`(limit: Int) async throws {
        try await withServer { client, _ in
            let found = Mutex<[Substring]>([])
            let isWhole = try await client.connections(limit: limit) { line in found.withLock { $0.append(line) } }
            #expect(!isWhole)
            let lines = found.withLock { $0 }
            #expect(lines.count == limit && lines.first == "TCP line \(limit)" && lines.last == "TCP line 1")
        }
    }

    @Test func `says when a list of connections has no end`() async throws {
        try await withServer { client, _ in
            let error = await #expect(throws: ControlClientError.self) {
                _ = try await client.connections(limit: 14) { _ in }
            }
            #expect(error?.kind == .interrupted)
            let refusal = await #expect(throws: ControlClientError.self) {
                _ = try await client.connections(limit: 13) { _ in }
            }
            #expect(refusal?.kind == .refused("no ip_vs"))
        }
    }
}
