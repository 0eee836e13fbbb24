extension MetricsText {
    /// Heartbeat paths, gateways and what came in that was refused.
    static let pathParts: [Part] = [
        { report, to in paths(report.status.paths, &to) },
        { report, to in heartbeats(report.status.paths, &to) },
        { report, to in refusals(report.status.refusals, report.refusals, &to) },
        { report, to in gateways(report.status.gateways ?? [], &to) },
    ]

    /// Groups and what makes a director fit to hold them.
    static let groupParts: [Part] = [
        { report, to in roles(report.status.groups, &to) },
        { report, to in changes(report.status.groups, &to) },
        { report, to in fitness(report.status, &to) },
        { report, to in claims(report.status, &to) },
    ]

    /// The words of a group's role, as the status has them.
    private static let roleWords = [
        "waiting", "returning", "backup", "claiming", "active", "giving", "moving", "releasing",
    ]

    private static func paths(_ paths: [PathStatus], _ to: inout MetricsWriter) {
        func each(_ name: String, _ help: String, _ value: (PathStatus) -> Double?) {
            to.family(name, .gauge, help)
            for path in paths {
                if let value = value(path) { to.sample(path.labels, value) }
            }
        }
        each("path_up", "1: something of the peer's came on the path within the takeover time") {
            $0.hears.map { $0 ? 1 : 0 }
        }
        each("path_heard_by_peer", "1: the peer says that it hears this director on the path") {
            $0.isHeard.map { $0 ? 1 : 0 }
        }
        each("path_loss_ratio", "Share of the peer's recent heartbeats that did not arrive, 0 to 1") { $0.loss }
        each("path_round_trip_seconds", "From a heartbeat to its echo, without the time that the peer kept it") {
            $0.roundTripMS.map { $0 / 1000 }
        }
        each("path_silence_seconds", "Time since something of the peer's came on the path") { $0.lastHeard }
    }

    private static func heartbeats(_ paths: [PathStatus], _ to: inout MetricsWriter) {
        func each(_ name: String, _ help: String, _ value: (PathStatus) -> UInt64?) {
            to.family(name, .counter, help)
            for path in paths {
                if let value = value(path) { to.sample(path.labels, value) }
            }
        }
        each("heartbeats_sent", "Heartbeats that were sent on the path") { $0.sent }
        each("heartbeats_heard", "Heartbeats of the peer that arrived on the path") { $0.heard }
        each("heartbeats_missed", "Heartbeats of the peer that later ones show to be missing on the path") { $0.missed }
    }

    private static func refusals(_ counts: [String: UInt64], _ all: [String], _ to: inout MetricsWriter) {
        to.family("datagrams_refused", .counter, "Datagrams to the heartbeats' port that were refused")
        for reason in Set(all).union(counts.keys).sorted() { to.sample(["reason": reason], counts[reason] ?? 0) }
    }

    private static func gateways(_ gateways: [GatewayStatus], _ to: inout MetricsWriter) {
        to.family("gateway_up", .gauge, "1: the gateway answers; absent: it has not been asked often enough yet")
        for gateway in gateways where gateway.state != .unknown {
            to.sample(gateway.labels, gateway.state == .answers)
        }
        to.family("gateway_round_trip_seconds", .gauge, "Until the gateway answered, at worst and lately")
        for gateway in gateways {
            if let time = gateway.roundTripMS { to.sample(gateway.labels, time / 1000) }
        }
    }

    private static func roles(_ groups: [GroupStatus], _ to: inout MetricsWriter) {
        to.family("group_role", .gauge, "1 for the role that this director has in the group")
        for group in groups { to.states(roleWords, group.role, [("group", group.name)], as: "role") }
        to.family("group_role_start_time_seconds", .gauge, "When that role began, since the Unix epoch")
        for group in groups { to.sample(["group": group.name], Int(group.since)) }
        to.family("group_term", .gauge, "The highest number of a claim of the group that is known")
        for group in groups { to.sample(["group": group.name], group.term) }
        to.family("group_addresses", .gauge, "Addresses of the group by where they are at this director")
        for group in groups {
            for state in AddressStatus.State.allCases {
                to.sample(
                    ["group": group.name, "state": state.rawValue], group.addresses.count { $0.state == state })
            }
        }
        to.family("group_addresses_withdrawn", .gauge, "Addresses on no director, for want of servers of a service")
        for group in groups { to.sample(["group": group.name], group.addresses.count { $0.withdrawn != nil }) }
    }

    private static func changes(_ groups: [GroupStatus], _ to: inout MetricsWriter) {
        to.family("group_takeovers", .counter, "How often this director took the group over from nobody")
        for group in groups {
            if let changes = group.changes { to.sample(["group": group.name], changes.takeovers) }
        }
        to.family("group_handovers", .counter, "How often the group was handed over, to this director or by it")
        for group in groups {
            guard let changes = group.changes else { continue }
            to.sample(["group": group.name, "direction": "taken"], changes.taken)
            to.sample(["group": group.name, "direction": "given"], changes.given)
        }
    }

    private static func fitness(_ status: Status, _ to: inout MetricsWriter) {
        to.family("group_fitness", .gauge, "How fit the director is to hold the group, 0 to 100")
        for group in status.groups {
            guard let fitness = group.fitness else { continue }
            to.sample(["group": group.name, "director": status.director], fitness.score)
            if let peer = fitness.peer { to.sample(["group": group.name, "director": status.peer.name], peer) }
        }
        to.family("tracker_failing", .gauge, "1: the tracker fails; of the built-in ones only those that do are here")
        for group in status.groups {
            // Two of a name are one: a scrape that says the same thing twice is refused as a whole.
            let trackers = (group.fitness?.trackers ?? []).filter { $0.state != .pending }
            let failing = Dictionary(trackers.map { ($0.name, $0.state == .failing) }) { $0 || $1 }
            for (name, isFailing) in failing.sorted(by: { $0.key < $1.key }) {
                to.sample(["group": group.name, "tracker": name], isFailing)
            }
        }
    }

    private static func claims(_ status: Status, _ to: inout MetricsWriter) {
        guard let claims = status.claims else { return }
        to.family("foreign_claims", .gauge, "Claims of the group's addresses by others within the last minute")
        for group in status.groups {
            let times = claims.filter { $0.group == group.name }.reduce(0) { $0 + $1.times }
            to.sample(["group": group.name], times)
        }
    }
}

extension PathStatus {
    fileprivate var labels: MetricsWriter.Labels { ["path": name, "local": local, "peer": peer] }
}

extension GatewayStatus {
    fileprivate var labels: MetricsWriter.Labels { ["gateway": address, "interface": interface] }
}
