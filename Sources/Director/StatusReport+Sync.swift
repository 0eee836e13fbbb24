import Addresses
import Balancing
import Control
import Election
import Heartbeat
import Netlink
import Settings

extension StatusReport {
    /// nil while the peer is not heard, or this director has not looked at its kernel yet.
    var agreement: AgreementStatus? {
        guard heart.peerState == .heard, balancer.figures.configuration != 0, heart.peerDigests.configuration != 0
        else { return nil }
        var differences: [String] = []
        if balancer.figures.configuration != heart.peerDigests.configuration {
            differences.append("\(peer.name) runs another configuration: copy the file and reload both")
        }
        if balancer.figures.desired != heart.peerDigests.desired {
            differences.append(
                "the directors want different tables, because of their configurations, verdicts or drains")
        }
        if balancer.figures.kernel == 0 || heart.peerDigests.kernel == 0 {
            let who = [(balancer.figures.kernel, local.name), (heart.peerDigests.kernel, peer.name)]
            // A table without services has the digest 0 as well, and two of those are the same.
            if balancer.figures.kernel != heart.peerDigests.kernel {
                let lacking = who.filter { $0.0 == 0 }.map(\.1).joined(separator: " and ")
                differences.append("the kernel of \(lacking) holds nothing of the table")
            }
        } else if balancer.figures.kernel != heart.peerDigests.kernel {
            differences.append("the kernels hold different tables")
        }
        return AgreementStatus(isInSync: differences.isEmpty, differences: differences)
    }

    var syncStatus: SyncStatus? {
        guard let settings = settings.pair.sync else { return nil }
        let here = SyncSide(
            interface: local.interface(settings.interface), id: Int(self.settings.pair.syncIDs[director]),
            isMasterRunning: balancer.daemons.master != nil, isBackupRunning: balancer.daemons.backup != nil,
            problem: balancer.syncProblem, connections: ownConnections)
        return SyncStatus(
            here: here, there: heart.peerState == .heard ? sync.peer.map(SyncSide.init) : nil,
            isTelling: sync.isTelling, toldAt: sync.told.map { date($0.at) }, told: sync.told?.count,
            toldMS: sync.told?.duration.milliseconds)
    }

    private var ownConnections: [GroupConnections]? {
        sync.counts.map { counts in
            settings.groups.indices.map { index in
                let role = heart.groups.indices.contains(index) ? heart.groups[index].role : .waiting
                return GroupConnections(
                    group: settings.groups[index].name, isHeld: role == .active || role == .giving,
                    counts: index < counts.count ? counts[index] : ConnectionCounts())
            }
        }
    }

    var syncWarnings: [String] {
        if let problem = balancer.syncProblem { return ["connections are not synced: \(problem)"] }
        guard settings.pair.sync != nil, heart.peerState == .heard, let word = sync.peer else { return [] }
        if let problem = word.problem { return ["\(peer.name) does not sync connections: \(problem)"] }
        guard !word.isBackupRunning || !word.isMasterRunning else { return [] }
        let missing = word.isMasterRunning ? "backup" : "master"
        return ["\(peer.name) does not sync connections: its kernel's \(missing) sync daemon does not run (yet)"]
    }
}

extension SyncSide {
    fileprivate init(_ word: SyncWord) {
        self.init(
            interface: word.interface, id: Int(word.id), isMasterRunning: word.isMasterRunning,
            isBackupRunning: word.isBackupRunning, problem: word.problem,
            connections: word.groups?.map { GroupConnections(group: $0.name, isHeld: $0.isHeld, counts: $0.counts) })
    }
}

extension GroupConnections {
    init(group: String, isHeld: Bool, counts: ConnectionCounts) {
        self.init(
            group: group, isHeld: isHeld, established: counts.established, young: counts.young, recent: counts.recent,
            other: counts.other, udp: counts.udp, masqueraded: counts.masqueraded, templates: counts.templates)
    }
}

/// What a handover of some groups would cost, as far as both directors have counted.
struct Prospect: Sendable {
    /// What the giver has, and what the taker knows of it; nil: not counted.
    var held: GroupConnections?
    var known: GroupConnections?

    /// There are several groups, so that the sums in the heartbeats say little.
    var isPart = false

    /// The taker knows less than 99 % of what has stood for 2 s.
    var isCold: Bool {
        guard isPart, let held, let known else { return false }
        return known.established * 100 < (held.established - held.young) * 99
    }

    /// What the giver has, to be read after a sentence.
    var words: String {
        guard let held, !held.isEmpty else { return "" }
        let known = known.map { "; it knows \($0.words)" } ?? ""
        return "; to lose there are \(held.words)\(known)"
    }
}

extension SyncBoard.View {
    /// - Parameter names: of all groups, in the order of the configuration.
    func prospect(of groups: [String], names: [String], isTakerHere: Bool) -> Prospect {
        guard let counts, let theirs = peer?.groups else { return Prospect() }
        let ours = names.indices.filter { groups.contains(names[$0]) && $0 < counts.count }.map { counts[$0] }
            .reduce(ConnectionCounts(), +)
        let others = theirs.filter { groups.contains($0.name) }.map(\.counts).reduce(ConnectionCounts(), +)
        let (held, known) = isTakerHere ? (others, ours) : (ours, others)
        let title = groups.joined(separator: ", ")
        return Prospect(
            held: GroupConnections(group: title, isHeld: true, counts: held),
            known: GroupConnections(group: title, isHeld: false, counts: known), isPart: names.count > 1)
    }
}
