import Control

extension MetricsReport {
    /// A director with something of everything.
    static let golden: MetricsReport = {
        var status = Status.sample
        status.peer.restarts = 1
        status.agreement = AgreementStatus(isInSync: true)
        (status.warmth, status.peer.warmth) = (
            WarmthStatus(isWarm: true, holdsTable: true, known: 1000, held: 1005),
            WarmthStatus(isWarm: false, holdsTable: true, known: 5, held: 1000)
        )
        status.witness = WitnessStatus(
            address: "192.0.2.9:5391", state: .heard, since: 1, roundTripMS: 0.75, restarts: 2)
        status.standby = [
            StandbyStatus(director: "lb2", author: Author(at: "lb1", uid: 0), since: 1, reason: "a", shared: true)
        ]
        status.overrides = [OverrideStatus.drain("10.1.0.22"), OverrideStatus.drain("10.1.0.23")]
        status.timing.lateness = LatenessStatus(lastMS: 0.1, secondMS: 0.25, tenSecondsMS: 1.5, minuteMS: 12)
        status.timing.peerLateness = LatenessStatus(minuteMS: 3)
        status.checks = ChecksStatus(
            probes: 2, running: 1, waiting: 0, begun: 12_345_678_901,
            queueDelay: LatenessStatus(lastMS: 1, secondMS: 2, tenSecondsMS: 3, minuteMS: 4), failed: 17)
        status.sync = .golden
        status.groups[0].changes = ChangeCounts(takeovers: 1, taken: 2, given: 3)
        status.groups[0].addresses = [AddressStatus(prefix: "192.0.2.10/32", interface: "eth0", state: .here)]
        status.groups[0].fitness = FitnessStatus(
            score: 60, peer: 100,
            trackers: [
                TrackerStatus(
                    name: "script /usr/local/bin/check \"uplink\"", weight: 40, state: .failing, points: 40, since: 1,
                    reason: "exit 1"), TrackerStatus(name: "file /run/up", weight: 5, state: .pending, points: 0),
            ])
        status.paths = [
            PathStatus(
                name: "1", local: "192.0.2.2", peer: "192.0.2.3", loss: 0.0025, lastHeard: 0.125, roundTripMS: 0.5,
                hears: true, isHeard: false, sent: 9000, heard: 8990, missed: 10),
            PathStatus(name: "2", local: "10.9.0.2", peer: "10.9.0.3", hears: false, sent: 4, heard: 0, missed: 0),
        ]
        status.refusals = ["replayed": 2]
        status.gateways = [
            GatewayStatus(
                address: "192.0.2.1", interface: "eth0", groups: ["web"], state: .answers, since: 1, roundTripMS: 1)
        ]
        status.claims = [
            ClaimStatus(
                address: "192.0.2.10", group: "web", mac: "02:00:00:00:00:01", interface: "eth0", since: 1, times: 3)
        ]
        status.services = [.golden]
        status.table = TableStatus(state: .ok, digest: "ab", foreign: 1, drifts: 4, refused: 5)
        return MetricsReport(status: status, counters: .golden, refusals: ["too short", "replayed"])
    }()
}

extension OverrideStatus {
    fileprivate static func drain(_ server: String) -> OverrideStatus {
        OverrideStatus(server: server, author: Author(at: "lb1", uid: 0), since: 1, shared: true, servers: [server])
    }
}

extension SyncStatus {
    fileprivate static let golden = SyncStatus(
        here: SyncSide(
            interface: "eth1", id: 7, isMasterRunning: true, isBackupRunning: true,
            connections: [GroupConnections(group: "web", isHeld: true, established: 1000, other: 5, udp: 2)]),
        there: SyncSide(interface: "eth1", id: 8, isMasterRunning: true, isBackupRunning: false))
}

extension ServiceStatus {
    fileprivate static let golden: ServiceStatus = {
        var drained = ServerStatus(endpoint: "10.1.0.22:80", forwarding: "dr", weight: 2, verdict: .up)
        drained.drain = OverrideMark(author: Author(at: "lb1", uid: 0), since: 1)
        var weighed = ServerStatus(endpoint: "10.1.0.23:80", forwarding: "dr", weight: 2, verdict: .down)
        (weighed.override, weighed.isDisputed) = (
            OverrideMark(author: Author(at: "lb1", uid: 0), since: 1, weight: 9), true
        )
        return ServiceStatus(
            name: "web", group: "web", listen: ["tcp://192.0.2.10:80"], scheduler: "wlc",
            servers: [
                ServerStatus(endpoint: "10.1.0.21:80", forwarding: "dr", weight: 1, verdict: .up), drained, weighed,
                ServerStatus(endpoint: "10.1.0.24:80", forwarding: "dr", weight: 1, verdict: .unknown),
            ])
    }()
}

extension CountersReport {
    fileprivate static let golden = CountersReport(
        monotonic: 1,
        services: [
            ServiceCounters(
                listen: "tcp://192.0.2.10:80", name: "web", scheduler: "wlc",
                counters: Counters(connections: 7, packetsIn: 70, bytesIn: 7000), rates: Counters(),
                servers: [
                    ServerCounters(
                        endpoint: "10.1.0.21:80", forwarding: "dr", weight: 1, active: 3, inactive: 4, persistent: 5,
                        counters: Counters(connections: 7, packetsIn: 70, bytesIn: UInt64.max), rates: Counters())
                ]),
            ServiceCounters(
                listen: "fwmark://7", scheduler: "rr", counters: Counters(connections: 1, packetsOut: 2, bytesOut: 3),
                rates: Counters(), servers: []),
        ])
}
