package import Addresses
package import Election
package import Heartbeat

/// What others tell the heart.
package enum HeartMessage: Sendable {
    case handReported(HandReport)
    case leaseRenewed(group: Int, until: Instant)
    /// 0 for a hard fault, else 100.
    case fitness(UInt8, group: Int)
    /// What soft faults leave of a group's fitness, 0 to 100.
    case score(UInt8, group: Int)
    case outlook(Outlook, group: Int)
    /// nil: the witness has granted nothing, or withdrawn it.
    case grant(WitnessGrant?, group: Int)
    /// Somebody with another link-layer address than this director's claims an address of a group.
    case foreignClaim(group: Int, mac: MACAddress)
    /// This director's link-layer address on a group's first interface.
    case mac(MACAddress, group: Int)
    case table(TableFigures)
    /// The digest of what this director's own checks think of the servers.
    case verdicts(UInt64)
    case handOver(group: Int)
    /// All keys that are accepted, and the id of the one to send with.
    case keys([SharedKey], sending: UInt32)
    /// Another process is to go on where this one ends.
    case restart
    /// What an operator wants, with the time of the wall clock for a stamp.
    case wish(Wish)
    case stop
}

/// What the heart tells the hand.
enum HandMessage: Sendable {
    case order(HandOrder)
    /// The peer's link-layer address on a path.
    case neighbour(MACAddress, path: Int)
}
