import Addresses
import Balancing
import Election
import Linux
import Netlink
import Settings
import Synchronization

extension OverrideKeeper {
    /// Does what time brings: counts what drains wait for, tells the peer again what it does not know, forgets words
    /// about servers that are gone. On the scribe's thread; says when to come again.
    func tend(_ now: Instant) -> Instant {
        let isHeard = organs.heartBoard.current.peerState == .heard
        let view = organs.balancerBoard.current
        let (drained, gone, next) = state.withLock { state in
            if state.isBalancerBehind { state.isBalancerBehind = !organs.balancer.post(.override(state.overrides)) }
            let drained = now >= state.nextCount ? state.count(view, isPeerHeard: isHeard, now) : []
            return (drained, state.forgotten(now), state.watches.isEmpty ? Instant.never : state.nextCount)
        }
        for (override, duration) in drained { tellEnd(of: override, after: duration) }
        for override in gone { forget(override) }
        shareAgain(isHeard, now)
        return next
    }

    private func shareAgain(_ isHeard: Bool, _ now: Instant) {
        guard isHeard else { return }
        let (isDue, isCounting) = state.withLock { state in
            let isDue = !state.isShared && now >= state.nextShare
            if isDue { state.shareDelay = min(state.shareDelay * 2, Self.shareDelay.last) }
            return (isDue, !state.watches.isEmpty && state.isShared && state.takeCounted())
        }
        if isDue { share(now) } else if isCounting { sendDigest() }
    }

    /// A word about a server that no service has had for a day, here.
    private func forget(_ old: Override) {
        let said = state.withLock { state in
            let word: Override.Word = old.word == .drain ? .ready : .original
            let said = state.overrides.say(
                Override(
                    word, old.scope, director: local, uid: 0, time: Clock.wallMilliseconds() / 1000,
                    reason: "no service has had this server for a day"))
            if said != nil { spread(&state) }
            return said
        }
        tell(said.map { [$0] } ?? [])
        share(Clock.now())
    }
}

extension OverrideKeeper.State {
    /// Counts the connections of every drain; gives those that have come to their end and how long they took.
    fileprivate mutating func count(
        _ view: BalancerBoard.View, isPeerHeard: Bool, _ now: Instant
    ) -> [(Override, Duration)] {
        nextCount = now + OverrideKeeper.countPeriod
        guard !watches.isEmpty else { return [] }
        isCounted = true
        var ended: [(Override, Duration)] = []
        for item in standing {
            let mark = OverrideKeeper.Mark(item.override)
            guard var watch = watches[mark] else { continue }
            watch.count(settings.places(of: item.servers), view)
            let there = isPeerHeard ? peerLeft[mark] : DrainCount(isFinal: true)
            if watch.isOver(there: there) {
                if !watch.isTold, !watch.isRestored { ended.append((item.override, now - watch.since)) }
                watch.isTold = true
            } else if watch.here.isFinal, watch.here.connections ?? 0 > 0 {
                watch.isRestored = false
            }
            watches[mark] = watch
        }
        return ended
    }

    /// Words that nobody needs any more.
    fileprivate func forgotten(_ now: Instant) -> [Override] {
        guard !orphans.isEmpty else { return [] }
        return standing.map(\.override).filter { override in
            orphans[OverrideKeeper.Mark(override)].map { now - $0 > OverrideKeeper.orphanage } ?? false
        }
    }

    /// Whether there are new figures for the peer.
    fileprivate mutating func takeCounted() -> Bool {
        defer { isCounted = false }
        return isCounted
    }
}

extension OverrideKeeper.Watch {
    /// Final once the kernel has been read after every one of these had weight 0.
    fileprivate mutating func count(_ places: Set<TablePlace>, _ view: BalancerBoard.View) {
        guard let read = view.read else {
            let isMissing = if case .missing = view.state { true } else { false }
            return here = DrainCount(isFinal: isMissing)
        }
        let isQuiet = places.allSatisfy { place in
            (read.table.services[place.service]?.servers[place.server]?.weight ?? 0) == 0
        }
        quietAt = isQuiet ? quietAt ?? view.readings : nil
        here.connections = places.reduce(0) { sum, place in
            sum + UInt64(read.server(place.server, of: place.service)?.connections.active ?? 0)
        }
        here.isFinal = quietAt.map { view.readings > $0 } ?? false
    }
}

/// A server of one of the table's services.
private struct TablePlace: Hashable {
    var service: ServiceIdentity
    var server: Endpoint
}

extension Settings {
    fileprivate func places(of servers: [ServerKey]) -> Set<TablePlace> {
        let wanted = Dictionary(grouping: servers, by: \.service)
        var found: Set<TablePlace> = []
        for service in services {
            guard let keys = wanted[service.name] else { continue }
            for server in service.everyServer where keys.contains(where: { $0.server == server.endpoint }) {
                found.formUnion(places(server, service))
            }
        }
        return found
    }

    private func places(_ server: ServerSettings, _ service: ServiceSettings) -> [TablePlace] {
        Balancing.places(of: server, in: service).map { TablePlace(service: $0, server: $1) }
    }
}
