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

    init(_ settings: Settings) { latched = Self.latched(settings) }

    private static func latched(_ settings: Settings) -> Latched {
        Latched(settings, "return of") { service in
            service.check.kind == .none ? nil : service.slowStart.map { (service.servers, $0) }
        }
    }

    mutating func take(_ settings: Settings) {
        latched = Self.latched(settings)
        down = down.filter { latched[$0] != nil }
        var kept: [ServerKey: Rise] = [:]
        for (server, rise) in rises {
            if let place = latched[server] { kept[server] = Rise(since: rise.since, time: place.terms) }
        }
        rises = kept
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
                rises[decision.server] = nil
            } else if down.remove(decision.server) != nil {
                rises[decision.server] = Rise(since: now, time: place.terms)
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
        rises = rises.filter { $0.value.share(now: now) != nil }
        for server in latched.concerned(scope) {
            guard let place = latched[server], shared.latch(place.mark) == nil,
                let latch = shared.peerLatch(place.mark), latch.isOn, shared.decision(on: server) == true
            else { continue }
            let rise = Rise(since: latch.since, time: place.terms)
            if rise.share(now: now) != nil { rises[server] = rise }
            if shared.remember(true, as: place.mark, now: latch.since) { marks.append(place.mark) }
        }
        return marks
    }
}
