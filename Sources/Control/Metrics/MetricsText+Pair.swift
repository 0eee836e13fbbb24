extension MetricsText {
    typealias Part = @Sendable (borrowing MetricsReport, inout MetricsWriter) -> Void

    /// The daemon, the pair and its configuration.
    static let pairParts: [Part] = [
        { report, to in build(report.status, &to) },
        { report, to in peer(report.status, &to) },
        { report, to in warmth(report.status, &to) },
        { report, to in wishes(report.status, &to) },
        { report, to in configuration(report.status, &to) },
        { report, to in lateness(report.status, &to) },
        { report, to in checks(report.status.checks, &to) },
        { report, to in sync(report.status, &to) },
    ]

    private static func build(_ status: Status, _ to: inout MetricsWriter) {
        to.family("build_info", .gauge, "Always 1; its labels say what runs here")
        to.sample(["version": status.version, "pair": status.pair, "director": status.director], 1)
        to.family("start_time_seconds", .gauge, "When the daemon started, since the Unix epoch")
        to.sample(Int(status.since))
        to.family("warnings", .gauge, "Sentences under warnings of the status")
        to.sample(status.warnings.count)
    }

    private static func peer(_ status: Status, _ to: inout MetricsWriter) {
        let name = status.peer.name
        to.family("peer_state", .gauge, "1 for the state that the peer is in")
        to.states(PeerStatus.State.allCases.map(\.rawValue), status.peer.state.rawValue, [("peer", name)], as: "state")
        to.family("peer_state_start_time_seconds", .gauge, "When the state of the peer began, since the Unix epoch")
        to.sample(["peer": name], Int(status.peer.since))
        to.family("peer_restarts", .counter, "How often the peer came back as another process or after a boot")
        to.sample(["peer": name], status.peer.restarts)
        to.family("peer_session_start_time_seconds", .gauge, "When the present session began, since the Unix epoch")
        if let since = status.peer.sessionSince { to.sample(["peer": name], Int(since)) }
        to.family("in_sync", .gauge, "1: both directors have the same configuration and tables; absent: nobody knows")
        if let agreement = status.agreement { to.sample(agreement.isInSync) }
        guard let witness = status.witness else { return }
        to.family("witness_up", .gauge, "1: the witness answers")
        to.sample(["witness": witness.address], witness.state == .heard)
        to.family("witness_round_trip_seconds", .gauge, "From the newest question to the witness to its answer")
        if let time = witness.roundTripMS { to.sample(["witness": witness.address], time / 1000) }
        to.family("witness_restarts", .counter, "How often the witness came back as another process")
        to.sample(["witness": witness.address], witness.restarts)
    }

    private static func warmth(_ status: Status, _ to: inout MetricsWriter) {
        let sides = [(status.director, status.warmth), (status.peer.name, status.peer.warmth)]
        func each(_ body: (String, WarmthStatus) -> Void) {
            for (name, warmth) in sides { if let warmth { body(name, warmth) } }
        }
        to.family("warm", .gauge, "1: the director could take over without a loss")
        each { to.sample(["director": $0], $1.isWarm) }
        to.family("connections_known", .gauge, "Established connections that the director knows")
        each { to.sample(["director": $0], Int($1.known)) }
        to.family("connections_wanted", .gauge, "Established connections that it should know, of the other director")
        each { to.sample(["director": $0], Int($1.held)) }
    }

    private static func wishes(_ status: Status, _ to: inout MetricsWriter) {
        to.family("standby", .gauge, "1: the director is in standby")
        for name in [status.director, status.peer.name] {
            to.sample(["director": name], status.standby.contains { $0.director == name })
        }
        to.family("paused", .gauge, "1: the pair is paused")
        to.sample(status.pause != nil)
        guard let overrides = status.overrides else { return }
        to.family("overrides", .gauge, "Drains and weights by hand that are in force")
        let drains = overrides.count { $0.weight == nil }
        to.sample(["kind": "drain"], drains)
        to.sample(["kind": "weight"], overrides.count - drains)
    }

    private static func configuration(_ status: Status, _ to: inout MetricsWriter) {
        to.family("configuration_loaded_time_seconds", .gauge, "When the configuration came into force")
        to.sample(Int(status.configuration.loadedAt))
        to.family("configuration_refused", .gauge, "1: the newest reload was refused")
        to.sample(status.configuration.refusedAt != nil)
        to.family("heartbeat_interval_seconds", .gauge, "From one heartbeat to the next")
        to.sample(status.timing.intervalMS / 1000)
        to.family("takeover_time_seconds", .gauge, "The silence after which a peer counts as lost")
        to.sample(status.timing.intervalMS * Double(status.timing.misses) / 1000)
    }

    private static func lateness(_ status: Status, _ to: inout MetricsWriter) {
        to.family("heart_lateness_seconds", .gauge, "How late the heart woke, at worst within the window")
        windows(status.timing.lateness, status.director, &to)
        if let peer = status.timing.peerLateness { windows(peer, status.peer.name, &to) }
    }

    private static func windows(_ lateness: LatenessStatus, _ director: String, _ to: inout MetricsWriter) {
        to.sample(["director": director, "window": "1s"], lateness.secondMS / 1000)
        to.sample(["director": director, "window": "10s"], lateness.tenSecondsMS / 1000)
        to.sample(["director": director, "window": "1m"], lateness.minuteMS / 1000)
    }

    private static func checks(_ checks: ChecksStatus?, _ to: inout MetricsWriter) {
        guard let checks else { return }
        to.family("checks", .gauge, "Checks that there are; those that services share count once")
        to.sample(checks.probes)
        to.family("checks_running", .gauge, "Checks without a result yet")
        to.sample(checks.running)
        to.family("checks_waiting", .gauge, "Checks that are due and have not begun")
        to.sample(checks.waiting)
        to.family("checks_begun", .counter, "Checks that have begun")
        to.sample(checks.begun)
        to.family("checks_failed", .counter, "Checks that have ended in a failure")
        if let failed = checks.failed { to.sample(failed) }
        to.family("check_delay_seconds", .gauge, "How long after its moment a check began, at worst within the window")
        to.sample(["window": "1s"], checks.queueDelay.secondMS / 1000)
        to.sample(["window": "10s"], checks.queueDelay.tenSecondsMS / 1000)
        to.sample(["window": "1m"], checks.queueDelay.minuteMS / 1000)
    }

    private static func sync(_ status: Status, _ to: inout MetricsWriter) {
        guard let sync = status.sync else { return }
        let sides = [(status.director, sync.here)] + (sync.there.map { [(status.peer.name, $0)] } ?? [])
        to.family("sync_daemon_running", .gauge, "1: the sync daemon of the director's kernel runs")
        for (name, side) in sides {
            to.sample(["director": name, "daemon": "master"], side.isMasterRunning)
            to.sample(["director": name, "daemon": "backup"], side.isBackupRunning)
        }
        to.family("sync_connections", .gauge, "Connections in the director's kernel")
        for (name, side) in sides {
            for group in side.connections ?? [] {
                let kinds = [
                    ("established", group.established), ("other", group.other), ("udp", group.udp),
                    ("masqueraded", group.masqueraded), ("template", group.templates),
                ]
                for (kind, count) in kinds { to.sample(["director": name, "group": group.group, "kind": kind], count) }
            }
        }
        to.family("sync_telling", .gauge, "1: the peer is being told of connections that it missed")
        to.sample(sync.isTelling)
    }
}
