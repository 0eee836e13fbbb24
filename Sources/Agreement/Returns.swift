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
    private var down: Set<ServerKey> = []
    private(set) var rises: [ServerKey: Rise] = [:]

    init(_ settings: Settings) { take(settings) }

    mutating func take(_ settings: Settings) {
        places = [:]
        for service in settings.services where service.check.kind != .none {
            guard let time = service.slowStart else { continue }
            for server in service.servers {
                let key = ServerKey(service: service.name, server: server.endpoint)
                places[key] = Place(mark: textDigest("return of \(server.endpoint) of \(service.name)"), time: time)
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
    mutating func settle(_ shared: inout SharedVerdicts, now: Instant) -> [UInt64] {
        var marks: [UInt64] = []
        rises = rises.filter { $0.value.share(now: now) != nil }
        for (server, place) in places where shared.latch(place.mark) == nil {
            guard let latch = shared.peerLatch(place.mark), latch.isOn, shared.decision(on: server) == true else {
                continue
            }
            let rise = Rise(since: latch.since, time: place.time)
            if rise.share(now: now) != nil { rises[server] = rise }
            if shared.remember(true, as: place.mark, now: latch.since) { marks.append(place.mark) }
        }
        return marks
    }
}
