import Addresses
import Election
import Glibc
import Linux
import Netlink

extension Hand {
    /// Adds the addresses and announces them; what another life left here is adopted.
    mutating func claim(_ index: Int) -> Bool {
        locate(index)
        let wanted = groups[index].leased(lease)
        guard wanted.count == groups[index].targets.count else { return false }
        let problems = route.change(wanted.map(AddressChange.add)).compactMap { $0 }
        guard problems.isEmpty else {
            for problem in problems.prefix(3) { ports.say("\(problem)") }
            return false
        }
        groups[index].place = .here
        removeFromLoopback(index)
        awaitDelivery(index)
        nextRenewal = min(nextRenewal, Clock.now() + renewalPeriod)
        publish(index)
        return restartAnnouncing(index)
    }

    /// Nobody is told of an address before packets to it are delivered; the worker that sees to that is prompt, so the
    /// newest IPv6 address speaks for all, and a kernel that is not prompt is not waited for longer than 50 ms.
    private mutating func awaitDelivery(_ index: Int) {
        guard let newest = groups[index].targets.last(where: { $0.prefix.address.family == .v6 }) else { return }
        for _ in 0..<100 {
            guard let isLocal = try? route.isLocal(newest.prefix.address), !isLocal else { return }
            usleep(500)
        }
    }

    /// Make before break, the second half: the address goes to lo for as long as late packets may still come here.
    mutating func move(_ index: Int) -> Bool {
        let added = route.change(groups[index].onLoopback(Self.loopbackLease).map(AddressChange.add))
        remove(index)
        groups[index].place = .lo
        groups[index].announcing = nil
        publish(index)
        return added.allSatisfy { $0 == nil }
    }

    /// Removes the addresses, here and on lo. What was gone already is as good as removed.
    mutating func release(_ index: Int) -> Bool {
        locate(index)
        let isClean = remove(index) && removeFromLoopback(index)
        groups[index].announcing = nil
        if isClean { groups[index].place = .absent }
        publish(index)
        return isClean
    }

    /// In the reverse of the order in which they were added: the kernel looks for each from its list's end.
    @discardableResult
    private mutating func remove(_ index: Int) -> Bool {
        let changes = groups[index].leased(lease).reversed().map {
            AddressChange.remove($0.prefix, interface: $0.interface)
        }
        return tell(route.change(changes))
    }

    @discardableResult
    private mutating func removeFromLoopback(_ index: Int) -> Bool {
        let changes = groups[index].targets.reversed().map {
            AddressChange.remove(Prefix(host: $0.prefix.address), interface: Link.loopbackIndex)
        }
        return tell(route.change(changes))
    }

    private func tell(_ results: [NetlinkError?]) -> Bool {
        let problems = results.compactMap { $0 }
        for problem in problems.prefix(3) { ports.say("\(problem)") }
        return problems.isEmpty
    }

    // MARK: Leases

    /// For the process that comes after this one: nothing renews these leases any more.
    mutating func topUp(_ index: Int) -> Bool {
        let patience = ElectionSettings.restartPatience(takeoverTime: takeoverTime)
        let lease = UInt32(clamping: patience.components.seconds)
        let isDone = tell(route.change(groups[index].leased(lease).map(AddressChange.renew)))
        groups[index].place = .left
        publish(index)
        return isDone
    }

    /// Often enough that a slow renewal costs nothing.
    var renewalPeriod: Duration { .seconds(Int64(lease)) / 4 }

    /// Renews only while the heart lives: an address whose director does not beat goes by itself.
    mutating func renew(_ now: Instant) {
        nextRenewal = .never
        for index in groups.indices where groups[index].place == .here {
            nextRenewal = now + renewalPeriod
            guard isHeartAlive else { continue }
            let problems = route.change(groups[index].leased(lease).map(AddressChange.renew)).compactMap { $0 }
            for problem in problems.prefix(3) { ports.say("\(problem)") }
        }
    }

    /// An address that is held here and is gone, whoever removed it or however it lapsed, is claimed again.
    /// One listing serves all groups.
    mutating func restore() {
        guard groups.contains(where: { $0.place == .here }), isHeartAlive, let present = try? route.addresses() else {
            return
        }
        let found = Set(present.map { Held(prefix: $0.prefix, interface: $0.interface) })
        for index in groups.indices where groups[index].place == .here {
            restore(index, found)
        }
    }

    private mutating func restore(_ index: Int, _ found: Set<Held>) {
        let isComplete = groups[index].targets.allSatisfy { target in
            target.link.map { found.contains(Held(prefix: target.prefix, interface: $0.index)) } ?? true
        }
        guard !isComplete else { return }
        ports.say("addresses of group \(groups[index].name) were gone; putting them back")
        _ = claim(index)
    }

    private struct Held: Hashable {
        var prefix: Prefix
        var interface: Int32
    }

    /// Somebody removed an address that is held here: it is put back and announced.
    mutating func putBack(_ prefix: Prefix, interface: Int32) {
        for index in groups.indices where groups[index].place == .here {
            let isOurs = groups[index].targets.contains { $0.prefix == prefix && $0.link?.index == interface }
            guard isOurs, isHeartAlive else { continue }
            ports.say("address \(prefix) of group \(groups[index].name) was removed; putting it back")
            _ = claim(index)
        }
    }

    func publish(_ index: Int) {
        let group = groups[index]
        ports.board.update(index) { view in
            view.place = group.place
            view.interfaces = group.targets.map { $0.link?.name }
            view.waitingFor = group.waitingFor
        }
    }
}
