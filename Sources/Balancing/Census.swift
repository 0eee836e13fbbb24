package import Addresses
internal import Settings

/// How many connections a kernel has, by kind, and the established ones by age too.
///
/// Masqueraded ones are counted under their own name alone: that they survive is not promised.
package struct ConnectionCounts: Hashable, Sendable, Codable {
    /// Established TCP and SCTP.
    package var established = 0
    /// Of those: first seen less than 2 s ago, and less than 60 s ago but no longer young.
    package var young = 0
    package var recent = 0
    /// Other TCP and SCTP.
    package var other = 0
    package var udp = 0
    package var masqueraded = 0
    /// What keeps a client with its server.
    package var templates = 0

    package init() {}

    package var total: Int { established + other + udp + masqueraded + templates }

    package static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.established += right.established
        sum.young += right.young
        sum.recent += right.recent
        sum.other += right.other
        sum.udp += right.udp
        sum.masqueraded += right.masqueraded
        sum.templates += right.templates
        return sum
    }
}

/// Counts the kernel's connections again and again, and remembers since when it has seen each: the kernel does not say
/// how old a connection is.
///
/// Bounded: beyond `limit` established connections ages are not kept, and all count as old.
package struct Census: Sendable {
    // Implementation constants

    package static let limit = 200_000
    private static let young = Duration.seconds(2)
    private static let recent = Duration.seconds(60)

    private let index: ServiceIndex
    private let groups: Int
    /// Tenths of seconds on the monotonic clock.
    private var firstSeen: [UInt64: UInt64]
    private var isFirst: Bool
    private var seenNow: [UInt64: UInt64] = [:]
    /// By group, and behind them those of services without one.
    package private(set) var counts: [ConnectionCounts]
    private var now = Instant(nanoseconds: 0)

    /// Goes on with the ages that an earlier one knows, if the configuration changed.
    package init(index: ServiceIndex, groups: Int, after earlier: Census? = nil) {
        self.index = index
        self.groups = groups
        firstSeen = earlier?.firstSeen ?? [:]
        isFirst = earlier?.isFirst ?? true
        counts = Array(repeating: ConnectionCounts(), count: groups + 1)
    }

    package mutating func begin(now: Instant) {
        self.now = now
        seenNow.removeAll(keepingCapacity: true)
        counts = Array(repeating: ConnectionCounts(), count: groups + 1)
    }

    package mutating func count(_ connection: Connection) {
        guard let place = index[connection] else { return }
        let group = place.group ?? groups
        switch connection.kind {
        case .template: counts[group].templates += 1
        case _ where place.forwarding == .nat: counts[group].masqueraded += 1
        case .udp: counts[group].udp += 1
        case .tcp(.established), .sctp(Connection.sctpEstablished): countEstablished(connection, group)
        case .tcp, .sctp: counts[group].other += 1
        }
    }

    private mutating func countEstablished(_ connection: Connection, _ group: Int) {
        counts[group].established += 1
        guard seenNow.count < Self.limit else { return }
        let mark = connection.fingerprint
        // What the first count finds may be of any age.
        let since = firstSeen[mark] ?? (isFirst ? 0 : now.nanoseconds / 100_000_000)
        seenNow[mark] = since
        let age = Duration.milliseconds(Int64(now.nanoseconds / 100_000_000 - since) * 100)
        if age < Self.young {
            counts[group].young += 1
        } else if age < Self.recent {
            counts[group].recent += 1
        }
    }

    /// The kernel's list came to its end; one that was broken off is better not ended.
    package mutating func end() {
        swap(&firstSeen, &seenNow)
        isFirst = false
    }
}
