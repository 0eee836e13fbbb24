/// The answer to `GET /v1/checks`.
package struct ChecksReport: Codable, Hashable, Sendable {
    /// Who checks.
    package var director: String
    package var checks: [CheckStatus]

    package init(director: String, checks: [CheckStatus]) {
        self.director = director
        self.checks = checks
    }
}

/// How one server of one service is checked, and what it has shown lately.
package struct CheckStatus: Codable, Hashable, Sendable {
    package var service: String
    package var server: String
    /// Where the probe goes.
    package var target: String
    /// As in the file, with what the file leaves out.
    package var check: [String]
    /// This director's view; absent until the first result.
    package var own: ViewStatus?
    /// The peer's, as it told.
    package var peer: ViewStatus?
    /// Results in a row that contradict the own view, and how many of them change it.
    package var streak: Int
    package var decides: Int
    /// When it is asked next, in milliseconds from now; absent while it is being asked.
    package var nextMS: Double?
    /// The oldest first.
    package var results: [ResultStatus]

    package init(
        service: String, server: String, target: String, check: [String], own: ViewStatus? = nil,
        peer: ViewStatus? = nil, streak: Int, decides: Int, nextMS: Double? = nil, results: [ResultStatus]
    ) {
        self.service = service
        self.server = server
        self.target = target
        self.check = check
        self.own = own
        self.peer = peer
        self.streak = streak
        self.decides = decides
        self.nextMS = nextMS
        self.results = results
    }
}

/// What came of one run of a check.
package struct ResultStatus: Codable, Hashable, Sendable {
    /// When it began, in milliseconds of the Unix epoch.
    package var time: Int64
    package var tookMS: Double
    package var isPass: Bool
    /// Why it failed, or what it warns of.
    package var reason: String?

    package init(time: Int64, tookMS: Double, isPass: Bool, reason: String? = nil) {
        self.time = time
        self.tookMS = tookMS
        self.isPass = isPass
        self.reason = reason
    }
}

/// The body of `POST /v1/check`.
package struct CheckRequest: Codable, Hashable, Sendable {
    /// An address, with the server's port or without one for any.
    package var server: String
    /// Absent: in every service.
    package var service: String?

    package init(server: String, service: String? = nil) {
        self.server = server
        self.service = service
    }
}

/// The answer: a run of each check of the server, which counts for nothing.
package struct TrialsReport: Codable, Hashable, Sendable {
    package var director: String
    package var trials: [TrialStatus]

    package init(director: String, trials: [TrialStatus]) {
        self.director = director
        self.trials = trials
    }
}

package struct TrialStatus: Codable, Hashable, Sendable {
    package var service: String
    package var server: String
    package var target: String
    package var result: ResultStatus
    package var sayings: [Saying]

    package init(service: String, server: String, target: String, result: ResultStatus, sayings: [Saying]) {
        self.service = service
        self.server = server
        self.target = target
        self.result = result
        self.sayings = sayings
    }

    /// What one of the two said at once.
    package struct Saying: Codable, Hashable, Sendable {
        /// Since the beginning.
        package var afterMS: Double
        /// `director` or `server`.
        package var by: String
        /// The beginning of it, with `\r \n \t \xHH \\` for what is no plain text; absent: it holds a secret.
        package var text: String?
        /// How many bytes there were.
        package var bytes: Int

        package init(afterMS: Double, by: String, text: String?, bytes: Int) {
            self.afterMS = afterMS
            self.by = by
            self.text = text
            self.bytes = bytes
        }
    }
}
