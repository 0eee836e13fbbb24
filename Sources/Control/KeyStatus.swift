/// The answer of `GET /v1/keys`, and of `POST /v1/keys` when the change is made: the pair's keys on both directors.
package struct KeysReport: Codable, Hashable, Sendable {
    /// Where this director has them.
    package var path: String
    /// Whether keys can be added and removed: `path` is a directory.
    package var canRotate: Bool
    package var director: String
    package var peer: String
    /// Whether the peer said what it has; if not, `there` is absent everywhere.
    package var peerAnswered: Bool
    /// Those that either director accepts, by name.
    package var keys: [KeyStatus]
    /// What is wrong, in sentences.
    package var problems: [String]

    package init(
        path: String, canRotate: Bool, director: String, peer: String, peerAnswered: Bool, keys: [KeyStatus],
        problems: [String] = []
    ) {
        self.path = path
        self.canRotate = canRotate
        self.director = director
        self.peer = peer
        self.peerAnswered = peerAnswered
        self.keys = keys
        self.problems = problems
    }
}

package struct KeyStatus: Codable, Hashable, Sendable {
    /// Eight hexadecimal digits.
    package var id: String
    /// The name of its file, without `.key`.
    package var name: String
    /// Absent: not accepted by this director, or by its peer.
    package var here: KeyUse?
    package var there: KeyUse?

    package init(id: String, name: String, here: KeyUse?, there: KeyUse?) {
        self.id = id
        self.name = name
        self.here = here
        self.there = there
    }
}

/// What one director does with a key that it accepts.
package struct KeyUse: Codable, Hashable, Sendable {
    /// New sessions are begun with it.
    package var isSending: Bool
    /// The session in use came from it.
    package var isInUse: Bool
    /// Seconds since the newest datagram that came under it; absent: none since the daemon started.
    package var lastSeen: Double?

    package init(isSending: Bool, isInUse: Bool, lastSeen: Double?) {
        self.isSending = isSending
        self.isInUse = isInUse
        self.lastSeen = lastSeen
    }
}

/// The body of `POST /v1/keys`.
package struct KeyOrder: Codable, Hashable, Sendable {
    package enum Task: String, Codable, Hashable, Sendable, CaseIterable {
        /// Make a key and store it on both directors.
        case add
        /// Send with it, on both.
        case activate
        /// Remove it from both.
        case retire
    }

    package var task: Task
    /// A name for `add`, which may be absent; the id or the name of a key for the others.
    package var key: String?

    package init(task: Task, key: String? = nil) {
        self.task = task
        self.key = key
    }
}
