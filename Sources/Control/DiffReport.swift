/// What the two directors do not have in common: the answer of `GET /v1/diff`.
package struct DiffReport: Codable, Hashable, Sendable {
    /// The director that answers, and the other one.
    package var director: String
    package var peer: String
    package var subjects: [SubjectDiff]

    package init(director: String, peer: String, subjects: [SubjectDiff]) {
        self.director = director
        self.peer = peer
        self.subjects = subjects
    }

    package var isSame: Bool { subjects.allSatisfy(\.isSame) }
}

/// The differences of one thing that should be the same on both.
package struct SubjectDiff: Codable, Hashable, Sendable {
    package enum Subject: String, Codable, Hashable, Sendable, CaseIterable {
        case configuration
        /// The table that the director wants.
        case desired
        /// The table that its kernel holds.
        case kernel
    }

    package var subject: Subject
    package var isSame: Bool
    /// The first of them.
    package var entries: [DiffEntry]
    /// There are more.
    package var hasMore: Bool
    /// What is to be known besides, in a sentence.
    package var note: String?

    package init(
        subject: Subject, isSame: Bool, entries: [DiffEntry] = [], hasMore: Bool = false, note: String? = nil
    ) {
        self.subject = subject
        self.isSame = isSame
        self.entries = entries
        self.hasMore = hasMore
        self.note = note
    }
}

/// One entry of which the directors say different things.
package struct DiffEntry: Codable, Hashable, Sendable {
    /// As the configuration or ipvsadm would write it.
    package var path: String
    /// Absent: the director has no such entry.
    package var here: String?
    package var there: String?

    package init(path: String, here: String?, there: String?) {
        self.path = path
        self.here = here
        self.there = there
    }
}
