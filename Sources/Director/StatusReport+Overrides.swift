import Addresses
import Agreement
import Balancing
import Checks
import Control
import Election
import Settings
import Synchronization

extension OverrideKeeper {
    /// What others may see.
    struct View: Sendable {
        var overrides = Overrides()
        var standing: [StandingOverride] = []
        var watches: [Mark: Watch] = [:]
        var peerLeft: [Mark: DrainCount] = [:]
        var isShared = false
    }

    var view: View {
        state.withLock { state in
            View(
                overrides: state.overrides, standing: state.standing, watches: state.watches, peerLeft: state.peerLeft,
                isShared: state.isShared)
        }
    }
}

extension StatusReport {
    var overrideStatus: [OverrideStatus] { overrides.standing.map(status) }

    private func status(_ item: StandingOverride) -> OverrideStatus {
        let override = item.override
        var status = OverrideStatus(
            server: override.scope.server, service: override.scope.service,
            author: Author(at: override.director, uid: override.uid), since: min(override.time, wallNow / 1000),
            reason: override.reason.isEmpty ? nil : override.reason,
            shared: heart.peerState == .heard && overrides.isShared, servers: item.servers.map(\.description))
        if case .weight(let weight) = override.word { status.weight = weight }
        if let watch = overrides.watches[OverrideKeeper.Mark(override)] {
            let isHeard = heart.peerState == .heard
            let there = isHeard ? overrides.peerLeft[OverrideKeeper.Mark(override)] : DrainCount(isFinal: true)
            status.connections = DrainConnections(here: watch.here.connections, there: there?.connections)
            status.isDrained = watch.isOver(there: there)
        }
        return status
    }

    func mark(_ override: Override) -> OverrideMark {
        var mark = OverrideMark(
            author: Author(at: override.director, uid: override.uid), since: min(override.time, wallNow / 1000),
            reason: override.reason.isEmpty ? nil : override.reason)
        if case .weight(let weight) = override.word { mark.weight = weight }
        return mark
    }

    /// Services whose last servers were taken away by hand.
    var drainWarnings: [String] {
        guard !overrides.standing.isEmpty else { return [] }
        return settings.services.compactMap { service in
            let up = service.servers.filter { server in
                let key = ServerKey(service: service.name, server: server.endpoint)
                return !service.isChecked(server) || checks[key]?.view?.verdict.isUp == true
            }
            let isTaken = up.contains { overrides.overrides.weight(of: $0, in: service) > 0 }
            let isByHand = up.contains { $0.weight > 0 }
            guard isByHand, !isTaken else { return nil }
            return "service \(service.name) has no server that takes connections, because of drains and weights: "
                + "'tandem ready' ends a drain"
        }
    }
}
