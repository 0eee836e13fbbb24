package import Addresses

/// A director's sessions with its witness: it says hello when it hears no answers, and when a session should be
/// renewed.
///
/// A pure machine over a sealer. Its shell sends what `writeHello` and `write` give, hands it what arrives, and reads
/// the clock.
package struct WitnessLine<S: Sealer>: Sendable {
    package private(set) var refusals = RefusalCounts()
    /// When the newest answer arrived.
    package private(set) var lastHeard: Instant?
    /// How often the witness came back with a new life.
    package private(set) var restarts = 0
    /// When a session gives way to a new one.
    package var renewal = RenewalLimits()
    private var peering: Peering<S>
    private let interval: Duration
    private var boot: BootID?
    private var sessionSince: Instant?
    private var nextHello = Instant(nanoseconds: 0)

    // Implementation constants

    /// So many intervals without an answer, and the witness may have forgotten the session.
    private static var patience: Int { 2 }
    /// Hellos are not closer together than this.
    private static var leastPause: Duration { .milliseconds(10) }

    package init(
        identity: Peering<S>.Identity, sealer: S, keys: [SharedKey], sending: UInt32?, interval: Duration
    ) {
        peering = Peering(identity: identity, sealer: sealer, keys: keys, sending: sending)
        self.interval = interval
    }

    package var keyID: UInt32? { peering.keyID }
    package var inboundSessions: [UInt64] { peering.inboundSessions }

    /// Takes other keys; sessions of other keys are renewed.
    package mutating func setKeys(_ keys: [SharedKey], sending: UInt32) { peering.setKeys(keys, sending: sending) }

    /// Writes a hello if it is time for one, and says how long it is.
    package mutating func writeHello(
        now: Instant, into buffer: inout [UInt8], random: inout some RandomNumberGenerator
    ) -> Int? {
        guard now >= nextHello, isHelloDue(now) else { return nil }
        nextHello = now + max(interval, Self.leastPause)
        return peering.sayHello(mac: 0, path: 0, into: &buffer, random: &random)
    }

    private func isHelloDue(_ now: Instant) -> Bool {
        guard peering.isReady, let lastHeard, now - lastHeard < interval * Self.patience else { return true }
        guard let sessionSince, !peering.hasSuccessor else { return false }
        return now - sessionSince >= renewal.age || peering.isRenewalDue(after: renewal.datagrams)
    }

    /// Writes a petition for the session in use and says how long the datagram is; nil where there is none.
    package mutating func write(_ petition: PetitionBody, into buffer: inout [UInt8]) -> Int? {
        let length = petition.encode(into: &buffer, at: Frame.headerLength)
        return peering.seal(&buffer, bodyLength: length, path: 0)
    }

    /// Writes it once more for the session that is about to replace the one in use; nil where there is none.
    package mutating func writeForSuccessor(_ petition: PetitionBody, into buffer: inout [UInt8]) -> Int? {
        guard peering.hasSuccessor else { return nil }
        let length = petition.encode(into: &buffer, at: Frame.headerLength)
        return peering.sealForSuccessor(&buffer, bodyLength: length, path: 0)
    }

    package enum Received: Hashable, Sendable {
        case grant(GrantBody)
        /// The witness answered a hello: there is a session to send on.
        case ready
    }

    /// Takes whatever arrived. What is wrong with it is counted and changes nothing.
    package mutating func receive(
        _ buffer: inout [UInt8], count: Int, now: Instant, random: inout some RandomNumberGenerator
    ) -> Received? {
        do throws(Refusal) {
            guard try Frame.session(of: buffer, count: count) == 0 else {
                return try open(&buffer, count: count, now: now).map { .grant($0) }
            }
            guard count >= Hello.length else { throw .tooShort }
            let answer = try peering.receiveAtDoor(&buffer, count: count, mac: 0, path: 0, random: &random)
            if answer == .ready { return .ready }
        } catch {
            refusals.count(error)
        }
        return nil
    }

    /// Nil for what a later witness says beside grants.
    private mutating func open(_ buffer: inout [UInt8], count: Int, now: Instant) throws(Refusal) -> GrantBody? {
        let opened = try peering.open(&buffer, count: count, path: 0)
        if opened.isFirst { sessionSince = now }
        if let boot, boot != opened.boot {
            guard peering.peerBoot == opened.boot else { throw .tooOld }
            restarts += 1
        }
        boot = opened.boot
        lastHeard = now
        guard BodyKind(of: buffer, opened.body) == .grant else { return nil }
        return try GrantBody(buffer, opened.body)
    }
}
