/// The sessions with the peer: hellos, welcomes, and which keys to send with.
///
/// A pure machine over a sealer. A hello never counts as life and never ends a session: a session gives way only
/// to a newer one that has delivered data, so a recorded hello evicts nobody.
package struct Peering<S: Sealer>: Sendable {
    // Implementation constants

    /// Sessions kept at once of those that the peer has shown to hold: the one in use, and the ones before it, whose
    /// last datagrams may be under way.
    package static var provenSlots: Int { 4 }
    /// Hellos answered in one interval, at most: 8 paths' repeats and their answers fit in, a flood does not.
    package static var hellosPerInterval: Int { 32 }
    /// Sessions kept at once whose caller has not spoken yet. All hellos of two intervals fit in: whatever recordings
    /// come between a hello and its caller's first data, they do not take its room.
    package static var pendingSlots: Int { 2 * hellosPerInterval }

    package struct Identity: Hashable, Sendable {
        package var pair: UInt64
        package var local: UInt64
        package var peer: UInt64
        package var boot: BootID

        package init(pair: String, local: String, peer: String, boot: BootID) {
            self.pair = fingerprint("tandem pair " + pair)
            self.local = fingerprint("tandem director " + local)
            self.peer = fingerprint("tandem director " + peer)
            self.boot = boot
        }

        init(pair: UInt64, local: UInt64, peer: UInt64, boot: BootID) {
            self.pair = pair
            self.local = local
            self.peer = peer
            self.boot = boot
        }

        /// A director's towards its witness, whose name is the same everywhere: a pair has one.
        package init(pair: String, director: String, boot: BootID) {
            self.init(
                pair: fingerprint("tandem pair " + pair), local: fingerprint("tandem director " + director),
                peer: Self.witness, boot: boot)
        }

        static var witness: UInt64 { fingerprint("tandem witness") }
    }

    /// What a datagram at the door led to.
    package enum Answer: Hashable, Sendable {
        /// A welcome stands in the buffer, so long; send it to the peer on every path.
        case welcome(length: Int)
        /// The peer answered our hello: the session is ready to send on.
        case ready
        /// The same answer, by another path.
        case repeated
    }

    let identity: Identity
    let sealer: S
    /// All of them are accepted; hellos leave under the sending one.
    package internal(set) var keys: [SharedKey]
    var sendingKey: SharedKey
    var sessions: [Session<S>] = []
    /// The session that is sent on, and the one that is about to replace it, by their orders.
    var current: UInt64?
    var successor: UInt64?
    /// How many datagrams left on the successor.
    var successorDatagrams: UInt64 = 0
    var hello: (nonce: [UInt8], session: UInt64)?
    var order: UInt64 = 0
    /// The sending key has changed, or the key of the session in use is no longer accepted.
    var isRenewalAsked = false
    /// What the numbers of its sessions have in common, and their other bits.
    var numbering: (fixed: UInt64, free: UInt64) = (0, .max)
    /// The key of the newest hello or welcome, if it came from the life of the peer that is in use.
    package internal(set) var greetedWith: UInt32?

    /// `keys` are all accepted; the one with the id `sending`, else the last, is used for sending.
    package init(identity: Identity, sealer: S, keys: [SharedKey], sending: UInt32? = nil) {
        self.identity = identity
        self.sealer = sealer
        self.keys = keys
        sendingKey = Self.key(sending, of: keys)
    }

    static func key(_ id: UInt32?, of keys: [SharedKey]) -> SharedKey {
        guard let last = keys.last else { preconditionFailure("a pair needs a key") }
        guard let id else { return last }
        guard let key = keys.first(where: { $0.id == id }) else {
            preconditionFailure("the key to send with is among those that are accepted")
        }
        return key
    }

    /// Whether there is a session to send on.
    package var isReady: Bool { current != nil }

    /// Where the session of that order stands. Indices are walked: closures over elements ask for memory.
    func index(of order: UInt64?) -> Int? {
        guard let order else { return nil }
        for index in sessions.indices where sessions[index].order == order { return index }
        return nil
    }

    /// The peer's life, as far as the session in use tells it.
    package var peerBoot: BootID? { index(of: current).map { sessions[$0].peerBoot } }

    package var keyID: UInt32? { index(of: current).map { sessions[$0].keyID } }

    /// Every session number under which a datagram may arrive: what the kernel's filter lets through.
    package var inboundSessions: [UInt64] { sessions.map(\.inbound) }
}
