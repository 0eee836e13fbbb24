import Addresses
package import Settings

/// Judges what a director's machine offers to its configuration.
package struct Doctor {
    let settings: Settings
    let director: DirectorSettings
    let facts: DirectorFacts

    /// - Parameter director: which of the pair's directors the machine is.
    package init(_ settings: Settings, director: Int, facts: DirectorFacts) {
        self.settings = settings
        self.director = settings.pair.directors[director]
        self.facts = facts
    }

    package var report: DoctorReport {
        let findings = [
            daemon, ipvs, schedulers, keys, port, clock, others, interfaces, standingAddresses, forwarding, redirects,
            reversePaths, masquerade, conntrack, tunnels, neighbours,
        ]
        return DoctorReport(director: director.name, findings: findings.flatMap { $0 })
    }

    /// Programs that want to be the only ones to manage what Tandem manages.
    static let rivals = ["keepalived", "ldirectord", "pulse", "nanny", "heartbeat"]
    /// Programs that think that an interface's addresses are theirs.
    static let networkers = ["NetworkManager", "systemd-networkd"]
    /// The daemon itself.
    static let daemonName = "tandemd"
    static var programs: [String] { rivals + networkers + [daemonName] }

    private var daemon: [DoctorFinding] {
        if facts.running.contains(Self.daemonName) { return [DoctorFinding(.ok, "tandemd", "it runs")] }
        return [DoctorFinding(.warn, "tandemd", "it does not run", remedy: "systemctl start tandemd")]
    }

    private var keys: [DoctorFinding] {
        guard let problem = facts.keyProblem else {
            return [DoctorFinding(.ok, "keys", "they can be used by nobody else")]
        }
        return [DoctorFinding(.bad, "keys", problem)]
    }

    private var port: [DoctorFinding] {
        let port = settings.pair.port
        switch (facts.udpPorts.contains(port), facts.running.contains(Self.daemonName)) {
        case (true, true), (false, false): return [DoctorFinding(.ok, "port", "UDP \(port) is there for heartbeats")]
        case (true, false):
            return [
                DoctorFinding(
                    .bad, "port", "another program has UDP \(port)",
                    remedy: "end it (`ss -lunp sport = :\(port)` names it), or set pair.port on both directors")
            ]
        case (false, true):
            return [
                DoctorFinding(
                    .bad, "port", "tandemd runs and does not listen on UDP \(port)",
                    remedy: "tandem status says which path it waits for")
            ]
        }
    }

    private var clock: [DoctorFinding] {
        guard facts.isClockSynchronised == false else { return [DoctorFinding(.ok, "clock", "it is synchronised")] }
        return [
            DoctorFinding(
                .warn, "clock",
                "nobody keeps it right: no decision needs it, but logs of both directors are hard to compare",
                remedy: "run chrony or systemd-timesyncd")
        ]
    }

    private var others: [DoctorFinding] {
        let rivals = Self.rivals.filter(facts.running.contains)
        let networkers = Self.networkers.filter(facts.running.contains)
        let rivalFindings = rivals.map { name in
            DoctorFinding(
                .bad, "others", "\(name) runs, and wants the same addresses and services",
                remedy: "systemctl disable --now \(name)")
        }
        let networkFindings = networkers.map { name in
            DoctorFinding(
                .warn, "others", "\(name) runs, and may take addresses away that it does not know",
                remedy: name == "NetworkManager"
                    ? "put the groups' interfaces into unmanaged-devices of NetworkManager.conf"
                    : "set KeepConfiguration=yes for the groups' interfaces in their .network files")
        }
        let found = rivalFindings + networkFindings
        return found.isEmpty ? [DoctorFinding(.ok, "others", "nobody else manages addresses or services")] : found
    }
}
