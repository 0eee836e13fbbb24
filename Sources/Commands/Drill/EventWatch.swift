import Addresses
import Control
import Drills
import Synchronization

/// What the directors tell during a round, through deaths and restarts of their daemons.
final class EventWatch: Sendable {
    private let seen = Mutex<[(director: String, event: Event)]>([])
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let group: String

    /// Begins with what happens from now on.
    init(_ stage: Stage, group: String) async {
        self.group = group
        for (director, client) in stage.directors {
            let newest = try? await client.events(after: 0, limit: 1000).next
            let task = Task { await follow(client, director, after: newest ?? 0) }
            tasks.withLock { $0.append(task) }
            guard stage.lab == nil else { continue }
            let peer = Task { await self.watchPeer(client) }
            tasks.withLock { $0.append(peer) }
        }
    }

    func end() {
        for task in tasks.withLock({ $0 }) { task.cancel() }
    }

    /// Changes of the group's roles, and alarms.
    var events: [(director: String, event: Event)] { seen.withLock { $0 } }

    func hasRole(_ role: String, _ director: String, since: UInt64) -> Bool {
        events.contains { $0.director == director && $0.event.to == role && $0.event.monotonic >= since }
    }

    private func note(_ event: Event, _ director: String) {
        guard event.kind == .role && event.group == group || event.isForeignClaim else { return }
        seen.withLock { $0.append((director, event)) }
    }

    private func follow(_ client: ControlClient, _ director: String, after first: UInt64) async {
        var after = first
        while !Task.isCancelled {
            do {
                let page = try await client.events(after: after, limit: 1000, wait: 1)
                after = page.next
                for event in page.events { note(event, director) }
            } catch {
                // A new daemon counts from 1 again.
                if error.kind == .unreachable { after = 0 }
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// On a live pair the other director's roles are known from its heartbeats alone.
    private func watchPeer(_ client: ControlClient) async {
        var last: String?
        while !Task.isCancelled {
            if let status = try? await client.status(), let group = status.groups.first(where: { $0.name == group }) {
                if let role = group.peerRole, let last, role != last { notePeer(role, group, status.peer.name) }
                last = group.peerRole ?? last
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Between two looks a peer may have gone through claiming.
    private func notePeer(_ role: String, _ group: GroupStatus, _ peer: String) {
        let now = MonotonicClock.now.nanoseconds
        let roles = role == "active" ? ["claiming", "active"] : [role]
        for role in roles where !hasRole(role, peer, since: 0) || role != "claiming" {
            var event = Event(time: 0, monotonic: now, kind: .role, message: "")
            (event.group, event.to, event.term) = (group.name, role, group.term)
            event.reason = "as its heartbeats say"
            note(event, peer)
        }
    }
}

extension Event {
    /// Somebody claimed an address: "192.0.2.10 of group web is claimed by ..." in the words of the warning.
    var isForeignClaim: Bool { kind == .warning && message.contains(" claimed by ") }
}

extension Moment {
    /// - Parameter origin: when the fault began, on the monotonic clock, in nanoseconds.
    init(_ event: Event, _ director: String, origin: UInt64) {
        let atMS = Moment.milliseconds(event.monotonic, since: origin)
        self.init(
            atMS, event.kind == .role ? .role : .alarm, director, from: event.from, to: event.to, term: event.term)
        reason = event.reason
        silenceMS = event.lastHeard.map { Moment.milliseconds(event.monotonic, since: $0) }
    }

    init(_ change: AddressWatch.Change, origin: UInt64) {
        let atMS = Moment.milliseconds(change.at.nanoseconds, since: origin)
        self.init(atMS, .address, change.director, address: "\(change.address)", isThere: change.isThere)
    }
}
