/// What the API speaks for: the director behind it.
package protocol ControlTarget: ViewTarget, PlanTarget {
    func status() async -> Status
    /// The desired table and the kernel's as read back.
    func tables() async throws(ControlRefusal) -> TableReport
    /// Begins a handover and answers once it is on its way; whoever asked watches the status for its end.
    func handover(_ request: HandoverRequest) async throws(ControlRefusal) -> HandoverReport
    /// Answers once the wish is in force here and on the disk; the peer learns of it by the heartbeats.
    func wish(_ order: WishOrder, by uid: UInt32) async throws(ControlRefusal) -> WishReport
    /// Checks a server once; it counts for nothing.
    func check(_ request: CheckRequest) async throws(ControlRefusal) -> TrialsReport
    /// Answers once the word is in force here and on the disk; the peer learns of it through the stream.
    func override(_ order: ServerOrder, by uid: UInt32) async throws(ControlRefusal) -> ServerReport
    /// What the two directors do not have in common: of each subject so many entries at most. Takes a while.
    func diff(limit: Int) async throws(ControlRefusal) -> DiffReport
    /// The pair's keys on both directors.
    func keys() async -> KeysReport
    /// Changes the keys of both directors, and answers when that is done.
    func changeKeys(_ order: KeyOrder) async throws(ControlRefusal) -> KeysReport
}

/// The body of `POST /v1/handover`.
package struct HandoverRequest: Codable, Hashable, Sendable {
    /// Absent: every group that the answering director holds.
    package var group: String?
    /// The director that shall be active; absent: the one that is not.
    package var to: String?
    /// Also to a director that would lose connections; absent: no.
    package var force: Bool?

    package init(group: String? = nil, to: String? = nil, force: Bool? = nil) {
        self.group = group
        self.to = to
        self.force = force
    }
}

/// A handover that is on its way.
package struct HandoverReport: Codable, Hashable, Sendable {
    package var groups: [String]
    /// The director that shall be active.
    package var to: String

    package init(groups: [String], to: String) {
        self.groups = groups
        self.to = to
    }
}

/// Both tables in the layout of `ipvsadm -Sn`, which `ipvsadm -R` reads back, and in the same order.
package struct TableReport: Codable, Hashable, Sendable {
    package var desired: String
    /// Absent where the kernel has no ip_vs.
    package var kernel: String?
    /// The kernel's services that are not Tandem's; absent where there are none.
    package var foreign: String?

    package init(desired: String, kernel: String?, foreign: String? = nil) {
        self.desired = desired
        self.kernel = kernel
        self.foreign = foreign
    }
}

/// Why the API does not do what it was asked: becomes `{"error": sentence}`.
package struct ControlRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Int, Hashable, Sendable {
        /// The request cannot be read or makes no sense.
        case malformed = 400
        /// Who asks may not have it.
        case forbidden = 403
        /// What it names does not exist.
        case unknown = 404
        /// It makes sense, but not now.
        case conflict = 409
        /// A part of the director does not answer.
        case unavailable = 503
    }

    package var kind: Kind
    /// A sentence that names the thing, the place and the remedy.
    package var description: String

    package init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        description = sentence
    }
}

/// The body of every answer that is not a success.
package struct ErrorReport: Codable, Hashable, Sendable {
    package var error: String

    package init(error: String) {
        self.error = error
    }
}
