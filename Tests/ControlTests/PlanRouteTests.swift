import Control
import Testing

extension SampleTarget {
    static let plan = PlanReport(
        steps: [
            PlanStep(.add, service: "tcp://192.0.2.11:80", server: nil, before: nil, after: "wlc"),
            PlanStep(
                .change, service: "tcp://192.0.2.10:80", server: "10.1.0.21:80", before: "-g -w 1", after: "-g -w 2"),
        ], obstacles: ["a"], notes: ["b"])

    func plan(_ request: PlanRequest) async throws(ControlRefusal) -> PlanReport {
        guard let files = request.files else { return Self.plan }
        return PlanReport(steps: [], notes: files.map { "\($0.path): \($0.text.utf8.count)" })
    }

    func apply(_ request: ApplyRequest) async throws(ControlRefusal) -> ApplyReport {
        guard request.force == true else { throw ControlRefusal(.conflict, "it would remove all") }
        return ApplyReport(configuration: "reloaded", repairs: ["c"], failures: ["d"])
    }

    func adopt(_ request: AdoptRequest) async throws(ControlRefusal) -> AdoptReport {
        AdoptReport(services: request.services ?? ["all"], failures: [])
    }
}

struct PlanRouteTests {
    @Test func `gives a plan, and takes configurations that are longer than other bodies`() async throws {
        try await withServer { client, _ in
            let own = try await client.plan(PlanRequest())
            #expect(own == SampleTarget.plan)
            let text = String(repeating: "# long\n", count: 10_000)
            let report = try await client.plan(PlanRequest(files: [.init(path: "a.yaml", text: text)]))
            #expect(report.notes == ["a.yaml: 70000"])
        }
    }

    @Test func `passes apply and adopt on, and a refusal back`() async throws {
        try await withServer { client, _ in
            let report = try await client.apply(ApplyRequest(force: true))
            #expect(report.failures == ["d"])
            let error = await #expect(throws: ControlClientError.self) { try await client.apply(ApplyRequest()) }
            #expect(error?.kind == .refused("it would remove all"))
            let (one, all) = (
                try await client.adopt(AdoptRequest(services: ["x"])), try await client.adopt(AdoptRequest())
            )
            #expect(one.services == ["x"] && all.services == ["all"])
        }
    }
}
