import Control

extension StatusText {
    /// Whether both directors say the same, in one line; what differs has a line each.
    var agreement: String {
        guard let agreement = status.agreement else { return "" }
        guard !agreement.isInSync else {
            return style.paint("IN SYNC", .green) + ": both directors have the same configuration and the same tables\n"
        }
        let differences = agreement.differences.map { "  \($0)\n" }.joined()
        return style.paint("NOT IN SYNC", .yellow) + " ('tandem diff' names the entries):\n" + differences
    }

    /// The kernel's connection sync: the daemons, and the connections of each group.
    var sync: String {
        guard let sync = status.sync else { return "" }
        var lines = ["Connections are synced: " + daemons(sync)]
        if sync.isTelling { lines.append("\(status.peer.name) is being told of the connections that it missed") }
        if let told = sync.told, told > 0, let at = sync.toldAt {
            let took = Words.milliseconds(sync.toldMS ?? 0)
            lines.append(
                "\(status.peer.name) was told of \(told) connections \(Words.duration(now - at)) ago, in \(took)")
        }
        for group in sync.here.connections ?? [] {
            let there = sync.there?.connections?.first { $0.group == group.group }
            if let line = connections(group, there) { lines.append(line) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func daemons(_ sync: SyncStatus) -> String {
        let here = words(sync.here, of: status.director)
        guard let there = sync.there else { return "\(here); \(status.peer.name) says nothing" }
        return "\(here); \(words(there, of: status.peer.name))"
    }

    private func words(_ side: SyncSide, of director: String) -> String {
        let missing = [(side.isMasterRunning, "master"), (side.isBackupRunning, "backup")].filter { !$0.0 }.map(\.1)
        let state = missing.isEmpty ? "" : style.paint(" without \(missing.joined(separator: " and ")) daemon", .red)
        return "\(director) as \(side.id) on \(side.interface)\(state)"
    }

    private func connections(_ here: GroupConnections, _ there: GroupConnections?) -> String? {
        if here.isEmpty, there?.isEmpty ?? true { return nil }
        let (holder, held, other, known) =
            there?.isHeld == true && !here.isHeld
            ? (status.peer.name, there ?? here, status.director, here as GroupConnections?)
            : (status.director, here, status.peer.name, there)
        let verb = held.isHeld ? "holds" : "knows"
        let rest = known.map { "; \(other) knows \($0.words)" } ?? ""
        return "  \(here.group): \(holder) \(verb) \(held.words)\(rest)"
    }
}
