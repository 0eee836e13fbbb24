import Addresses
import Linux
import Netlink

extension Hand {
    /// Takes away what is withdrawn now, and brings back what is not any more; roles are none of its business. What
    /// cannot be brought back because nobody knows who is active is looked at again in the next round.
    mutating func heedWithdrawals() {
        let view = ports.withdrawals.current
        guard view.number != heeded else { return }
        var isDone = true
        for index in groups.indices {
            let (old, wanted) = (groups[index].withdrawn, groups[index].offsets(of: view.services.keys))
            guard old != wanted else { continue }
            guard groups[index].place == .here else {
                groups[index].withdrawn = wanted
                continue
            }
            let back = isHeartAlive ? old.subtracting(wanted) : []
            isDone = isDone && (isHeartAlive || old.isSubset(of: wanted))
            groups[index].withdrawn = old.union(wanted).subtracting(back)
            takeAway(wanted.subtracting(old).sorted(), of: index, because: view.services)
            bringBack(back.sorted(), of: index)
            publish(index)
        }
        if isDone { heeded = view.number }
    }

    private mutating func takeAway(_ offsets: [Int], of index: Int, because services: [IPAddress: [String]]) {
        removeWithdrawn(offsets, of: index)
        tellWithdrawn(offsets, of: index, services)
    }

    /// A new holder says what it does not take, as the one before said what it let go.
    func tellWithdrawn(_ offsets: [Int], of index: Int, _ services: [IPAddress: [String]]) {
        guard let first = offsets.first, let names = services[groups[index].targets[first].prefix.address] else {
            return
        }
        ports.withdrawn(index, words(offsets, of: index, "withdrawn"), names)
    }

    private mutating func bringBack(_ offsets: [Int], of index: Int) {
        guard !offsets.isEmpty else { return }
        if add(offsets, of: index) { groups[index].announce(returned: Set(offsets), Clock.now()) }
        ports.withdrawn(index, words(offsets, of: index, "not withdrawn any more"), [])
    }

    private func words(_ offsets: [Int], of index: Int, _ state: String) -> String {
        let first = groups[index].targets[offsets[0]].prefix
        let name = "group \(groups[index].name)"
        return offsets.count == 1
            ? "\(name): \(first) is \(state)" : "\(name): \(first) and \(offsets.count - 1) more are \(state)"
    }

    /// What is gone already is as good as removed.
    mutating func removeWithdrawn(_ offsets: [Int], of index: Int) {
        guard !offsets.isEmpty else { return }
        ports.crier.settle()
        let changes = offsets.reversed().compactMap { offset -> AddressChange? in
            let target = groups[index].targets[offset]
            return target.link.map { AddressChange.remove(target.prefix, interface: $0.index) }
        }
        _ = judge(route.change(changes), of: index)
    }
}
