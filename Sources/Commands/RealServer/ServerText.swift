import Addresses

/// What `tandem realserver` says.
package struct RealServerReport: Hashable, Sendable, Encodable {
    package struct Step: Hashable, Sendable, Encodable {
        package var step: String
        /// What is wrong as long as it is not done.
        package var fault: String
        /// Absent: it was not tried, or it is done.
        package var failure: String?
    }

    package var servers: [String]
    package var services: [String]
    package var steps: [Step]
    package var problems: [String]
    package var notes: [String]
    package var isRight: Bool

    package init(_ duty: ServerDuty, _ plan: ServerPlan) {
        servers = duty.servers.map(\.description)
        services = duty.services
        steps = plan.steps.map { Step(step: $0.description, fault: $0.fault) }
        problems = plan.problems
        notes = plan.notes
        isRight = plan.isRight
    }
}

extension RealServerReport {
    private var heading: String {
        servers.isEmpty ? "" : "Server \(servers.joined(separator: ", ")) of \(services.joined(separator: ", ")).\n"
    }

    private var rest: String { (problems.map { "wrong: \($0)\n" } + notes.map { "note: \($0)\n" }).joined() }

    /// What apply or undo would do.
    package var planned: String {
        heading + steps.map { "would \($0.step)\n" }.joined() + rest + (steps.isEmpty ? "Nothing to do.\n" : "")
    }

    /// What is wrong.
    package var verified: String {
        heading + steps.map { "wrong: \($0.fault)\n" }.joined() + rest + (isRight ? "All is as it should be.\n" : "")
    }

    /// What was done.
    package var done: String {
        let lines = steps.map { step in
            step.failure.map { "failed: \($0)\n" } ?? "did: \(step.step)\n"
        }
        return heading + lines.joined() + rest + (steps.isEmpty ? "Nothing to do.\n" : "")
    }
}
