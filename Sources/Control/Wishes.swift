/// The body of `POST /v1/standby` and `POST /v1/online`.
package struct StandbyRequest: Codable, Hashable, Sendable {
    /// Absent: the answering director.
    package var node: String?
    package var reason: String?

    package init(node: String? = nil, reason: String? = nil) {
        self.node = node
        self.reason = reason
    }
}

/// The body of `POST /v1/pause`, and of `POST /v1/resume`, which looks at the reason alone.
package struct PauseRequest: Codable, Hashable, Sendable {
    /// 1 to 604,800; absent: an hour.
    package var seconds: Int64?
    package var reason: String?

    package init(seconds: Int64? = nil, reason: String? = nil) {
        self.seconds = seconds
        self.reason = reason
    }
}

/// What an operator asks a director to hold to.
package enum WishOrder: Hashable, Sendable {
    case standby(StandbyRequest)
    case online(StandbyRequest)
    case pause(PauseRequest)
    case resume(PauseRequest)
}

/// A wish that is in force where it was made, and on the disk there.
package struct WishReport: Codable, Hashable, Sendable {
    /// `standby`, `online`, `pause` or `resume`.
    package var wish: String
    /// The director that it is about; absent for a pause.
    package var director: String?
    /// When a pause ends.
    package var until: Int64?
    /// What the operator should know, in sentences.
    package var warnings: [String]

    package init(wish: String, director: String? = nil, until: Int64? = nil, warnings: [String] = []) {
        self.wish = wish
        self.director = director
        self.until = until
        self.warnings = warnings
    }
}

/// A director that takes nothing and hands over what it has.
package struct StandbyStatus: Codable, Hashable, Sendable {
    package var director: String
    package var author: Author
    /// When it was asked for.
    package var since: Int64
    package var reason: String?
    /// Whether the peer is known to know.
    package var shared: Bool

    package init(director: String, author: Author, since: Int64, reason: String? = nil, shared: Bool) {
        self.director = director
        self.author = author
        self.since = since
        self.reason = reason
        self.shared = shared
    }
}

/// A pause that is in force: no role changes by itself except after the holder's death.
package struct PauseStatus: Codable, Hashable, Sendable {
    package var author: Author
    package var since: Int64
    package var until: Int64
    package var reason: String?
    /// Whether the peer is known to know.
    package var shared: Bool

    package init(author: Author, since: Int64, until: Int64, reason: String? = nil, shared: Bool) {
        self.author = author
        self.since = since
        self.until = until
        self.reason = reason
        self.shared = shared
    }
}

/// Who asked, and where.
package struct Author: Codable, Hashable, Sendable {
    /// The director that was asked.
    package var at: String
    package var uid: UInt32

    package init(at: String, uid: UInt32) {
        self.at = at
        self.uid = uid
    }
}
