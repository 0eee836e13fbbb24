/// The body of `POST /v1/drain`, `POST /v1/ready` and `POST /v1/weight`.
package struct ServerRequest: Codable, Hashable, Sendable {
    /// An address, with the server's port or without one for any: `10.1.0.21`, `10.1.0.21:80`, `[2001:db8::21]:80`.
    package var server: String
    /// Absent: in every service.
    package var service: String?
    /// 0 to 2,147,483,647. Of `/v1/weight`, which wants this or `original`.
    package var weight: UInt32?
    /// The configuration's weight again.
    package var original: Bool?
    package var reason: String?
    /// Also where a service is left without a server that takes connections; absent: no.
    package var force: Bool?

    package init(
        server: String, service: String? = nil, weight: UInt32? = nil, original: Bool? = nil, reason: String? = nil,
        force: Bool? = nil
    ) {
        self.server = server
        self.service = service
        self.weight = weight
        self.original = original
        self.reason = reason
        self.force = force
    }
}

/// What an operator says about a server.
package enum ServerOrder: Hashable, Sendable {
    case drain(ServerRequest)
    case ready(ServerRequest)
    case weight(ServerRequest)

    package var request: ServerRequest {
        switch self {
        case .drain(let request), .ready(let request), .weight(let request): request
        }
    }
}

/// A word about a server that is in force where it was said, and on the disk there.
package struct ServerReport: Codable, Hashable, Sendable {
    /// `drain`, `ready`, `weight` or `original`.
    package var order: String
    /// As `status` names it.
    package var server: String
    /// Absent: every service that has such a server.
    package var service: String?
    package var weight: UInt32?
    /// The servers that it is about: `10.1.0.21:80 of web`.
    package var servers: [String]
    /// What the operator should know, in sentences.
    package var warnings: [String]

    package init(
        order: String, server: String, service: String? = nil, weight: UInt32? = nil, servers: [String],
        warnings: [String] = []
    ) {
        self.order = order
        self.server = server
        self.service = service
        self.weight = weight
        self.servers = servers
        self.warnings = warnings
    }
}

/// What an operator said about a server and is in force.
package struct OverrideStatus: Codable, Hashable, Sendable {
    /// An address, with a port or without.
    package var server: String
    /// Absent: every service.
    package var service: String?
    /// Instead of the configuration's weight; absent: a drain.
    package var weight: UInt32?
    package var author: Author
    /// When it was said, by the clock of the director that was asked.
    package var since: Int64
    package var reason: String?
    /// Whether the peer is known to know.
    package var shared: Bool
    /// The servers that it makes other than the configuration has them: `10.1.0.21:80 of web`. Empty: no service has
    /// such a server.
    package var servers: [String]
    /// Of a drain.
    package var connections: DrainConnections?
    /// No connection is left on either director, and none can come.
    package var isDrained: Bool?

    package init(
        server: String, service: String? = nil, weight: UInt32? = nil, author: Author, since: Int64,
        reason: String? = nil, shared: Bool, servers: [String], connections: DrainConnections? = nil,
        isDrained: Bool? = nil
    ) {
        self.server = server
        self.service = service
        self.weight = weight
        self.author = author
        self.since = since
        self.reason = reason
        self.shared = shared
        self.servers = servers
        self.connections = connections
        self.isDrained = isDrained
    }

    /// `10.1.0.21`, or `10.1.0.21:80 of web`.
    package var name: String { service.map { "\(server) of \($0)" } ?? server }
}

/// The active connections that a drain waits for.
package struct DrainConnections: Codable, Hashable, Sendable {
    /// By this director's kernel; absent: it counts none.
    package var here: UInt64?
    /// By the peer's; absent: it is not heard, or does not say.
    package var there: UInt64?

    package init(here: UInt64?, there: UInt64?) {
        self.here = here
        self.there = there
    }
}

/// Who said something about a server, when and why.
package struct OverrideMark: Codable, Hashable, Sendable {
    package var author: Author
    package var since: Int64
    package var reason: String?
    /// Absent of a drain.
    package var weight: UInt32?

    package init(author: Author, since: Int64, reason: String? = nil, weight: UInt32? = nil) {
        self.author = author
        self.since = since
        self.reason = reason
        self.weight = weight
    }
}
