/// When a session is replaced by a new one, with keys of its own, although nothing is wrong with it.
package struct RenewalLimits: Hashable, Sendable {
    /// So many datagrams sent. The cipher would stand 2^56.
    package var datagrams: UInt64 = 1 << 32
    /// So long in use, 1 s or more.
    package var age: Duration = .seconds(3600)

    // Implementation constant: who was answered and yet hears nothing after so many datagrams says hello again.
    static let successorDatagrams: UInt64 = 64

    package init() {}

    /// The limits of the director that lets the other one begin: an eighth more.
    package var patient: RenewalLimits {
        var limits = self
        limits.datagrams += limits.datagrams / 8
        limits.age += limits.age / 8
        return limits
    }
}

extension Peering {
    /// Takes other keys: all are accepted, new sessions are begun with the one whose id is `sending`. The session in
    /// use stays until a new one has delivered data, whatever becomes of its key.
    package mutating func setKeys(_ keys: [SharedKey], sending: UInt32) {
        let before = sendingKey.id
        self.keys = keys
        sendingKey = Self.key(sending, of: keys)
        if sendingKey.id != before {
            hello = nil
            successor = nil
        }
        dropRetired()
        guard let keyID else { return }
        let isAccepted = keys.contains { $0.id == keyID }
        if keyID == sending {
            isRenewalAsked = false
        } else if sending != before || !isAccepted {
            isRenewalAsked = true
        }
    }

    /// Forgets the sessions of keys that are accepted no more, but for the one in use and the one that replaces it.
    mutating func dropRetired() {
        let spared = (current, successor)
        sessions.removeAll { session in
            session.order != spared.0 && session.order != spared.1 && !keys.contains { $0.id == session.keyID }
        }
    }

    /// Whether the session in use should give way to a new one by what was sent on it, or by its key.
    package func isRenewalDue(after datagrams: UInt64) -> Bool {
        if isRenewalAsked { return true }
        guard let index = index(of: current) else { return false }
        return sessions[index].sent >= datagrams
    }

    /// Whether a new session is agreed on and sent on beside the one in use, and has delivered nothing yet.
    package var hasSuccessor: Bool { successor != nil }
}
