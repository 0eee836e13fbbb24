/// What the API can be asked about the way from the kernel's table to a configuration.
package protocol PlanTarget: Sendable {
    /// What a configuration would change in the kernel; changes nothing.
    func plan(_ request: PlanRequest) async throws(ControlRefusal) -> PlanReport
    /// Reads the configuration again, reads the kernel's table back at once and puts right what differs.
    func apply(_ request: ApplyRequest) async throws(ControlRefusal) -> ApplyReport
    /// Takes over services of the kernel's table that somebody else wrote.
    func adopt(_ request: AdoptRequest) async throws(ControlRefusal) -> AdoptReport
}

/// The body of `POST /v1/plan`.
package struct PlanRequest: Codable, Hashable, Sendable {
    /// The configuration: its own name first, then those that it includes. Absent: the director's own, as it is on the
    /// disk.
    package var files: [File]?

    package struct File: Codable, Hashable, Sendable {
        package var path: String
        package var text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    package init(files: [File]? = nil) {
        self.files = files
    }
}

/// One change of the kernel's table.
package struct PlanStep: Codable, Hashable, Sendable {
    package enum Action: String, Codable, Hashable, Sendable, CaseIterable {
        case add, change, remove
    }

    package var action: Action
    /// `tcp://192.0.2.10:80`.
    package var service: String
    /// `10.1.0.21:80`; absent: the service itself.
    package var server: String?
    /// In the words of ipvsadm: `wlc -p 300`, `-g -w 1`. Absent: it is not there.
    package var before: String?
    package var after: String?

    package init(_ action: Action, service: String, server: String?, before: String?, after: String?) {
        self.action = action
        self.service = service
        self.server = server
        self.before = before
        self.after = after
    }
}

/// What would be done, in the order in which it would be.
package struct PlanReport: Codable, Hashable, Sendable {
    package var steps: [PlanStep]
    /// Why the steps would not be carried out, in sentences; empty: nothing keeps the director from it.
    package var obstacles: [String]
    /// What else is to be known, in sentences.
    package var notes: [String]

    package init(steps: [PlanStep], obstacles: [String] = [], notes: [String] = []) {
        self.steps = steps
        self.obstacles = obstacles
        self.notes = notes
    }
}

/// The body of `POST /v1/apply`.
package struct ApplyRequest: Codable, Hashable, Sendable {
    /// Even if it removes more than the guard allows; absent: no.
    package var force: Bool?

    package init(force: Bool? = nil) {
        self.force = force
    }
}

package struct ApplyReport: Codable, Hashable, Sendable {
    /// What the configuration changed, in a sentence.
    package var configuration: String
    /// What somebody else had changed in the kernel's table, in sentences; it is put right.
    package var repairs: [String]
    /// What the kernel refuses, in sentences; it is tried again.
    package var failures: [String]

    package init(configuration: String, repairs: [String] = [], failures: [String] = []) {
        self.configuration = configuration
        self.repairs = repairs
        self.failures = failures
    }
}

/// The body of `POST /v1/adopt`.
package struct AdoptRequest: Codable, Hashable, Sendable {
    /// `tcp://192.0.2.10:80`; absent: all that the configuration names and somebody else has.
    package var services: [String]?

    package init(services: [String]? = nil) {
        self.services = services
    }
}

package struct AdoptReport: Codable, Hashable, Sendable {
    package var services: [String]
    /// What the kernel still refuses, in sentences.
    package var failures: [String]

    package init(services: [String], failures: [String] = []) {
        self.services = services
        self.failures = failures
    }
}
