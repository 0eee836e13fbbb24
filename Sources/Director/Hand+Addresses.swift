import Addresses
import Election
import Glibc
import Linux
import Netlink

extension Hand {
    /// Adds the addresses and announces them; what another life left here is adopted.
    mutating func claim(_ index: Int) -> Bool {
        locate(index)
        guard groups[index].targets.allSatisfy({ $0.link != nil }) else { return false }
        guard add(groups[index].held, of: index) else { return false }
        removeWithdrawn(groups[index].withdrawn.sorted(), of: index)
        let isNew = groups[index].place != .here
        groups[index].place = .here
        ports.heart.post(.leaseRenewed(group: index, until: Clock.now() + .seconds(Int64(lease))))
        if groups[index].mayBeOnLoopback { removeFromLoopback(index) }
        nextRenewal = min(nextRenewal, Clock.now() + renewalPeriod)
        publish(index)
        // The peer removes the addresses as soon as it hears that they are claimed.
        ports.crier.settle()
        if isNew { tellWithdrawn(groups[index].withdrawn.sorted(), of: index, ports.withdrawals.current.services) }
        return restartAnnouncing(index)
    }

    /// Slice by slice, so that the first of thousands is announced while the last is still to come; in one form, which
    /// is the quickest, and a whole round follows.
    mutating func add(_ offsets: [Int], of index: Int) -> Bool {
        let patience = Clock.now() + Self.deliveryPatience
        for start in stride(from: 0, to: offsets.count, by: Self.slice) {
            let slice = offsets[start..<min(start + Self.slice, offsets.count)]
            let changes = slice.compactMap { groups[index].targets[$0].leased(lease).map(AddressChange.add) }
            guard judge(route.change(changes), of: index) else { return false }
            cry(slice, of: .v4, in: index)
            awaitDelivery(slice, of: index, until: patience)
            cry(slice, of: .v6, in: index)
        }
        return true
    }

    private mutating func cry(_ slice: ArraySlice<Int>, of family: AddressFamily, in index: Int) {
        for offset in slice where groups[index].targets[offset].prefix.address.family == family {
            prepareAnnouncement(of: groups[index].targets[offset], forms: [.request])
        }
        cry()
    }

    /// Nobody is told of an IPv6 address before packets to it are delivered: a worker of the kernel's sees to that,
    /// which waits for the RTNL lock (net/ipv6/addrconf.c, `addrconf_dad_work`). The newest address speaks for all.
    private mutating func awaitDelivery(_ slice: ArraySlice<Int>, of index: Int, until patience: Instant) {
        let addresses = slice.lazy.map { [targets = groups[index].targets] in targets[$0].prefix.address }
        guard let newest = addresses.last(where: { $0.family == .v6 }) else { return }
        while Clock.now() < patience {
            guard let isLocal = try? route.isLocal(newest), !isLocal else { return }
            usleep(500)
        }
    }

    /// Make before break, the second half: the address goes to lo for as long as late packets may still come here.
    mutating func move(_ index: Int) -> Bool {
        let added = judge(route.change(groups[index].onLoopback(Self.loopbackLease).map(AddressChange.add)), of: index)
        remove(index)
        groups[index].mayBeOnLoopback = true
        groups[index].place = .lo
        groups[index].stopAnnouncing()
        publish(index)
        return added
    }

    /// Removes the addresses, here and on lo. What was gone already is as good as removed.
    mutating func release(_ index: Int) -> Bool {
        locate(index)
        let isClean = remove(index) && removeFromLoopback(index)
        groups[index].stopAnnouncing()
        if isClean { groups[index].place = .absent }
        publish(index)
        return isClean
    }

    /// In the reverse of the order in which they were added: the kernel looks for each from its list's end.
    @discardableResult
    private mutating func remove(_ index: Int) -> Bool {
        ports.crier.settle()
        let changes = groups[index].leased(lease).reversed().map {
            AddressChange.remove($0.prefix, interface: $0.interface)
        }
        return judge(route.change(changes), of: index)
    }

    @discardableResult
    private mutating func removeFromLoopback(_ index: Int) -> Bool {
        let changes = groups[index].targets.reversed().map {
            AddressChange.remove(Prefix(host: $0.prefix.address), interface: Link.loopbackIndex)
        }
        groups[index].mayBeOnLoopback = !judge(route.change(changes), of: index)
        return !groups[index].mayBeOnLoopback
    }

    /// Whether all of a group's changes were made. A director that may not change addresses is of no use to the group,
    /// at once; the survey, which knows of other hard faults too, says it again and takes it back when a change of them
    /// was made.
    mutating func judge(_ results: [NetlinkError?], of index: Int) -> Bool {
        let problems = results.compactMap { $0 }
        let isRefused = problems.contains { $0.errno == EPERM }
        if isRefused, !groups[index].isRefused { ports.heart.post(.fitness(0, group: index)) }
        // The same every renewal is said once.
        if !isRefused || !groups[index].isRefused { for problem in problems.prefix(3) { ports.say("\(problem)") } }
        if !results.isEmpty { groups[index].isRefused = isRefused }
        return problems.isEmpty
    }

    /// Puts back and announces what is held here and is gone, whoever removed it or however it lapsed.
    mutating func putBack(_ offsets: [Int], of index: Int) {
        guard isHeartAlive, groups[index].place == .here, let first = offsets.first else { return }
        let prefix = groups[index].removed?.first ?? groups[index].targets[first].prefix
        groups[index].removed = (prefix, (groups[index].removed?.count ?? 0) + offsets.count)
        if add(offsets, of: index) { _ = restartAnnouncing(index) }
    }

    /// One sentence a second: somebody may remove thousands.
    mutating func tellRemovals(_ now: Instant) {
        guard now - removalsTold >= .seconds(1), groups.contains(where: { $0.removed != nil }) else { return }
        removalsTold = now
        for index in groups.indices {
            guard let (first, count) = groups[index].removed else { continue }
            groups[index].removed = nil
            ports.say(
                count == 1
                    ? "address \(first) of group \(groups[index].name) was removed; putting it back"
                    : "\(count) addresses of group \(groups[index].name) were removed; putting them back")
        }
    }

    /// Looks whether everything that is held here is there, and nothing that is withdrawn. One listing serves all
    /// groups.
    mutating func restore() {
        guard groups.contains(where: { $0.place == .here }), isHeartAlive, let present = try? route.addresses() else {
            return
        }
        let found = Set(present.map { Held(prefix: $0.prefix, interface: $0.interface) })
        for index in groups.indices where groups[index].place == .here {
            let targets = groups[index].targets
            func isFound(_ offset: Int, unless isLost: Bool) -> Bool {
                guard let link = targets[offset].link else { return isLost }
                return found.contains(Held(prefix: targets[offset].prefix, interface: link.index))
            }
            putBack(groups[index].held.filter { !isFound($0, unless: true) }, of: index)
            removeStrays(groups[index].withdrawn.filter { isFound($0, unless: false) }.sorted(), of: index)
        }
    }

    /// Somebody added what is withdrawn, or its removal was refused.
    private mutating func removeStrays(_ offsets: [Int], of index: Int) {
        guard let first = offsets.first else { return }
        ports.say(
            "group \(groups[index].name): \(groups[index].targets[first].prefix) is withdrawn and was here; removing it"
        )
        removeWithdrawn(offsets, of: index)
    }

    private struct Held: Hashable {
        var prefix: Prefix
        var interface: Int32
    }

    func publish(_ index: Int) {
        let group = groups[index]
        ports.board.update(index) { view in
            view.place = group.place
            view.interfaces = group.targets.map { $0.link?.name }
            view.withdrawn = group.withdrawn
            view.waitingFor = group.waitingFor
        }
    }
}
