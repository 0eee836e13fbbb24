package import Addresses
package import Heartbeat

/// What a machine tells its shell to do.
package enum Order: Hashable, Sendable {
    /// Send a heartbeat on every path, at once.
    case sendHeartbeat
    /// Send a hello on every path.
    case sendHello
    /// Tell the hand.
    case hand(HandOrder)
    /// Hold the peer's link-layer address on a path, so that reaching it needs no ARP or ND.
    case holdNeighbour(MACAddress, path: Int)
    /// A life of the peer is heard for the first time: the stream begins anew.
    case meet(BootID)
    /// Tell people.
    case note(Note)
    /// Let the filter of the data sockets through to the sessions that live now.
    case filterSessions
    /// The first heartbeat is missed, or the peer does not hear this director: look round once an interval.
    /// False: all is as it should be again.
    case lookOut(Bool)
    /// Ask the witness, and tell it.
    case petition(Petition)
    /// Everything is handed over or given up, and the peer was told: the director may exit.
    case stopped
}

/// One task of the hand. What comes back carries the ticket; an answer to an older ticket means nothing.
package struct HandOrder: Hashable, Sendable {
    package enum Task: UInt8, Hashable, Sendable, CaseIterable {
        /// Add the addresses and announce them.
        case claim
        /// Move the addresses to lo, where they still forward and no longer answer, and let them lapse.
        case move
        /// Remove the addresses, here and on lo.
        case release
        /// Announce the addresses again.
        case announce
        /// Ask the network whether anybody answers for the addresses.
        case probe
        /// Renew the leases for as long as a restart may take, and never again.
        case topUp
    }

    package var task: Task
    /// The group's place in the configuration.
    package var group: Int
    package var ticket: UInt32

    package init(task: Task, group: Int, ticket: UInt32) {
        self.task = task
        self.group = group
        self.ticket = ticket
    }
}

/// How an order of the hand ended.
package struct HandReport: Hashable, Sendable {
    package var order: HandOrder
    /// For a probe: nobody answered.
    package var succeeded: Bool

    package init(order: HandOrder, succeeded: Bool) {
        self.order = order
        self.succeeded = succeeded
    }
}

/// What people are told. Plain numbers: the heart writes no text.
package enum Note: Hashable, Sendable {
    case role(RoleChange)
    case peer(PeerState, restarted: Bool)
    /// A handover that was asked for and will not happen.
    case notHandedOver(group: Int, Reason)
    /// The peer restarts and asked that its silence be no failure for so long.
    case patience(Duration)
    /// The heart woke so much later than it wanted to.
    case late(Duration)
    /// An operator's wish is known that was not, made here or heard from the peer.
    case wish(Wish, at: Instant)
    /// The pause has come to its end.
    case pauseOver
    /// A group's highest known term has risen.
    case term(UInt64, group: Int)
    /// Somebody else claims an address of a group: not the peer, or the peer, which says that it does not hold it.
    case foreignClaim(group: Int, mac: MACAddress, at: Instant)
    /// While the peer is silent, nobody else on a group's interfaces answers either; or somebody does again.
    case isolated(group: Int, Bool)
}

package struct RoleChange: Hashable, Sendable {
    package var group: Int
    package var from: Role
    package var to: Role
    package var term: UInt64
    package var reason: Reason
    package var at: Instant
    /// When the role that ends here began.
    package var since: Instant
    /// When the peer was heard last, on any path.
    package var lastHeard: Instant?
    /// Whether the peer held the group when it was last heard.
    package var peerHeld: Bool
}

package enum PeerState: UInt8, Hashable, Sendable, CaseIterable {
    /// Not since this director started.
    case never
    case heard
    case lost
    /// It said goodbye.
    case left
}

/// A caller-owned list of orders that keeps its room: filling it allocates nothing.
package struct Orders: Sendable {
    package private(set) var list: [Order] = []

    package init() {
        list.reserveCapacity(256)
    }

    /// No list at all: what stands in for one that is lent away.
    private init(lent _: Void) {}

    /// Lends this list to `body` inside a situation without copying it.
    mutating func lend(_ situation: Situation, to body: (inout Situation) -> Void) {
        var situation = situation
        swap(&situation.orders, &self)
        body(&situation)
        swap(&situation.orders, &self)
    }

    static var none: Orders { Orders(lent: ()) }

    package mutating func add(_ order: Order) {
        if order == .sendHeartbeat || order == .sendHello, list.contains(order) { return }
        list.append(order)
    }

    package mutating func clear() { list.removeAll(keepingCapacity: true) }
}
