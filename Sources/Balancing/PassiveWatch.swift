package import Addresses
package import Settings

/// A server to which new connections go and from which nothing comes back.
package struct Silence: Hashable, Sendable {
    /// From when on nothing came.
    package var since: Instant
    /// How many connections began since then, until it was noticed.
    package var connections: UInt64

    package init(since: Instant, connections: UInt64) {
        self.since = since
        self.connections = connections
    }
}

/// A server fell silent, or is it no more.
package struct SilenceChange: Hashable, Sendable {
    package enum What: Hashable, Sendable {
        /// Within this time.
        case silent(Silence, after: Duration)
        case answers
        /// No connection began for a period, so nothing is known of what would come back.
        case idle
    }

    package var server: ServerKey
    package var what: What

    package init(server: ServerKey, what: What) {
        self.server = server
        self.what = what
    }
}

/// Looks on at the kernel's counters, and changes no verdict.
///
/// What the kernel counts as out comes from a server by way of the director, a reset too. So a server is silent to
/// which connections went for a whole period, of which not one packet came back. Counters of direct routing and tunnels
/// say nothing of that, and nor do those of a backup.
package struct PassiveWatch: Sendable {
    /// What the kernel has counted of one server, for all that its service listens on.
    package struct Count: Sendable {
        package var server: ServerKey
        package var settings: PassiveSettings
        package var connections: UInt64
        package var packetsIn: UInt64
        package var packetsOut: UInt64

        package init(
            _ server: ServerKey, _ settings: PassiveSettings, connections: UInt64, packetsIn: UInt64, packetsOut: UInt64
        ) {
            self.server = server
            self.settings = settings
            self.connections = connections
            self.packetsIn = packetsIn
            self.packetsOut = packetsOut
        }
    }

    private struct Base {
        /// The last look at which nothing was owed.
        var at: Instant
        var count: Count
        /// When a connection began last, and how many there were then.
        var newestAt: Instant
        var newest: UInt64

        init(_ count: Count, _ now: Instant) {
            (at, self.count) = (now, count)
            (newestAt, newest) = (now, count.connections)
        }
    }

    private var bases: [ServerKey: Base] = [:]
    package private(set) var silent: [ServerKey: Silence] = [:]

    package init() {}

    /// - Parameter counts: of all servers that are looked at and that the kernel holds; others are forgotten.
    package mutating func observe(_ counts: [Count], now: Instant) -> [SilenceChange] {
        var kept: [ServerKey: Base] = [:]
        kept.reserveCapacity(counts.count)
        var changes: [SilenceChange] = []
        for count in counts {
            guard var base = bases[count.server] else {
                kept[count.server] = Base(count, now)
                continue
            }
            if let what = judge(count, &base, now) { changes.append(SilenceChange(server: count.server, what: what)) }
            kept[count.server] = base
        }
        bases = kept
        silent = silent.filter { kept[$0.key] != nil }
        return changes
    }

    private mutating func judge(_ count: Count, _ base: inout Base, _ now: Instant) -> SilenceChange.What? {
        // Counters that went back are those of a server that was put into the table anew.
        guard count.packetsOut == base.count.packetsOut, count.connections >= base.newest else {
            base = Base(count, now)
            return silent.removeValue(forKey: count.server) == nil ? nil : .answers
        }
        if count.connections > base.newest {
            (base.newest, base.newestAt) = (count.connections, now)
        } else if count.connections == base.count.connections || now - base.newestAt >= count.settings.period {
            base = Base(count, now)
            return silent.removeValue(forKey: count.server) == nil ? nil : .idle
        }
        let begun = count.connections - base.count.connections
        let time = now - base.at
        guard silent[count.server] == nil, time >= count.settings.period, begun >= UInt64(count.settings.connections),
            count.packetsIn > base.count.packetsIn
        else { return nil }
        let silence = Silence(since: base.at, connections: begun)
        silent[count.server] = silence
        return .silent(silence, after: time)
    }
}
