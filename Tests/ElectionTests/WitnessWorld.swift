import Addresses
import Election
import Heartbeat
import Simulation

/// Two directors and a witness on wires that lose, delay and double, with clocks that drift, lives that end, and roles
/// that come and go: from a seed. Says what must not be, if it is.
struct WitnessWorld {
    private struct Director {
        var client: WitnessClient
        var name: UInt64
        var life: UInt64 = 1
        /// The witness's life that it has a session with.
        var session = 0
        /// How many millionths its clock is fast.
        var drift: Int64
        var claimed: UInt64 = 0
        var role = Petition.Role.none
        /// When its grant ends, of those that it did not give up itself, in real time.
        var ends: Int64 = .min
    }

    private struct Datagram {
        var at: Int64
        var toWitness: Bool
        var director: Int
        var life: UInt64
        /// The witness's life at the other end of the session.
        var session: Int
        var petition: PetitionBody?
        var grant: GrantBody?
    }

    private(set) var grants = 0
    private(set) var handovers = 0
    private var random: SplitMix64
    private var directors: [Director] = []
    private var machine: WitnessMachine
    private var witnessLife = 0
    private var witnessDrift: Int64
    private var wires: [Datagram] = []
    private var changes: [WitnessMachine.Change] = []
    private var term: UInt64 = 0
    private var time: Int64 = 0
    private let interval: Int64
    private let takeover: Int64
    private let loss: Double
    private var lastHolder = -1

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        interval = Int64.random(in: 3_000_000...200_000_000, using: &random)
        takeover = interval * Int64.random(in: 2...6, using: &random)
        loss = Double.random(in: 0...0.5, using: &random)
        witnessDrift = Int64.random(in: -300...300, using: &random)
        machine = WitnessMachine(now: Instant(nanoseconds: 0))
        machine = WitnessMachine(now: witnessNow)
        for index in 0..<2 {
            let drift = Int64.random(in: -300...300, using: &random)
            var director = Director(client: Self.client(interval, takeover, now: 0), name: UInt64(index), drift: drift)
            director.client = Self.client(interval, takeover, now: now(drift))
            directors.append(director)
        }
    }

    private static func client(_ interval: Int64, _ takeover: Int64, now: UInt64) -> WitnessClient {
        WitnessClient(
            groups: [1], interval: .nanoseconds(interval), takeoverTime: .nanoseconds(takeover),
            now: Instant(nanoseconds: now))
    }

    /// What a clock says that began long ago.
    private func now(_ drift: Int64) -> UInt64 { UInt64(1_000_000_000_000 + time + time / 1_000_000 * drift) }

    private var witnessNow: Instant { Instant(nanoseconds: now(witnessDrift)) }

    private func now(_ index: Int) -> Instant { Instant(nanoseconds: now(directors[index].drift)) }

    /// Plays a piece of time; nil as long as all is well.
    mutating func step() -> String? {
        time += interval / 8
        if random.chance(0.01) { actUp() }
        for index in 0..<2 {
            // Now and then a heart stands still.
            if random.chance(0.03) { changeRole(index) } else if random.chance(0.5) { say(index) }
            if now(index) >= directors[index].client.deadline {
                send(directors[index].client.request(now: now(index)), index)
            }
        }
        let due = wires.filter { $0.at <= time }
        wires.removeAll { $0.at <= time }
        for datagram in due {
            if let broken = deliver(datagram) { return broken }
        }
        return judge()
    }

    private mutating func actUp() {
        switch Int.random(in: 0..<5, using: &random) {
        case 0, 1:
            witnessLife += 1
            machine = WitnessMachine(now: witnessNow)
        case 2:
            let index = Int.random(in: 0..<2, using: &random)
            directors[index].life += 1
            directors[index].client = Self.client(interval, takeover, now: now(directors[index].drift))
            directors[index].ends = .min
        case 3: (directors[0].name, directors[1].name) = (directors[1].name, directors[0].name)
        default: wires.removeAll()
        }
    }

    private mutating func changeRole(_ index: Int) {
        let role = Petition.Role.allCases.randomElement(using: &random) ?? .none
        directors[index].role = role
        if role == .claiming || directors[index].claimed == 0 {
            term += UInt64.random(in: 0...1, using: &random)
            directors[index].claimed = term
        }
        say(index)
    }

    private mutating func say(_ index: Int) {
        var events: [WitnessClient.Event] = []
        let hadGrant = hasGrant(index)
        let petition = Petition(group: 0, term: directors[index].claimed, role: directors[index].role)
        directors[index].client.petition(petition, now: now(index), into: &events)
        if hadGrant && !hasGrant(index) || directors[index].role == .none { directors[index].ends = .min }
    }

    private mutating func send(_ petition: PetitionBody, _ index: Int) {
        // A hello and its welcome, sooner or later.
        if random.chance(0.3) { directors[index].session = witnessLife }
        let datagram = Datagram(
            at: 0, toWitness: true, director: index, life: directors[index].life, session: directors[index].session,
            petition: petition)
        post(datagram)
    }

    private mutating func post(_ datagram: Datagram) {
        for _ in 0..<(random.chance(0.1) ? 2 : 1) where !random.chance(loss) {
            var copy = datagram
            let slow = random.chance(0.1)
            copy.at = time + Int64.random(in: 0...(slow ? takeover * 3 : interval), using: &random)
            wires.append(copy)
        }
    }

    private mutating func deliver(_ datagram: Datagram) -> String? {
        let index = datagram.director
        if let petition = datagram.petition {
            guard datagram.session == witnessLife else { return nil }
            let petitioner = WitnessMachine.Petitioner(
                pair: 1, director: directors[index].name, boot: BootID(high: UInt64(index), low: datagram.life))
            var answer = datagram
            answer.petition = nil
            answer.grant = machine.judge(petition, from: petitioner, now: witnessNow, into: &changes)
            if answer.grant != nil { post(answer) }
            return nil
        }
        guard let grant = datagram.grant, datagram.life == directors[index].life else { return nil }
        var events: [WitnessClient.Event] = []
        let hadGrant = hasGrant(index)
        directors[index].client.receive(grant, now: now(index), into: &events)
        return hasGrant(index) ? noteGrant(index, isNew: !hadGrant) : nil
    }

    private mutating func noteGrant(_ index: Int, isNew: Bool) -> String? {
        guard let grant = directors[index].client.groups[0].grant else { return nil }
        directors[index].ends = time + (grant.until - now(index)).nanoseconds
        guard isNew else { return nil }
        grants += 1
        if lastHolder != index { handovers += 1 }
        lastHolder = index
        let other = directors[1 - index].ends
        // Whoever did not give up has an interval to let go, but for what the clocks drift.
        guard other == .min || time >= other + interval * 98 / 100 else {
            return "\(index) has a grant \(time - other) ns after the end of the other's"
        }
        return nil
    }

    private func hasGrant(_ index: Int) -> Bool {
        (directors[index].client.groups[0].grant?.until).map { $0 > now(index) } ?? false
    }

    private func judge() -> String? { hasGrant(0) && hasGrant(1) ? "both have the grant" : nil }
}
