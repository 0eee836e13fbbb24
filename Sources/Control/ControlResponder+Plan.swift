import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension ControlResponder {
    /// The longest configuration that is planned with, in bytes: it waits in locked memory, so one at a time.
    static let planLimit = 16 << 20

    /// Nil: the request is about something else.
    func planAnswer(
        _ request: Request, from caller: Caller
    ) async throws(ControlRefusal) -> (any Encodable & Sendable)? {
        guard request.method == .post else { return nil }
        switch request.uri.path {
        case "/v1/plan":
            guard plans.begin() else {
                throw ControlRefusal(.conflict, "another plan is being made: ask again in a moment")
            }
            defer { plans.end() }
            let bytes = try await body(of: request, limit: Self.planLimit)
            return try await target.plan(try decoded(PlanRequest.self, from: bytes, of: request))
        case "/v1/apply": return try await target.apply(try await order(request, ApplyRequest.self, from: caller))
        case "/v1/adopt": return try await target.adopt(try await order(request, AdoptRequest.self, from: caller))
        default: return nil
        }
    }
}

/// Lets one plan be made at a time.
final class PlanGate: Sendable {
    private let isTaken = Mutex(false)

    /// False: it is taken.
    func begin() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }

    func end() { isTaken.withLock { $0 = false } }
}

extension ControlClient {
    package func plan(_ request: PlanRequest) async throws(ControlClientError) -> PlanReport {
        try await order("/v1/plan", request, PlanReport.self, wait: 60)
    }

    package func apply(_ request: ApplyRequest) async throws(ControlClientError) -> ApplyReport {
        try await order("/v1/apply", request, ApplyReport.self, wait: 60)
    }

    package func adopt(_ request: AdoptRequest) async throws(ControlClientError) -> AdoptReport {
        try await order("/v1/adopt", request, AdoptReport.self, wait: 60)
    }
}
