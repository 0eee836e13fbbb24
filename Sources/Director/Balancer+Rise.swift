import Addresses
import Agreement
import Balancing
import Settings

extension Balancer {
    /// Gives servers that came back the weight of their step, once a second while there are any.
    mutating func climb(_ now: Instant) {
        for server in shares.keys where rises[server] == nil { set(nil, of: server) }
        for (server, rise) in rises { set(rise.share(now: now), of: server) }
        rises = rises.filter { shares[$0.key] != nil }
        nextStep = rises.isEmpty ? .never : now + Rise.step
    }

    /// - Parameter changes: servers that came back, and nil for those that went down again.
    mutating func rise(_ changes: [ServerKey: Rise?], _ now: Instant) {
        for (server, rise) in changes {
            rises[server] = rise
            set(rise?.share(now: now), of: server)
        }
        if nextStep == .never, !rises.isEmpty { nextStep = now + Rise.step }
    }

    private mutating func set(_ share: WeightShare?, of server: ServerKey) {
        guard shares[server] != share else { return }
        shares[server] = share
        stale.insert(server.service)
    }

    /// The table as it will be once all have risen: what the directors compare.
    mutating func wholeTable() -> Table {
        shares.isEmpty
            ? wantedTable()
            : desired(settings, verdicts: verdicts, overrides: overrides, advice: advice, shortages: shortages)
    }
}
