import Addresses
import Control
import Drills

/// The pair that a drill is run on: both directors of a lab, or one director of a live pair, which speaks for both.
struct Stage: Sendable {
    var directors: [String: ControlClient]
    var lab: Lab?
    /// nil: the first.
    var group: String?
    /// Wait for tables and servers too.
    var needsTables = false

    /// Who holds the group, when the pair is one.
    struct Standing: Equatable {
        var group: String
        var holder: String
        var other: String
        var addresses: [IPAddress]
    }

    static func live(_ client: ControlClient, group: String?) async throws -> Stage {
        let status = try await client.status()
        return Stage(directors: [status.director: client], group: group)
    }

    /// How long a pair may take to become one.
    static let patience = Duration.seconds(60)

    /// Waits until one director is active, the other its backup, and each hears the other.
    ///
    /// - Returns: nil if that does not come.
    func settle() async throws -> Standing? {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if let standing = await standing() { return standing }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    private func standing() async -> Standing? {
        var seen: Standing?
        for (_, client) in directors.sorted(by: { $0.key < $1.key }) {
            guard let status = try? await client.status(), let standing = Standing(status, group: group) else {
                return nil
            }
            guard seen ?? standing == standing, !needsTables || status.balancesAll else { return nil }
            seen = standing
        }
        return seen
    }

    /// How late either heart woke at worst in the last 10 s, in milliseconds; one that does not answer counts nothing.
    func latenessMS() async -> Double {
        var worst = 0.0
        for client in directors.values {
            guard let timing = try? await client.status().timing else { continue }
            worst = max(worst, timing.lateness.tenSecondsMS, timing.peerLateness?.tenSecondsMS ?? 0)
        }
        return worst
    }

    func facts(marginMS: Double) async throws -> PairFacts {
        guard let client = directors.values.first else { throw DrillError("there is no director") }
        let status = try await client.status()
        return PairFacts(
            pair: status.pair, policy: lab?.policy ?? .keepActive, intervalMS: status.timing.intervalMS,
            misses: status.timing.misses, marginMS: marginMS)
    }
}

extension Stage.Standing {
    /// nil while the pair is not one, as far as this director knows.
    init?(_ status: Status, group name: String?) {
        guard let group = status.groups.first(where: { name == nil || $0.name == name }),
            status.peer.state == .heard
        else { return nil }
        switch (group.role, group.peerRole) {
        case ("active", "backup"): (holder, other) = (status.director, status.peer.name)
        case ("backup", "active"): (holder, other) = (status.peer.name, status.director)
        default: return nil
        }
        self.group = group.name
        addresses = group.addresses.compactMap { IPAddress(String($0.prefix.prefix { $0 != "/" })) }
    }
}

extension Status {
    /// The table stands, every server is up, and the backup is warm.
    fileprivate var balancesAll: Bool {
        let isActive = groups.contains { $0.role == "active" }
        let backup = isActive ? peer.warmth : warmth
        return table.state == .ok && services.allSatisfy { $0.up == $0.total } && (backup?.isWarm ?? true)
    }
}
