import Addresses
import Settings

/// Which servers came back lately, of services with a slow start.
///
/// A server that was never seen down has not come back: nothing rises at the start of a director. When one did is told
/// to the peer, so that another life of it goes on where it is.
struct Returns: Sendable {
    /// The time that a slow start takes.
    private typealias Latched = LatchedServers<Duration>

    private var latched: Latched
    private var down: Set<ServerKey> = []
    private(set) var rises: [ServerKey: Rise] = [:]
    /// None of them is over before that.
    private var firstEnd = Instant.never
    /// Those that began, or were broken off, since somebody took that.
    private var turned: Set<ServerKey> = []

    init(_ settings: Settings) { latched = Self.latched(settings) }

    private static func latched(_ settings: Settings) -> Latched {
        Latched(settings, "return of") { service in
            service.slowStart.map { time in service.checkedServers.map { ($0, time) } } ?? []
        }
    }

    mutating func take(_ settings: Settings) {
        latched = Self.latched(settings)
        down = down.filter { latched[$0] != nil }
        for (server, rise) in rises {
            set(latched[server].map { Rise(since: rise.since, time: $0.terms) }, of: server)
        }
    }

    private mutating func set(_ rise: Rise?, of server: ServerKey) {
        guard rises[server] != rise else { return }
        rises[server] = rise
        turned.insert(server)
        if let rise { firstEnd = min(firstEnd, rise.since + rise.time) }
    }

    /// The rises that began since this was asked for last, and nil for those that were broken off. That one is over
    /// follows from the time.
    mutating func takeTurns() -> [ServerKey: Rise?] {
        guard !turned.isEmpty else { return [:] }
        defer { turned = [] }
        return Dictionary(uniqueKeysWithValues: turned.map { ($0, rises[$0]) })
    }

    var isEmpty: Bool { latched.isEmpty && rises.isEmpty }

    var marks: [UInt64] { latched.marks }

    /// What changed just now.
    ///
    /// - Returns: latches that the peer has to know.
    mutating func follow(_ decisions: [Decision], _ shared: inout SharedVerdicts, now: Instant) -> [UInt64] {
        guard !latched.isEmpty else { return [] }
        var marks: [UInt64] = []
        for decision in decisions {
            guard let place = latched[decision.server] else { continue }
            if decision.isUp { latched.decide(on: decision.server) }
            if !decision.isUp {
                down.insert(decision.server)
                set(nil, of: decision.server)
            } else if down.remove(decision.server) != nil {
                set(Rise(since: now, time: place.terms), of: decision.server)
            } else {
                continue
            }
            if shared.remember(decision.isUp, as: place.mark, now: now) { marks.append(place.mark) }
        }
        return marks
    }

    /// What the peer knows of servers that this life of the director has not seen down, and what is over.
    mutating func settle(_ scope: Scope, _ shared: inout SharedVerdicts, now: Instant) -> [UInt64] {
        var marks: [UInt64] = []
        if now >= firstEnd { endRises(now) }
        for server in latched.concerned(scope) {
            guard let place = latched[server], shared.latch(place.mark) == nil,
                let latch = shared.peerLatch(place.mark), latch.isOn, shared.decision(on: server) == true
            else { continue }
            let rise = Rise(since: latch.since, time: place.terms)
            if rise.share(now: now) != nil { set(rise, of: server) }
            if shared.remember(true, as: place.mark, now: latch.since) { marks.append(place.mark) }
        }
        return marks
    }

    private mutating func endRises(_ now: Instant) {
        rises = rises.filter { $0.value.share(now: now) != nil }
        firstEnd = rises.values.reduce(.never) { min($0, $1.since + $1.time) }
    }
}
