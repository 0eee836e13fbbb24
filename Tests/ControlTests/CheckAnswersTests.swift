import Control
import Testing

/// What the API says of checks.
struct CheckAnswersTests {
    @Test func `a server's checks are asked for by its address, brackets and all`() async throws {
        try await withServer { client, _ in
            let report = try await client.checks(CheckRequest(server: "[2001:db8::21]:80", service: "web 2"))
            #expect(report.checks.first?.server == "[2001:db8::21]:80" && report.checks.first?.service == "web 2")
            #expect(report.checks.first?.results.first?.reason == "connection refused")
        }
    }

    @Test func `a check that is asked for is run, and an unknown server refused`() async throws {
        try await withServer { client, _ in
            let report = try await client.check(CheckRequest(server: "10.1.0.21"))
            #expect(report.director == "lb1")
            let error = await #expect(throws: ControlClientError.self) {
                try await client.check(CheckRequest(server: "10.1.0.99"))
            }
            #expect(error?.kind == .refused("there is no server 10.1.0.99"))
        }
    }
}
