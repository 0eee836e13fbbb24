import Addresses
import Agreement
import Control
import Election
import Heartbeat
import Linux
import Settings

extension StatusReport {
    /// What this director's fitness for a group is made of.
    func fitness(of index: Int) -> FitnessStatus? {
        guard fitness.indices.contains(index) else { return nil }
        let isTableRefused = balancer.isRefused && settings.hasServices(settings.groups[index])
        let isUnfit = isTableRefused || hand.indices.contains(index) && hand[index].waitingFor != nil
        let peer = heart.groups.indices.contains(index) ? heart.groups[index].peer?.fitness : nil
        return FitnessStatus(
            score: isUnfit ? 0 : Int(fitness[index].score), peer: heart.peerState == .heard ? peer.map(Int.init) : nil,
            trackers: fitness[index].entries.filter { !$0.isBuiltIn || $0.tracker.points > 0 }.map(status))
    }

    private func status(_ entry: FitnessBoard.Entry) -> TrackerStatus {
        var reason: String?
        if case .fault(_, let why)? = entry.tracker.state { reason = why }
        let state: TrackerStatus.State =
            switch entry.tracker.state {
            case nil: .pending
            case .fine: .passing
            case .fault: .failing
            }
        return TrackerStatus(
            name: entry.name, weight: entry.weight, state: state, points: entry.tracker.points,
            since: entry.tracker.since.map(date), reason: reason)
    }
}

extension Organs {
    /// Trackers that wait for a file or a process table wait for the kernel.
    var trackerWarnings: [String] {
        let silence = (Clock.now() - fitnessBoard.stamp.lastRound).components.seconds
        guard silence >= 15 else { return [] }
        return ["the trackers have made no progress for \(silence) s: does a file that they read hang?"]
    }
}
