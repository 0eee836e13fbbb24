/// A router that groups should reach.
package struct GatewayStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case answers
        /// Three questions in a row had no answer.
        case silent
        /// It has not been asked three times yet.
        case unknown
    }

    package var address: String
    /// Where this director asks it.
    package var interface: String
    package var groups: [String]
    package var state: State
    /// When `state` began.
    package var since: Int64
    /// Milliseconds until an answer came, at worst and lately.
    package var roundTripMS: Double?

    package init(
        address: String, interface: String, groups: [String], state: State, since: Int64, roundTripMS: Double? = nil
    ) {
        self.address = address
        self.interface = interface
        self.groups = groups
        self.state = state
        self.since = since
        self.roundTripMS = roundTripMS
    }
}

/// Somebody who is neither director says that he has one of the virtual addresses.
package struct ClaimStatus: Codable, Hashable, Sendable {
    package var address: String
    package var group: String
    /// His link-layer address.
    package var mac: String
    /// This director's interface that it was heard on.
    package var interface: String
    package var since: Int64
    /// How often in the last minute.
    package var times: Int

    package init(address: String, group: String, mac: String, interface: String, since: Int64, times: Int) {
        self.address = address
        self.group = group
        self.mac = mac
        self.interface = interface
        self.since = since
        self.times = times
    }
}
