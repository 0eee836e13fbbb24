package import Addresses

/// A server of a service as the schedulers see it.
package struct ServerState: Hashable, Sendable {
    package enum Load: Hashable, Sendable {
        /// It takes connections, as far as its thresholds go.
        case free
        /// It has as many connections as its upper threshold allows.
        case full
        /// Between its thresholds: whether it is full depends on whether it was, which the kernel does not tell.
        case unknown
    }

    package var endpoint: Endpoint
    package var options: ServerOptions
    package var connections: TableText.Connections
    /// The last weight above 0 that it had in this kernel, as far as known: mh goes by it.
    package var lastWeight: UInt32

    package init(
        endpoint: Endpoint, options: ServerOptions, connections: TableText.Connections = .init(),
        lastWeight: UInt32? = nil
    ) {
        self.endpoint = endpoint
        self.options = options
        self.connections = connections
        self.lastWeight = options.weight > 0 ? options.weight : lastWeight ?? 0
    }

    /// Of its thresholds (net/netfilter/ipvs/ip_vs_conn.c, `ip_vs_bind_dest` and `ip_vs_unbind_dest`).
    package var load: Load {
        guard options.upperThreshold > 0 else { return .free }
        let total = UInt64(connections.active) + UInt64(connections.inactive)
        if total >= UInt64(options.upperThreshold) { return .full }
        let upper = UInt64(options.upperThreshold)
        let isBelow =
            options.lowerThreshold > 0 ? total < UInt64(options.lowerThreshold) : total * 4 < upper * 3
        return isBelow ? .free : .unknown
    }

    /// Whether it gets new connections, where that is known; what is not counts as yes.
    package var isAvailable: Bool { options.weight > 0 && load != .full }
}
