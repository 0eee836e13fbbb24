package import Addresses

/// The witness's sessions with the directors of all its pairs, behind one address and port.
///
/// The session's number, which the witness chooses, tells where a datagram belongs: its upper 32 bits are the same for
/// all sessions of one life of the witness and drawn at random, so that the kernel can drop what is not for it; the
/// next 12 are the director's seat; the rest is random. A hello tells by its key and its names.
///
/// A pure machine over a sealer, as `Peering` is, which it has one of for each director. The witness never says hello.
package struct Audience<S: Sealer>: Sendable {
    /// A pair that the witness serves.
    package struct Pair: Sendable {
        package let name: String
        let id: UInt64
        let keys: [SharedKey]
        let sending: UInt32?
        /// The names of its directors; empty: whoever has the pair's key.
        let directors: [String]

        package init(name: String, keys: [SharedKey], sending: UInt32?, directors: [String] = []) {
            self.name = name
            id = fingerprint("tandem pair " + name)
            self.keys = keys
            self.sending = sending
            self.directors = directors
        }
    }

    /// A director that has said hello.
    package struct Seat: Sendable {
        /// The pair's place.
        package let pair: Int
        /// The fingerprint of the director's name.
        package let director: UInt64
        /// Where the file says it.
        package let name: String?
        /// When its newest datagram of a session arrived.
        package internal(set) var lastHeard: Instant?
        var peering: Peering<S>
        /// The life that is listened to, and its newest session: an earlier life is not listened to any more.
        var heardFrom: (boot: BootID, order: UInt64)?
        /// Hellos that may still be answered until the next refill.
        var budget = Peering<S>.hellosPerInterval
    }

    // Implementation constants

    package static var maximumPairs: Int { 256 }
    /// Directors of one pair, where the file does not name them; two, but for names that were changed.
    static var seatsPerPair: Int { 4 }
    /// A director that has been silent for so long may lose its seat to one of another name.
    static var patience: Duration { .seconds(60) }
    /// Hellos answered between two refills, of all pairs.
    static var hellosPerRefill: Int { 100 }
    static var refill: Duration { .milliseconds(100) }
    private static var seatShift: UInt64 { 20 }
    private static var seatMask: UInt64 { 0xFFF }

    package let pairs: [Pair]
    /// What all session numbers begin with.
    package let prefix: UInt32
    package internal(set) var seats: [Seat] = []
    private let sealer: S
    private let boot: BootID
    private let pairsByKey: [UInt32: [Int]]
    private var budget = Self.hellosPerRefill
    private var refillAt = Instant(nanoseconds: 0)

    package init(pairs: [Pair], sealer: S, random: inout some RandomNumberGenerator) {
        precondition(pairs.count <= Self.maximumPairs, "a witness has 256 pairs at most, not \(pairs.count)")
        self.pairs = pairs
        self.sealer = sealer
        boot = BootID(random: &random)
        prefix = UInt32.random(in: 1...(.max), using: &random)
        var pairsByKey: [UInt32: [Int]] = [:]
        for index in pairs.indices {
            for key in pairs[index].keys { pairsByKey[key.id, default: []].append(index) }
        }
        self.pairsByKey = pairsByKey
    }
}

extension Audience {
    /// Takes a hello and replaces it by the welcome to send back, so long.
    package mutating func receiveAtDoor(
        _ buffer: inout [UInt8], count: Int, now: Instant, random: inout some RandomNumberGenerator
    ) throws(Refusal) -> Int {
        guard try Frame.session(of: buffer, count: count) == 0 else { throw .unknownSession }
        guard count >= Hello.length else { throw .tooShort }
        guard let candidates = pairsByKey[Hello.keyID(of: buffer)] else { throw .unknownKey }
        try spend(now)
        let keys = candidates.flatMap { pairs[$0].keys }
        let (hello, key) = try Hello.open(&buffer, count: count, keys: keys, using: sealer)
        guard let pair = candidates.first(where: { pairs[$0].id == hello.pair }), pairs[pair].keys.contains(key)
        else { throw .wrongPair }
        guard hello.receiver == Peering<S>.Identity.witness else { throw .wrongDirector }
        guard hello.kind == .hello else { throw .unasked }
        let seat = try seat(of: hello.sender, in: pair, now)
        guard seats[seat].budget > 0 else { throw .overBudget }
        seats[seat].budget -= 1
        let answer = try seats[seat].peering.receive(
            hello, under: key, mac: 0, path: 0, into: &buffer, random: &random)
        guard case .welcome(let length) = answer else { throw .unasked }
        return length
    }

    /// Opens a datagram of any living session in place, and says whose it is.
    package mutating func open(
        _ buffer: inout [UInt8], count: Int, now: Instant
    ) throws(Refusal) -> (seat: Int, body: Range<Int>, boot: BootID) {
        let number = try Frame.session(of: buffer, count: count)
        let seat = Int(number >> Self.seatShift & Self.seatMask)
        guard number >> 32 == UInt64(prefix), seat < seats.count else { throw .unknownSession }
        let opened = try seats[seat].peering.open(&buffer, count: count, path: 0)
        if let heard = seats[seat].heardFrom, heard.boot != opened.boot, opened.order < heard.order { throw .tooOld }
        seats[seat].heardFrom = (opened.boot, max(opened.order, seats[seat].heardFrom?.order ?? 0))
        seats[seat].lastHeard = now
        return (seat, opened.body, opened.boot)
    }

    /// Seals the body that stands at `Frame.headerLength` for the life of a director; nil where another one has come.
    package mutating func seal(_ buffer: inout [UInt8], bodyLength: Int, seat: Int, boot: BootID) -> Int? {
        guard seats[seat].peering.peerBoot == boot else { return nil }
        return seats[seat].peering.seal(&buffer, bodyLength: bodyLength, path: 0)
    }

    private mutating func spend(_ now: Instant) throws(Refusal) {
        if now >= refillAt {
            refillAt = now + Self.refill
            budget = Self.hellosPerRefill
            for index in seats.indices { seats[index].budget = Peering<S>.hellosPerInterval }
        }
        guard budget > 0 else { throw .overBudget }
        budget -= 1
    }

    /// The seat of a director, a new one if need be.
    private mutating func seat(of director: UInt64, in pair: Int, _ now: Instant) throws(Refusal) -> Int {
        if let index = seats.firstIndex(where: { $0.pair == pair && $0.director == director }) { return index }
        let name = pairs[pair].directors.first { fingerprint("tandem director " + $0) == director }
        guard pairs[pair].directors.isEmpty || name != nil else { throw .wrongDirector }
        let taken = seats.indices.filter { seats[$0].pair == pair }
        guard taken.count >= Self.seatsPerPair else {
            seats.append(makeSeat(seats.count, director, name, pair))
            return seats.count - 1
        }
        let silent = taken.first { now - (seats[$0].lastHeard ?? Instant(nanoseconds: 0)) >= Self.patience }
        guard let silent else { throw .wrongDirector }
        seats[silent] = makeSeat(silent, director, name, pair)
        return silent
    }

    private func makeSeat(_ index: Int, _ director: UInt64, _ name: String?, _ pair: Int) -> Seat {
        let identity = Peering<S>.Identity(
            pair: pairs[pair].id, local: Peering<S>.Identity.witness, peer: director, boot: boot)
        var peering = Peering(
            identity: identity, sealer: sealer, keys: pairs[pair].keys, sending: pairs[pair].sending)
        peering.numbering = (UInt64(prefix) << 32 | UInt64(index) << Self.seatShift, (1 << Self.seatShift) - 1)
        return Seat(pair: pair, director: director, name: name, peering: peering)
    }
}
