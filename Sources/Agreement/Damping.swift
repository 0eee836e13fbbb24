package import Addresses
import Settings

/// A server that is held down because it went down too often.
package struct Hold: Hashable, Sendable {
    package var since: Instant
    /// When it is let go if its verdict stays, by this director's clock.
    package var until: Instant
}

/// Which servers are held down, of services with flap damping.
///
/// A server that goes down `falls` times within `window` is held down until it has kept its verdict for `hold`. Both
/// directors see the same decisions and come to that by themselves; a director that saw none of it takes the peer's
/// word, and lets go when the peer does.
struct Damping: Sendable {
    /// What this director saw of a server.
    private struct Record {
        /// The last ones, as many as matter.
        var falls: [Instant] = []
        /// Absent: the first verdict is no change.
        var lastChange: Instant?
    }

    private typealias Latched = LatchedServers<DampingSettings>

    private var latched: Latched
    private var records: [ServerKey: Record] = [:]
    private(set) var holds: [ServerKey: Hold] = [:]

    init(_ settings: Settings) { latched = Self.latched(settings) }

    private static func latched(_ settings: Settings) -> Latched {
        Latched(settings, "hold of") { service in
            service.damping.map { damping in service.checkedServers.map { ($0, damping) } } ?? []
        }
    }

    var isEmpty: Bool { latched.isEmpty && holds.isEmpty }

    var marks: [UInt64] { latched.marks }

    func settings(of server: ServerKey) -> DampingSettings? { latched[server]?.terms }

    /// What counts of a decision.
    func isUp(_ server: ServerKey, decided: Bool?) -> Bool? {
        holds[server] == nil ? decided : decided.map { _ in false }
    }

    /// When a server may be let go next.
    var deadline: Instant { holds.values.reduce(.never) { min($0, $1.until) } }

    mutating func take(_ settings: Settings) {
        latched = Self.latched(settings)
        records = records.filter { latched[$0.key] != nil }
    }

    /// Takes new decisions into account.
    ///
    /// - Returns: latches that the peer has to know.
    mutating func follow(_ decisions: [Decision], _ shared: inout SharedVerdicts, now: Instant) -> [UInt64] {
        guard !latched.isEmpty else { return [] }
        var marks: [UInt64] = []
        for decision in decisions {
            guard let place = latched[decision.server] else { continue }
            latched.decide(on: decision.server)
            guard var record = records[decision.server] else {
                records[decision.server] = Record()
                continue
            }
            record.lastChange = now
            if !decision.isUp {
                record.falls = (record.falls + [now]).suffix(place.terms.falls).filter {
                    now - $0 <= place.terms.window
                }
            }
            records[decision.server] = record
            let isHeld = holds[decision.server] != nil
            guard isHeld || record.falls.count >= place.terms.falls else { continue }
            let since = holds[decision.server]?.since ?? now
            holds[decision.server] = Hold(since: since, until: now + place.terms.hold)
            if shared.remember(true, as: place.mark, now: since) { marks.append(place.mark) }
        }
        return marks
    }

    /// What the peer says of holds, and what time ends.
    mutating func settle(_ scope: Scope, _ shared: inout SharedVerdicts, now: Instant) -> [UInt64] {
        var marks: [UInt64] = []
        for server in holds.keys where latched[server] == nil { holds[server] = nil }
        // Of a server that is not held, and of which nobody said anything, time changes nothing.
        for server in latched.concerned(scope).union(holds.keys) {
            guard let place = latched[server], let latch = shared.settled(place.mark, group: place.group) else {
                continue
            }
            let isHeld = latch.isOn && !isOver(server, place, latch, shared, now)
            if !isHeld {
                if holds.removeValue(forKey: server) != nil { records[server]?.falls = [] }
            } else if holds[server] == nil {
                holds[server] = Hold(since: latch.since, until: max(now, latch.since + place.terms.hold))
            }
            if shared.remember(isHeld, as: place.mark, now: isHeld ? latch.since : now) { marks.append(place.mark) }
        }
        return marks
    }

    /// Whoever saw the server change counts from the last time, and does not ask the peer; whoever did not see it waits
    /// for the peer, while there is one that says so.
    private func isOver(
        _ server: ServerKey, _ place: Latched.Place, _ latch: Latch, _ shared: SharedVerdicts, _ now: Instant
    ) -> Bool {
        if let last = records[server]?.lastChange { return now - last >= place.terms.hold }
        if shared.isPeerHeard, shared.peerLatch(place.mark)?.isOn == true { return false }
        return now - latch.since >= place.terms.hold
    }

    /// Somebody says that a server is ready: what it did before counts no more.
    mutating func release(_ servers: [ServerKey], _ shared: inout SharedVerdicts, now: Instant) -> [UInt64] {
        var marks: [UInt64] = []
        for server in servers {
            guard let place = latched[server], holds.removeValue(forKey: server) != nil else { continue }
            records[server] = Record(lastChange: now - place.terms.hold)
            if shared.remember(false, as: place.mark, now: now) { marks.append(place.mark) }
        }
        return marks
    }
}
