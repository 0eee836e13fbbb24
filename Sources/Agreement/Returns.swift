import Addresses
import Settings

/// Which servers came back lately, of services with a slow start.
///
/// A server that was never seen down has not come back: nothing rises at the start of a director. When one did is told
/// to the peer, so that another life of it goes on where it is.
struct Returns: Sendable {
    private struct Place {
        var mark: UInt64
        var time: Duration
    }

    private var places: [ServerKey: Place] = [:]
    private var servers: [UInt64: ServerKey] = [:]
    /// Those that were decided up since all was settled last.
    private var unsettled: Set<ServerKey> = []
    private var down: Set<ServerKey> = []
    private(set) var rises: [ServerKey: Rise] = [:]

    init(_ settings: Settings) { take(settings) }

    mutating func take(_ settings: Settings) {
        (places, servers, unsettled) = ([:], [:], [])
        for service in settings.services where service.check.kind != .none {
            guard let time = service.slowStart else { continue }
            for server in service.servers {
                let key = ServerKey(service: service.name, server: server.endpoint)
                let mark = textDigest("return of \(server.endpoint) of \(service.name)")
                places[key] = Place(mark: mark, time: time)
                servers[mark] = key
            }
        }
        down = down.filter { places[$0] != nil }
        var kept: [ServerKey: Rise] = [:]
        for (server, rise) in rises {
            if let place = places[server] { kept[server] = Rise(since: rise.since, time: place.time) }
        }
        rises = kept
    }

    var isEmpty: Bool { places.isEmpty && rises.isEmpty }

    var marks: [UInt64] { places.values.map(\.mark) }

    /// What changed just now.
    ///
    /// - Returns: latches that the peer has to know.
    mutating func follow(_ decisions: [Decision], _ shared: inout SharedVerdicts, now: Instant) -> [UInt64] {
        guard !places.isEmpty else { return [] }
        var marks: [UInt64] = []
        for decision in decisions {
            guard let place = places[decision.server] else { continue }
            if decision.isUp { unsettled.insert(decision.server) }
            if !decision.isUp {
                down.insert(decision.server)
                rises[decision.server] = nil
            } else if down.remove(decision.server) != nil {
                rises[decision.server] = Rise(since: now, time: place.time)
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
        for server in concerned(scope) {
            guard let place = places[server], shared.latch(place.mark) == nil,
                let latch = shared.peerLatch(place.mark), latch.isOn, shared.decision(on: server) == true
            else { continue }
            let rise = Rise(since: latch.since, time: place.time)
            if rise.share(now: now) != nil { rises[server] = rise }
            if shared.remember(true, as: place.mark, now: latch.since) { marks.append(place.mark) }
        }
        return marks
    }

    private mutating func concerned(_ scope: Scope) -> Set<ServerKey> {
        defer { unsettled = [] }
        guard scope != .all else { return Set(places.keys) }
        return unsettled.union(scope.marks.compactMap { servers[$0] })
    }
}
