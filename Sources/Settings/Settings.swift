package import Addresses

/// A whole configuration, validated: what the same file says on both directors.
///
/// Values only. Text becomes Settings in SettingsFile; what a kernel should hold follows from them in Balancing.
package struct Settings: Hashable, Sendable {
    package var pair: PairSettings
    /// In the order of the file; names are unique.
    package var groups: [GroupSettings]
    /// In the order of the file; names are unique and no two listen on the same thing.
    package var services: [ServiceSettings]
    package var timeouts: TimeoutSettings
    package var log: LogSettings
    package var metrics: MetricsSettings?

    package init(
        pair: PairSettings, groups: [GroupSettings] = [], services: [ServiceSettings] = [],
        timeouts: TimeoutSettings = TimeoutSettings(), log: LogSettings = LogSettings(), metrics: MetricsSettings? = nil
    ) {
        self.pair = pair
        self.groups = groups
        self.services = services
        self.timeouts = timeouts
        self.log = log
        self.metrics = metrics
    }
}

/// The two directors and how they talk.
package struct PairSettings: Hashable, Sendable {
    package var name: String
    /// A directory of keys or one key file.
    package var keys: String
    /// The UDP port of the heartbeats, 1 to 65535.
    package var port: UInt16
    package var timing: Timing
    /// What decides while the peer is lost without a goodbye; absent: what `partitionPolicy(of:)` says of each group.
    package var partitionPolicy: PartitionPolicy?
    /// Absent: no connection sync.
    package var sync: SyncSettings?
    /// Exactly two, in the order of the file, with as many addresses each.
    package var directors: [DirectorSettings]
    package var sysctl: SysctlPolicy
    /// Absent: no third machine breaks ties.
    package var witness: WitnessSettings?
    /// Commands that are told of what happens to any group.
    package var notify: [CommandSettings]

    package init(
        name: String, keys: String, port: UInt16 = 5390, timing: Timing = .default,
        partitionPolicy: PartitionPolicy? = nil, sync: SyncSettings? = nil, directors: [DirectorSettings],
        sysctl: SysctlPolicy = .manage, witness: WitnessSettings? = nil, notify: [CommandSettings] = []
    ) {
        self.name = name
        self.keys = keys
        self.port = port
        self.timing = timing
        self.partitionPolicy = partitionPolicy
        self.sync = sync
        self.directors = directors
        self.sysctl = sysctl
        self.witness = witness
        self.notify = notify
    }
}

/// How often heartbeats leave and how many may be missed.
package struct Timing: Hashable, Sendable {
    /// 1 ms to 10 s.
    package var interval: Duration
    /// 2 to 100.
    package var misses: Int

    package init(interval: Duration, misses: Int) {
        self.interval = interval
        self.misses = misses
    }

    /// The silence after which a peer counts as lost.
    package var takeoverTime: Duration { interval * misses }

    package static let `default` = Timing(interval: .milliseconds(200), misses: 5)
    package static let fast = Timing(interval: .milliseconds(50), misses: 4)
    package static let extreme = Timing(interval: .milliseconds(3), misses: 3)
    package static let virtualMachine = Timing(interval: .milliseconds(500), misses: 6)
}

package enum PartitionPolicy: String, Hashable, Sendable, CaseIterable {
    case keepActive = "keep-active"
    case requireGateway = "require-gateway"
    case requireWitness = "require-witness"
}

extension PairSettings {
    /// What decides about a group: what the pair says, else whether the group has gateways.
    package func partitionPolicy(of group: GroupSettings) -> PartitionPolicy {
        partitionPolicy ?? (group.gateways.isEmpty ? .keepActive : .requireGateway)
    }
}

/// Whether the daemon sets the kernel's switches or only says which are wrong.
package enum SysctlPolicy: String, Hashable, Sendable, CaseIterable {
    case manage
    case check
}

/// The kernel's connection sync.
package struct SyncSettings: Hashable, Sendable {
    /// A logical interface name of the directors, or a real one that both have.
    package var interface: String

    package init(interface: String) {
        self.interface = interface
    }
}

package struct DirectorSettings: Hashable, Sendable {
    package var name: String
    /// One per heartbeat path: the first of both directors form path 0, the second path 1.
    package var addresses: [IPAddress]
    /// Logical name → this director's interface.
    package var interfaces: [String: String]

    package init(name: String, addresses: [IPAddress], interfaces: [String: String] = [:]) {
        self.name = name
        self.addresses = addresses
        self.interfaces = interfaces
    }

    /// The real interface behind a logical name; a name that is not mapped is real already.
    package func interface(_ name: String) -> String { interfaces[name] ?? name }
}

/// Virtual addresses that move together.
package struct GroupSettings: Hashable, Sendable {
    package var name: String
    package var addresses: [VirtualAddress]
    /// Logical or real; absent: the interface with a connected route to the address.
    package var interface: String?
    /// The director that should hold it, other things being equal.
    package var prefer: String?
    package var preempt: Preemption
    /// Routers that a director should reach, at most 8.
    package var gateways: [IPAddress]
    /// The name of another group that has to have the same holder.
    package var togetherWith: String?
    package var trackers: [TrackerSettings]
    /// Commands that are told of what happens to this group.
    package var notify: [CommandSettings]

    package init(
        name: String, addresses: [VirtualAddress], interface: String? = nil, prefer: String? = nil,
        preempt: Preemption = .never, gateways: [IPAddress] = [], togetherWith: String? = nil,
        trackers: [TrackerSettings] = [],
        notify: [CommandSettings] = []
    ) {
        self.name = name
        self.addresses = addresses
        self.interface = interface
        self.prefer = prefer
        self.preempt = preempt
        self.gateways = gateways
        self.togetherWith = togetherWith
        self.trackers = trackers
        self.notify = notify
    }
}

package struct VirtualAddress: Hashable, Sendable {
    /// /32 or /128 unless the file gives a mask.
    package var prefix: Prefix
    /// Overrides the group's.
    package var interface: String?

    package init(prefix: Prefix, interface: String? = nil) {
        self.prefix = prefix
        self.interface = interface
    }
}

/// When the preferred director takes its group back from a healthy holder.
package enum Preemption: Hashable, Sendable {
    case never
    /// After it has been fit for so long.
    case after(Duration)
}

package struct LogSettings: Hashable, Sendable {
    package enum Level: String, Hashable, Sendable, CaseIterable { case debug, info, notice, warning, error }
    package enum Format: String, Hashable, Sendable, CaseIterable { case text, json }
    package enum Sink: String, Hashable, Sendable, CaseIterable { case journal, stderr }

    package var level: Level
    package var format: Format
    package var sink: Sink

    package init(level: Level = .info, format: Format = .text, sink: Sink = .journal) {
        self.level = level
        self.format = format
        self.sink = sink
    }
}

/// Where directors give figures to Prometheus besides their API's socket.
package enum MetricsSettings: Hashable, Sendable {
    /// The same address and port at both.
    case everywhere(Endpoint)
    /// By director; one that is not named has none.
    case at([String: Endpoint])

    package func listen(of director: String) -> Endpoint? {
        switch self {
        case .everywhere(let endpoint): endpoint
        case .at(let endpoints): endpoints[director]
        }
    }
}
