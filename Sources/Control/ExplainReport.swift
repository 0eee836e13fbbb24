/// Where the kernel sends a flow, and why: the answer of `GET /v1/explain`.
package struct ExplainReport: Codable, Hashable, Sendable {
    /// `tcp 198.51.100.7:40000 192.0.2.10:80`.
    package var flow: String
    /// The service that the kernel finds; absent: none.
    package var listen: String?
    /// Its name in the configuration; absent: it is not Tandem's.
    package var service: String?
    /// By what it was found: `mark`, `port`, `ftp` or `everyPort`.
    package var found: String?
    package var scheduler: String?
    /// The server of the connection that the kernel has of this flow; absent: it has none.
    package var present: String?
    /// The server that a template keeps the client with; absent: none does.
    package var kept: String?
    /// What the scheduler does with a new connection: `certain` this server, `now` this server but by counts that
    /// change, `open` any of the candidates, `nobody`; absent: it is not balanced.
    package var choice: String?
    /// Where a new connection goes; absent: nowhere, or not to be known.
    package var server: String?
    package var candidates: [CandidateReport]
    /// All of it for people, in the order in which the kernel looks.
    package var sentences: [String]

    package init(
        flow: String, listen: String? = nil, service: String? = nil, found: String? = nil, scheduler: String? = nil,
        present: String? = nil, kept: String? = nil, choice: String? = nil, server: String? = nil,
        candidates: [CandidateReport] = [], sentences: [String]
    ) {
        self.flow = flow
        self.listen = listen
        self.service = service
        self.found = found
        self.scheduler = scheduler
        self.present = present
        self.kept = kept
        self.choice = choice
        self.server = server
        self.candidates = candidates
        self.sentences = sentences
    }
}

/// A server that the scheduler can choose.
package struct CandidateReport: Codable, Hashable, Sendable {
    package var endpoint: String
    package var weight: UInt32
    package var active: UInt32
    package var inactive: UInt32
    /// Of all new connections, 0 to 1; absent: it depends on how long they last.
    package var share: Double?

    package init(endpoint: String, weight: UInt32, active: UInt32, inactive: UInt32, share: Double? = nil) {
        self.endpoint = endpoint
        self.weight = weight
        self.active = active
        self.inactive = inactive
        self.share = share
    }
}

/// What `GET /v1/explain` asks.
package struct ExplainRequest: Hashable, Sendable {
    /// As `tandem explain` takes it, three words.
    package var flow: String
    package var mark: UInt32

    package init(flow: String, mark: UInt32 = 0) {
        self.flow = flow
        self.mark = mark
    }
}
