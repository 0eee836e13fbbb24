package import Control

/// A director's status as a page for people.
package struct StatusText {
    let status: Status
    let now: Int64
    let style: Style

    /// - Parameter now: seconds of the Unix epoch.
    package init(_ status: Status, now: Int64, style: Style = .plain) {
        self.status = status
        self.now = now
        self.style = style
    }

    package var text: String {
        let parts = [
            heading + witness + wishes + overrides, groups, fitness, paths, gateways, services, foot, warnings,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    func age(_ moment: Int64) -> String {
        Words.duration(now - moment)
    }

    // MARK: The pair

    private var heading: String {
        let timing = "\(Words.milliseconds(status.timing.intervalMS)) × \(status.timing.misses)"
        let here = style.paint(status.director, .bold)
        return """
            Pair \(style.paint(status.pair, .bold)), seen from \(here), which has run for \(age(status.since)) \
            (tandem \(status.version), heartbeats \(timing))
            Peer \(style.paint(status.peer.name, .bold)) \(peer)
            Hearts woke late by \(lateness)
            \(checks)\(warmth)
            """
    }

    /// A line about each director that somebody may want to take over, which is one that is backup of something.
    private var warmth: String {
        let isBackupHere = status.groups.contains { $0.role == "backup" }
        let isBackupThere = status.groups.contains { $0.peerRole == "backup" }
        var lines: [String] = []
        if isBackupHere, let warmth = status.warmth { lines.append(words(warmth, of: status.director)) }
        if isBackupThere, let warmth = status.peer.warmth { lines.append(words(warmth, of: status.peer.name)) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func words(_ warmth: WarmthStatus, of director: String) -> String {
        let state = warmth.isWarm ? "is warm" : style.paint("is not warm", .yellow)
        let table = warmth.holdsTable ? "" : "its kernel's table differs, and "
        return "\(director) \(state): \(table)it knows \(warmth.known) of \(warmth.held) established connections"
    }

    /// The worst of a minute tells whether the timing fits the machine.
    private var lateness: String {
        let here = "\(words(status.timing.lateness)) on \(status.director)"
        guard let there = status.timing.peerLateness else { return here }
        return "\(here), \(words(there)) on \(status.peer.name)"
    }

    private func words(_ lateness: LatenessStatus) -> String {
        let worst = Words.milliseconds(lateness.tenSecondsMS)
        return "\(worst) at worst in 10 s (\(Words.milliseconds(lateness.minuteMS)) in 60 s)"
    }

    /// A line where there is something to check.
    private var checks: String {
        guard let checks = status.checks, checks.probes > 0 else { return "" }
        let waiting = checks.waiting == 0 ? "" : style.paint(", \(checks.waiting) due ones wait", .yellow)
        return "Probes began late by \(words(checks.queueDelay)), \(checks.probes) of them\(waiting)\n"
    }

    private var peer: String {
        let peer = status.peer
        let times = peer.restarts == 1 ? "once" : "\(peer.restarts) times"
        if let patience = peer.patience {
            return style.paint("restarts", .yellow) + " and is waited for, \(Words.duration(patience)) more at most"
        }
        let restarts = peer.restarts == 0 ? "" : ", restarted \(times)"
        return switch peer.state {
        case .heard:
            style.paint("is heard", .green) + ", in a session of \(age(peer.sessionSince ?? peer.since))" + restarts
        case .lost: style.paint("has been lost", .red) + " for \(age(peer.since))" + restarts
        case .never: style.paint("has not been heard", .yellow) + " since this director started"
        case .left: style.paint("left", .yellow) + " \(age(peer.since)) ago, with a goodbye" + restarts
        }
    }

    // MARK: Who is active

    private var groups: String {
        var table = TextTable([
            ("GROUP", .left), ("ACTIVE", .left), ("HERE", .left), ("PEER", .left), ("TERM", .right), ("FOR", .right),
            ("WHY", .left),
        ])
        for group in status.groups {
            table.add([
                .init(group.name, .bold), holder(group),
                .init(role(group.role, status.director), group.role == "active" ? .green : nil),
                .init(group.peerRole.map { role($0, status.peer.name) } ?? ""), "\(group.term)",
                .init(age(group.since)), .init(group.reason),
            ])
        }
        return table.text(style) + addresses
    }

    private func holder(_ group: GroupStatus) -> TextTable.Cell {
        guard let holder = group.holder else { return .init("nobody", .red) }
        return .init(holder, .green)
    }

    private var addresses: String {
        var table = TextTable([("ADDRESS", .left), ("GROUP", .left), ("INTERFACE", .left), ("HERE", .left)])
        for group in status.groups {
            let wanted: AddressStatus.State = group.role == "active" ? .here : .absent
            var sorted = group.addresses
            if sorted.count > Self.addressLimit {
                _ = sorted.partition { $0.state == wanted && $0.withdrawn == nil }
            }
            let shown = sorted.prefix(Self.addressLimit)
            for address in shown {
                table.add([.init(address.prefix), .init(group.name), .init(address.interface), place(address, wanted)])
            }
            let others = group.addresses.count - shown.count
            if others > 0 { table.add([.init("and \(others) more", .faint), .init(group.name), "", ""]) }
        }
        let text = table.text(style)
        return text.isEmpty ? "" : "\n" + text
    }

    /// How many of a group's addresses a page shows, the strange ones first.
    private static let addressLimit = 10

    private func place(_ address: AddressStatus, _ wanted: AddressStatus.State) -> TextTable.Cell {
        guard address.withdrawn == nil else {
            return .init(address.state == .absent ? "withdrawn" : "withdrawn, leaving", .yellow)
        }
        return switch address.state {
        case .here: .init("yes", wanted == .here ? .green : .yellow)
        case .lo: .init("on lo, leaving", .yellow)
        case .absent: .init("no", wanted == .here ? .red : nil)
        }
    }

    // MARK: How they hear each other

    private var paths: String {
        var table = TextTable([
            ("PATH", .left), ("FROM", .left), ("TO", .left), ("INTERFACE", .left), ("LOSS", .right),
            ("LAST HEARD", .right), ("ROUND TRIP", .right),
        ])
        for path in status.paths {
            let isSilent = path.lastHeard.map { $0 * 1000 > status.timing.takeoverTimeMS } ?? true
            let heard = path.lastHeard.map { "\(Words.duration($0)) ago" } ?? "never"
            table.add([
                .init(path.name), .init(path.local), .init(path.peer), .init(path.interface ?? ""),
                .init(path.loss.map(Words.percent) ?? "", (path.loss ?? 0) > 0.01 ? .yellow : nil),
                .init(heard, isSilent ? .red : nil), .init(path.roundTripMS.map(Words.milliseconds) ?? ""),
            ])
        }
        return table.text(style)
    }

    // MARK: What they balance

    private var services: String {
        ServicesText.overview(status.services, now: now, style: style)
    }

    private var foot: String {
        "Table: \(table).\n\(masquerade)Configuration: \(configuration)\n" + agreement + sync + refusals
    }

    private var table: String {
        let foreign = status.table.foreign.map { "; services in it that are not Tandem's: \($0)" } ?? ""
        let digest = (status.table.digest.map { " (digest \($0))" } ?? "") + foreign
        return switch status.table.state {
        case .ok: "the kernel holds what it should\(digest)"
        case .pending: style.paint("being written", .yellow) + digest
        case .failed:
            style.paint("the kernel refused a part", .red) + ": " + status.table.failures.joined(separator: "; ")
                + foreign
        case .missing: style.paint("the kernel has no ip_vs", .red) + " (modprobe ip_vs)"
        }
    }

    private var masquerade: String {
        guard let masquerade = status.table.masquerade else { return "" }
        let state = masquerade.isKept ? "" : "; " + style.paint("not all of them are", .red)
        return "Masqueraded by this director: services \(masquerade.services), servers \(masquerade.servers)\(state).\n"
    }

    private var configuration: String {
        let configuration = status.configuration
        let loaded = "\(configuration.file), loaded \(age(configuration.loadedAt)) ago (digest \(configuration.digest))"
        guard let refusedAt = configuration.refusedAt else { return loaded + "." }
        let refused = style.paint("a newer one was refused \(age(refusedAt)) ago", .red)
        return "\(loaded); \(refused):" + configuration.problems.map { "\n  \($0)" }.joined()
    }

    private var refusals: String {
        let counted = status.refusals.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        guard !counted.isEmpty else { return "" }
        return "Datagrams refused: " + counted.map { "\($0.value) \($0.key)" }.joined(separator: ", ") + ".\n"
    }

    private var warnings: String {
        let waiting = status.groups.compactMap { group in
            group.waitingFor.map { "Group \(group.name) is waiting for \($0)." }
        }
        return (waiting + status.warnings).map { style.paint("Warning: ", .yellow) + $0 + "\n" }.joined()
    }
}

extension TimingStatus {
    /// The silence after which a peer counts as lost.
    var takeoverTimeMS: Double { intervalMS * Double(misses) }
}
