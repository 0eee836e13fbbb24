package import Addresses
package import Heartbeat

/// One of the pair's keys that this director accepts.
package struct KeyRecord: Hashable, Sendable {
    package let id: UInt32
    /// When the peer's newest datagram of a session of this key arrived, or its newest hello under it.
    package var lastSeen: Instant?
}

extension PairMachine {
    /// Takes other keys: all are accepted, `sending` is the id of the one to send with. A session of another key is
    /// renewed, with no gap.
    package mutating func setKeys(_ keys: [SharedKey], sending: UInt32, into orders: inout Orders) {
        peering.setKeys(keys, sending: sending)
        let before = self.keys
        self.keys = keys.map { key in
            before.first { $0.id == key.id } ?? KeyRecord(id: key.id)
        }
        orders.add(.filterSessions)
    }

    mutating func see(_ keyID: UInt32, now: Instant) {
        for index in keys.indices where keys[index].id == keyID { keys[index].lastSeen = now }
    }

    /// Whether to say hello although the peer is heard: the session in use is old enough, or its key is not to be used
    /// any more.
    func isRenewalDue(now: Instant) -> Bool {
        guard let sessionSince, !peering.hasSuccessor else { return false }
        let limits = settings.local < settings.peer ? renewal : renewal.patient
        return now - sessionSince >= limits.age || peering.isRenewalDue(after: limits.datagrams)
    }
}
