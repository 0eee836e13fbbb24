/// What the kernel has counted, read when it was asked for: the answer of `GET /v1/counters`.
package struct CountersReport: Codable, Hashable, Sendable {
    /// When it was read, on the director's monotonic clock, in nanoseconds.
    package var monotonic: UInt64
    /// In the order of `tandem table`.
    package var services: [ServiceCounters]

    package init(monotonic: UInt64, services: [ServiceCounters]) {
        self.monotonic = monotonic
        self.services = services
    }
}

/// A service of the kernel's table.
package struct ServiceCounters: Codable, Hashable, Sendable {
    /// `tcp://192.0.2.10:80` or `fwmark://7`.
    package var listen: String
    /// Of the configuration; absent: a service that is not Tandem's, or not any more.
    package var name: String?
    package var scheduler: String
    /// As `ipvsadm -b` takes them.
    package var flags: [String]
    /// Seconds; absent: not persistent.
    package var persistence: UInt32?
    package var counters: Counters
    package var rates: Counters
    package var servers: [ServerCounters]

    package init(
        listen: String, name: String? = nil, scheduler: String, flags: [String] = [], persistence: UInt32? = nil,
        counters: Counters, rates: Counters, servers: [ServerCounters]
    ) {
        self.listen = listen
        self.name = name
        self.scheduler = scheduler
        self.flags = flags
        self.persistence = persistence
        self.counters = counters
        self.rates = rates
        self.servers = servers
    }
}

package struct ServerCounters: Codable, Hashable, Sendable {
    package var endpoint: String
    package var forwarding: String
    /// As the kernel has it: 0 takes no new connections.
    package var weight: UInt32
    package var upperThreshold: UInt32
    package var lowerThreshold: UInt32
    /// Connections as the kernel counts them now: active, others, and templates that keep clients with it.
    package var active: UInt32
    package var inactive: UInt32
    package var persistent: UInt32
    package var counters: Counters
    package var rates: Counters

    package init(
        endpoint: String, forwarding: String, weight: UInt32, upperThreshold: UInt32 = 0, lowerThreshold: UInt32 = 0,
        active: UInt32 = 0, inactive: UInt32 = 0, persistent: UInt32 = 0, counters: Counters, rates: Counters
    ) {
        self.endpoint = endpoint
        self.forwarding = forwarding
        self.weight = weight
        self.upperThreshold = upperThreshold
        self.lowerThreshold = lowerThreshold
        self.active = active
        self.inactive = inactive
        self.persistent = persistent
        self.counters = counters
        self.rates = rates
    }
}

/// Since the service or the server is in the table; or in a second. Answers are seen with `nat` alone.
package struct Counters: Codable, Hashable, Sendable {
    package var connections: UInt64
    package var packetsIn: UInt64
    package var packetsOut: UInt64
    package var bytesIn: UInt64
    package var bytesOut: UInt64

    package init(
        connections: UInt64 = 0, packetsIn: UInt64 = 0, packetsOut: UInt64 = 0, bytesIn: UInt64 = 0,
        bytesOut: UInt64 = 0
    ) {
        self.connections = connections
        self.packetsIn = packetsIn
        self.packetsOut = packetsOut
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
    }
}

/// The kernel's table as text: the answer of `GET /v1/listing`.
package struct ListingReport: Codable, Hashable, Sendable {
    package var text: String

    package init(text: String) {
        self.text = text
    }
}

/// How `GET /v1/listing` lays the table out.
package struct ListingRequest: Hashable, Sendable {
    package enum Layout: String, Hashable, Sendable, CaseIterable {
        /// `ipvsadm -Ln`, and with its options of the same names.
        case list, stats, rate, thresholds
        /// `ipvsadm -Sn`, with what that leaves out.
        case save
    }

    package var layout: Layout
    /// Numbers whole, however long.
    package var isExact: Bool
    /// With `save`: what `ipvsadm -S` would lose, in lines that begin with `#`.
    package var hasComments: Bool

    package init(layout: Layout, isExact: Bool = false, hasComments: Bool = false) {
        self.layout = layout
        self.isExact = isExact
        self.hasComments = hasComments
    }
}
