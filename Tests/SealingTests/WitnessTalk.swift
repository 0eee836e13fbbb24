import Addresses
import Election
import Heartbeat
import Sealing
import Simulation

/// A witness's sessions and rules, and directors' lines to it: what they say is what production says.
struct WitnessTalk {
    struct Party {
        var line: WitnessLine<OpenSSLSealer>
        var client: WitnessClient
        var events: [WitnessClient.Event] = []
        var petition: Petition?
    }

    var audience: Audience<OpenSSLSealer>
    var machine: WitnessMachine
    var refusals = RefusalCounts()
    var now = Instant(nanoseconds: 5_000_000_000)
    private var random: SplitMix64
    private var changes: [WitnessMachine.Change] = []

    static func pair(_ name: String, key: UInt8, directors: [String] = []) -> Audience<OpenSSLSealer>.Pair {
        .init(name: name, keys: [End.key(key)], sending: nil, directors: directors)
    }

    init(_ pairs: [Audience<OpenSSLSealer>.Pair] = [pair("edge", key: 1), pair("shop", key: 2)], seed: UInt64 = 1) {
        random = SplitMix64(seed: seed)
        audience = Audience(pairs: pairs, sealer: OpenSSLSealer(), random: &random)
        machine = WitnessMachine(now: now - .seconds(100))
    }

    /// 100 ms × 5, one group of id 1.
    mutating func party(_ director: String, pair: String = "edge", key: UInt8 = 1, life: UInt64 = 1) -> Party {
        let identity = Peering<OpenSSLSealer>.Identity(
            pair: pair, director: director, boot: BootID(high: fingerprint(director), low: life))
        return Party(
            line: WitnessLine(
                identity: identity, sealer: OpenSSLSealer(), keys: [End.key(key)], sending: nil,
                interval: .milliseconds(100)),
            client: WitnessClient(groups: [1], interval: .milliseconds(100), takeoverTime: .milliseconds(500), now: now)
        )
    }

    /// A new life, which has forgotten everything.
    mutating func restart() {
        audience = Audience(pairs: audience.pairs, sealer: OpenSSLSealer(), random: &random)
        machine = WitnessMachine(now: now)
    }

    mutating func hello(_ party: inout Party) -> Datagram? {
        var buffer = Frame.makeBuffer()
        return party.line.writeHello(now: now, into: &buffer, random: &random).map { Array(buffer[..<$0]) }
    }

    mutating func request(_ party: inout Party) -> Datagram? {
        var buffer = Frame.makeBuffer()
        return party.line.write(party.client.request(now: now), into: &buffer).map { Array(buffer[..<$0]) }
    }

    /// What the witness answers, if anything.
    mutating func answer(_ datagram: Datagram) -> Datagram? {
        var buffer = Frame.makeBuffer()
        let cut = datagram.prefix(buffer.count)
        buffer.replaceSubrange(..<cut.count, with: cut)
        do throws(Refusal) {
            if datagram.count >= 12, datagram[4..<12].allSatisfy({ $0 == 0 }) {
                let length = try audience.receiveAtDoor(&buffer, count: datagram.count, now: now, random: &random)
                return Array(buffer[..<length])
            }
            let (seat, body, boot) = try audience.open(&buffer, count: datagram.count, now: now)
            guard BodyKind(of: buffer, body) == .petition else { return nil }
            let petition = try PetitionBody(buffer, body)
            let who = WitnessMachine.Petitioner(
                pair: UInt64(audience.seats[seat].pair), director: audience.seats[seat].director, boot: boot)
            guard let grant = machine.judge(petition, from: who, now: now, into: &changes) else { return nil }
            let length = grant.encode(into: &buffer, at: Frame.headerLength)
            return audience.seal(&buffer, bodyLength: length, seat: seat, boot: boot).map { Array(buffer[..<$0]) }
        } catch {
            refusals.count(error)
            return nil
        }
    }

    mutating func hear(_ datagram: Datagram, _ party: inout Party) {
        var buffer = Frame.makeBuffer()
        let cut = datagram.prefix(buffer.count)
        buffer.replaceSubrange(..<cut.count, with: cut)
        if case .grant(let grant) = party.line.receive(&buffer, count: datagram.count, now: now, random: &random) {
            party.client.receive(grant, now: now, into: &party.events)
        }
    }

    /// One interval of a director, as its shell goes through it: whether a petition was answered.
    @discardableResult
    mutating func round(_ party: inout Party) -> Bool {
        now = now + .milliseconds(100)
        if let hello = hello(&party), let welcome = answer(hello) { hear(welcome, &party) }
        say(&party)
        let before = party.client.lastAnswer
        let petition = party.client.request(now: now)
        var buffer = Frame.makeBuffer()
        if let count = party.line.write(petition, into: &buffer) { exchange(Array(buffer[..<count]), &party) }
        if let count = party.line.writeForSuccessor(petition, into: &buffer) {
            exchange(Array(buffer[..<count]), &party)
        }
        return party.client.lastAnswer != before
    }

    private mutating func exchange(_ datagram: Datagram, _ party: inout Party) {
        if let answer = answer(datagram) { hear(answer, &party) }
    }

    mutating func petition(_ role: Petition.Role, term: UInt64, _ party: inout Party) {
        party.petition = Petition(group: 0, term: term, role: role)
        say(&party)
    }

    /// The heart says it again each interval.
    private mutating func say(_ party: inout Party) {
        if let petition = party.petition { party.client.petition(petition, now: now, into: &party.events) }
    }

    func holds(_ party: Party) -> Bool { party.client.groups[0].grant.map { $0.until > now } ?? false }
}
