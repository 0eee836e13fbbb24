/// The witness, as this director sees it.
package struct WitnessStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// It answers.
        case heard
        /// It answered before and then fell silent.
        case silent
        /// Not heard since this daemon started.
        case never
    }

    /// `192.0.2.9:5391`.
    package var address: String
    package var state: State
    /// When `state` began.
    package var since: Int64
    /// Seconds ago.
    package var lastHeard: Double?
    /// From the newest request to its answer.
    package var roundTripMS: Double?
    /// How often it came back with a new boot id.
    package var restarts: UInt64
    /// What it said last of each group of which somebody has the grant.
    package var grants: [GrantStatus]

    package init(
        address: String, state: State, since: Int64, lastHeard: Double? = nil, roundTripMS: Double? = nil,
        restarts: UInt64 = 0, grants: [GrantStatus] = []
    ) {
        self.address = address
        self.state = state
        self.since = since
        self.lastHeard = lastHeard
        self.roundTripMS = roundTripMS
        self.restarts = restarts
        self.grants = grants
    }
}

package struct GrantStatus: Codable, Hashable, Sendable {
    package var group: String
    /// The director that has the grant; absent: one that this director does not know.
    package var holder: String?
    /// How long this director's own grant lasts if it is not renewed.
    package var leftMS: Double?

    package init(group: String, holder: String? = nil, leftMS: Double? = nil) {
        self.group = group
        self.holder = holder
        self.leftMS = leftMS
    }
}
