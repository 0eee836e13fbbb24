package import Addresses
import Glibc
import Netlink
import Synchronization

/// Watches on which director's wire the virtual addresses are, as the kernels say: what a dead director cannot tell.
package final class AddressWatch: Sendable {
    package struct Node: Sendable {
        package var director: String
        package var namespace: String

        package init(director: String, namespace: String) {
            self.director = director
            self.namespace = namespace
        }
    }

    /// An address came or went. The first ones are those that are there at the beginning.
    package struct Change: Sendable {
        package var at: Instant
        package var director: String
        package var address: IPAddress
        package var isThere: Bool
    }

    private let seen = Mutex<[Change]>([])
    private let addresses: Set<IPAddress>

    /// - Parameter addresses: the virtual ones.
    package init(addresses: [IPAddress]) {
        self.addresses = Set(addresses)
    }

    package var changes: [Change] { seen.withLock { $0 } }

    /// Watches until it shall end, on a thread whose namespace does not matter any more.
    package func run(_ nodes: [Node], until isToEnd: () -> Bool) throws(DrillError) {
        var wires: [Wire] = []
        for node in nodes { wires.append(try Wire(node)) }
        for wire in wires { look(at: wire) }
        while !isToEnd() {
            var sockets = wires.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&sockets, nfds_t(sockets.count), 20) > 0 else { continue }
            for (socket, wire) in zip(sockets, wires) where socket.revents != 0 {
                if wire.receive({ note($0, at: wire.director) }) { look(at: wire) }
            }
        }
    }

    private func note(_ event: RouteEvent, at director: String) {
        switch event {
        case .addressAdded(let address) where address.interface != Link.loopbackIndex:
            note(address.prefix.address, isThere: true, at: director)
        case .addressRemoved(let prefix, let interface) where interface != Link.loopbackIndex:
            note(prefix.address, isThere: false, at: director)
        default: break
        }
    }

    /// Renewals bring an address that is there once more.
    private func note(_ address: IPAddress, isThere: Bool, at director: String) {
        guard addresses.contains(address) else { return }
        let now = MonotonicClock.now
        seen.withLock { seen in
            let last = seen.last { $0.director == director && $0.address == address }
            guard last?.isThere ?? false != isThere else { return }
            seen.append(Change(at: now, director: director, address: address, isThere: isThere))
        }
    }

    /// Reads everything anew: at the beginning, and when events were lost.
    private func look(at wire: Wire) {
        let there = wire.addresses
        for address in addresses { note(address, isThere: there.contains(address), at: wire.director) }
    }
}

/// What a director's kernel says of its addresses.
private final class Wire {
    let director: String
    private var events: RouteEvents
    private var routes: RouteSocket

    /// The calling thread stays in the node's namespace.
    init(_ node: AddressWatch.Node) throws(DrillError) {
        try NetworkNamespace.enter(node.namespace)
        do {
            events = try RouteEvents()
            routes = try RouteSocket()
        } catch {
            throw DrillError("\(error)")
        }
        director = node.director
    }

    var descriptor: Int32 { events.fileDescriptor }

    /// - Returns: whether events were lost.
    func receive(_ body: (RouteEvent) -> Void) -> Bool {
        let received = events.receive()
        for event in received { body(event) }
        return received.contains(.overflow)
    }

    /// Those on any interface but lo.
    var addresses: Set<IPAddress> {
        let all = (try? routes.addresses()) ?? []
        return Set(all.filter { $0.interface != Link.loopbackIndex }.map(\.prefix.address))
    }
}
