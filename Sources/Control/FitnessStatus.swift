/// How fit a director is to hold a group, and what makes it so.
package struct FitnessStatus: Codable, Hashable, Sendable {
    /// 0: it cannot hold the group; 1 to 100: less what fails.
    package var score: Int
    /// What the peer said last of itself.
    package var peer: Int?
    /// Those of the configuration, and of the built-in ones those that fail.
    package var trackers: [TrackerStatus]

    package init(score: Int, peer: Int? = nil, trackers: [TrackerStatus] = []) {
        self.score = score
        self.peer = peer
        self.trackers = trackers
    }
}

package struct TrackerStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// Not looked at yet.
        case pending
        case passing
        case failing
    }

    /// `script /usr/local/bin/check-uplink`.
    package var name: String
    /// What it takes off the score while it fails.
    package var weight: Int
    package var state: State
    /// What it takes off now.
    package var points: Int
    /// When `state` began; absent while pending.
    package var since: Int64?
    /// Why it fails.
    package var reason: String?

    package init(name: String, weight: Int, state: State, points: Int, since: Int64? = nil, reason: String? = nil) {
        self.name = name
        self.weight = weight
        self.state = state
        self.points = points
        self.since = since
        self.reason = reason
    }
}
