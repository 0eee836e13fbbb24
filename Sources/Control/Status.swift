/// Everything that a director says about itself: the answer of `GET /v1/status`.
///
/// Points in time are whole seconds of the Unix epoch unless a name says otherwise. New keys may be added; a key
/// that stands here keeps its name and meaning (Docs/API.md).
package struct Status: Codable, Hashable, Sendable {
    /// The pair's name.
    package var pair: String
    /// The director that answers.
    package var director: String
    package var version: String
    /// When the daemon started.
    package var since: Int64
    package var peer: PeerStatus
    /// The directors that are in standby.
    package var standby: [StandbyStatus]
    /// Absent: the pair is not paused.
    package var pause: PauseStatus?
    package var groups: [GroupStatus]
    package var paths: [PathStatus]
    /// Datagrams that were refused, by reason; reasons that never occurred may be left out.
    package var refusals: [String: UInt64]
    package var services: [ServiceStatus]
    package var table: TableStatus
    package var configuration: ConfigurationStatus
    package var timing: TimingStatus
    /// Whether this director could take over without a loss; absent while the peer is not heard.
    package var warmth: WarmthStatus?
    /// Absent while the peer is not heard.
    package var agreement: AgreementStatus?
    /// Absent: connections are not synced.
    package var sync: SyncStatus?
    /// Sentences for people, the gravest first.
    package var warnings: [String]
    /// The groups' gateways; absent of a director that is too old to say.
    package var gateways: [GatewayStatus]?
    /// Who else claims virtual addresses, in the last minute.
    package var claims: [ClaimStatus]?
    /// Absent: the pair has none.
    package var witness: WitnessStatus?
    /// What operators said about servers, the newest first; absent of a director that is too old to say.
    package var overrides: [OverrideStatus]?
    /// Absent of a director that is too old to say.
    package var checks: ChecksStatus?

    package init(
        pair: String, director: String, version: String, since: Int64, peer: PeerStatus, standby: [StandbyStatus] = [],
        pause: PauseStatus? = nil, groups: [GroupStatus] = [], paths: [PathStatus] = [],
        refusals: [String: UInt64] = [:], services: [ServiceStatus] = [],
        table: TableStatus, configuration: ConfigurationStatus, timing: TimingStatus, warmth: WarmthStatus? = nil,
        agreement: AgreementStatus? = nil, sync: SyncStatus? = nil, warnings: [String] = [],
        gateways: [GatewayStatus]? = nil, claims: [ClaimStatus]? = nil, witness: WitnessStatus? = nil,
        overrides: [OverrideStatus]? = nil, checks: ChecksStatus? = nil
    ) {
        self.pair = pair
        self.director = director
        self.version = version
        self.since = since
        self.peer = peer
        self.standby = standby
        self.pause = pause
        self.groups = groups
        self.paths = paths
        self.refusals = refusals
        self.services = services
        self.table = table
        self.configuration = configuration
        self.timing = timing
        self.warmth = warmth
        self.agreement = agreement
        self.sync = sync
        self.warnings = warnings
        self.gateways = gateways
        self.claims = claims
        self.witness = witness
        self.overrides = overrides
        self.checks = checks
    }
}

/// The other director, as this one sees it.
package struct PeerStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// A heartbeat arrived within the takeover time.
        case heard
        /// It was heard before and then fell silent.
        case lost
        /// Not heard since this daemon started.
        case never
        /// It said goodbye.
        case left
    }

    package var name: String
    package var state: State
    /// When `state` began.
    package var since: Int64
    /// When the present session was established.
    package var sessionSince: Int64?
    /// How often the peer came back with a new boot id.
    package var restarts: UInt64
    /// While it restarts: for how many seconds more its silence is no failure.
    package var patience: Int64?
    /// Whether it could take over without a loss; absent while it is not heard.
    package var warmth: WarmthStatus?

    package init(
        name: String, state: State, since: Int64, sessionSince: Int64? = nil, restarts: UInt64 = 0,
        patience: Int64? = nil, warmth: WarmthStatus? = nil
    ) {
        self.name = name
        self.state = state
        self.since = since
        self.sessionSince = sessionSince
        self.restarts = restarts
        self.patience = patience
        self.warmth = warmth
    }
}

/// Whether a director could take over and nobody would lose a connection.
package struct WarmthStatus: Codable, Hashable, Sendable {
    package var isWarm: Bool
    /// Its kernel holds the same table as the other's.
    package var holdsTable: Bool
    /// Established connections that it knows.
    package var known: UInt32
    /// Those of the other director, without the ones of the last seconds.
    package var held: UInt32

    package init(isWarm: Bool, holdsTable: Bool, known: UInt32, held: UInt32) {
        self.isWarm = isWarm
        self.holdsTable = holdsTable
        self.known = known
        self.held = held
    }
}

package struct TableStatus: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// The kernel holds what it should.
        case ok
        /// Steps are on their way.
        case pending
        /// The kernel refused some steps; they are tried again.
        case failed
        /// The kernel has no ip_vs; it is waited for.
        case missing = "no_ip_vs"
    }

    package var state: State
    /// Of the table as read back, in hexadecimal.
    package var digest: String?
    /// One sentence for each step that the kernel refused, at most 10.
    package var failures: [String]
    /// How many services the kernel holds that are not Tandem's; absent: none.
    package var foreign: Int?
    /// Absent: no service is masqueraded.
    package var masquerade: MasqueradeStatus?
    /// Since the daemon started: changes by others that were found, and steps that the kernel refused. Absent: of an
    /// older director.
    package var drifts: UInt64?
    package var refused: UInt64?

    package init(
        state: State, digest: String? = nil, failures: [String] = [], foreign: Int? = nil,
        masquerade: MasqueradeStatus? = nil, drifts: UInt64? = nil, refused: UInt64? = nil
    ) {
        self.state = state
        self.digest = digest
        self.failures = failures
        self.foreign = foreign
        self.masquerade = masquerade
        self.drifts = drifts
        self.refused = refused
    }
}

/// The director's table of nf_tables.
package struct MasqueradeStatus: Codable, Hashable, Sendable {
    /// Services of the kernel's whose packets get the director as their source, and the servers that they go to.
    package var services: Int
    package var servers: Int
    /// Whether the kernel has it as it should be; `failures` of the table say why not.
    package var isKept: Bool

    package init(services: Int, servers: Int, isKept: Bool) {
        self.services = services
        self.servers = servers
        self.isKept = isKept
    }
}

package struct ConfigurationStatus: Codable, Hashable, Sendable {
    package var file: String
    /// In hexadecimal; the same on both directors when both run the same configuration.
    package var digest: String
    package var loadedAt: Int64
    /// When a reload was refused after `loadedAt`; absent: the file in force is the newest that was offered.
    package var refusedAt: Int64?
    /// The first problems of that refused reload, as `tandem validate` prints them.
    package var problems: [String]

    package init(
        file: String, digest: String, loadedAt: Int64, refusedAt: Int64? = nil, problems: [String] = []
    ) {
        self.file = file
        self.digest = digest
        self.loadedAt = loadedAt
        self.refusedAt = refusedAt
        self.problems = problems
    }
}

package struct TimingStatus: Codable, Hashable, Sendable {
    /// From one heartbeat to the next, in milliseconds.
    package var intervalMS: Double
    package var misses: Int
    /// How late this director's heart woke.
    package var lateness: LatenessStatus
    /// The peer's, as it says; absent while it is not heard.
    package var peerLateness: LatenessStatus?

    package init(
        intervalMS: Double, misses: Int, lateness: LatenessStatus = LatenessStatus(),
        peerLateness: LatenessStatus? = nil
    ) {
        self.intervalMS = intervalMS
        self.misses = misses
        self.lateness = lateness
        self.peerLateness = peerLateness
    }
}

/// How late a heart woke or a probe began, in milliseconds: the last time, and at worst within 1, 10 and 60 s.
package struct LatenessStatus: Codable, Hashable, Sendable {
    package var lastMS: Double
    package var secondMS: Double
    package var tenSecondsMS: Double
    package var minuteMS: Double

    package init(lastMS: Double = 0, secondMS: Double = 0, tenSecondsMS: Double = 0, minuteMS: Double = 0) {
        self.lastMS = lastMS
        self.secondMS = secondMS
        self.tenSecondsMS = tenSecondsMS
        self.minuteMS = minuteMS
    }
}
