import Control

/// Directors in the situations that the pages are tested with, at one moment.
enum Situations {
    static let now: Int64 = 1_800_000_000

    /// Both directors are there, and lb1 has been active for twelve days.
    static let healthy = Status(
        pair: "edge", director: "lb1", version: "0.1.0", since: now - 1_051_200,
        peer: PeerStatus(name: "lb2", state: .heard, since: now - 1_051_190, sessionSince: now - 1_051_190),
        groups: [
            GroupStatus(
                name: "web", role: "active", term: 1, since: now - 1_051_180, reason: "it is preferred", holder: "lb1",
                peerRole: "backup",
                addresses: [
                    AddressStatus(prefix: "192.0.2.10/32", interface: "eth0", state: .here),
                    AddressStatus(prefix: "2001:db8::10/128", interface: "eth0", state: .here),
                ])
        ],
        paths: [
            PathStatus(
                name: "path 0", local: "192.0.2.2", peer: "192.0.2.3", interface: "eth0", loss: 0, lastHeard: 0.08,
                roundTripMS: 0.412),
            PathStatus(
                name: "path 1", local: "10.9.0.2", peer: "10.9.0.3", interface: "eth1", loss: 0.003, lastHeard: 0.13,
                roundTripMS: 3.96),
        ],
        services: [service(up: 2)], table: TableStatus(state: .ok, digest: "5f1c9a30"),
        configuration: ConfigurationStatus(
            file: "/etc/tandem/tandem.yaml", digest: "8ba1f00d", loadedAt: now - 90_000),
        timing: TimingStatus(
            intervalMS: 200, misses: 5,
            lateness: LatenessStatus(lastMS: 0.1, secondMS: 0.1, tenSecondsMS: 0.2, minuteMS: 4.4)))

    /// lb2, after lb1 fell silent three minutes ago.
    static let takeover: Status = {
        var status = healthy
        status.director = "lb2"
        status.peer = PeerStatus(name: "lb1", state: .lost, since: now - 190, restarts: 1)
        status.groups[0].since = now - 190
        status.groups[0].term = 2
        status.groups[0].reason = "lb1 fell silent"
        status.groups[0].holder = "lb2"
        status.groups[0].peerRole = nil
        for path in status.paths.indices {
            status.paths[path].loss = 1
            status.paths[path].lastHeard = 191.2
            status.paths[path].roundTripMS = nil
        }
        status.refusals = ["replayed": 3, "wrong key": 0, "too short": 12]
        return status
    }()

    /// A director that just started alone, on a kernel without ip_vs.
    static let alone: Status = {
        var status = healthy
        status.since = now - 2
        status.peer = PeerStatus(name: "lb2", state: .never, since: now - 2)
        status.groups[0] = GroupStatus(
            name: "web", role: "backup", term: 0, since: now - 2, reason: "it just started",
            addresses: [AddressStatus(prefix: "192.0.2.10/32", interface: "eth0", state: .absent)],
            waitingFor: "interface eth0")
        status.paths = [PathStatus(name: "path 0", local: "192.0.2.2", peer: "192.0.2.3")]
        status.services[0] = service(up: 0, other: .unknown)
        status.table = TableStatus(state: .missing)
        status.configuration.loadedAt = now - 2
        status.warnings = ["The kernel has no ip_vs: load it with 'modprobe ip_vs'."]
        return status
    }()

    /// One server is down, the kernel refused a step, and so was a reload; the peer is about to go.
    static let troubled: Status = {
        var status = healthy
        status.peer = PeerStatus(name: "lb2", state: .left, since: now - 64, sessionSince: nil, restarts: 2)
        status.groups[0].addresses[1].state = .lo
        status.services[0] = service(up: 1)
        status.table = TableStatus(
            state: .failed, digest: "5f1c9a31", failures: ["the scheduler ip_vs_wlc is not there (modprobe ip_vs_wlc)"])
        status.configuration.refusedAt = now - 30
        status.configuration.problems = [
            "/etc/tandem/tandem.yaml:3:1: unknown key 'pear'; did you mean 'pair'?",
            "/etc/tandem/tandem.yaml:9:5: 'forward' is missing: nat, dr or tun",
        ]
        status.warnings = ["net.ipv4.vs.sync_threshold is '3 50'; 'sysctl: manage' would set it to '0 0'."]
        return status
    }()

    /// lb2 works on lb1's disks: lb1 is in standby, and the pair is paused for an hour.
    static let maintenance: Status = {
        var status = healthy
        status.standby = [
            StandbyStatus(
                director: "lb1", author: Author(at: "lb2", uid: 1000), since: now - 600, reason: "new disk",
                shared: true)
        ]
        status.pause = PauseStatus(
            author: Author(at: "lb1", uid: 0), since: now - 1200, until: now + 2400, shared: false)
        status.groups[0].role = "backup"
        status.groups[0].peerRole = "active"
        status.groups[0].holder = "lb2"
        return status
    }()

    static func service(up: Int, other: ServerStatus.Verdict = .down) -> ServiceStatus {
        let servers = (0..<2).map { index in
            let isUp = index < up
            return ServerStatus(
                endpoint: "10.1.0.2\(index + 1):80", forwarding: "dr", weight: UInt32(index + 1),
                verdict: isUp ? .up : other, since: other == .unknown ? nil : now - (isUp ? 4000 : 64),
                reason: isUp || other == .unknown ? nil : "connection refused")
        }
        return ServiceStatus(
            name: "web", group: "web", listen: ["tcp://192.0.2.10:80", "tcp://[2001:db8::10]:80"], scheduler: "wlc",
            servers: servers)
    }
}
