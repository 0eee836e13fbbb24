import Addresses
import Election
import Heartbeat
import Sealing
import Simulation
import Testing

/// A director under test, `right`, that holds its group and hears `left`, which is sessions alone and says whatever
/// a test wants.
struct Talk {
    /// What no refused datagram may change.
    struct Situation: Equatable {
        var role: Role
        var term: UInt64
        var highest: UInt64
        var since: Instant
        var reason: Reason
        var peer: GroupBeat?
        var peerState: PeerState
        var peerRestarts: Int
        var sendingKey: UInt32?
        var sessionSince: Instant?
        var deadline: Deadline
    }

    private(set) var right: PairMachine<OpenSSLSealer>
    private var left = End("left", peer: "right")
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var orders = Orders()
    private var random = SplitMix64(seed: 7)
    private var buffer = Frame.makeBuffer()
    private var sentAt: UInt64 = 0
    private var strangers: UInt64 = 100
    private var lives: UInt64 = 1
    /// Whether the hand can do what it is told.
    var isHandAble = true

    init() throws {
        let settings = ElectionSettings(
            local: "right", peer: "left", interval: .milliseconds(100), misses: 5, paths: 1,
            groups: [ElectionGroup(name: "web")])
        let identity = Peering<OpenSSLSealer>.Identity(
            pair: "lab", local: "right", peer: "left", boot: BootID(high: 1, low: 1))
        right = PairMachine(
            settings: settings, peering: Peering(identity: identity, sealer: OpenSSLSealer(), keys: [End.key(1)]),
            now: now)
        while group.role != .active {
            now = right.deadline.at
            tick()
        }
        try meet()
    }

    var group: GroupElection { right.groups[0] }

    var situation: Situation {
        Situation(
            role: group.role, term: group.term, highest: group.highest, since: group.since, reason: group.reason,
            peer: group.peer, peerState: right.peerState, peerRestarts: right.peerRestarts, sendingKey: right.keyID,
            sessionSince: right.sessionSince, deadline: right.deadline)
    }

    // MARK: What arrives at `right`

    /// A datagram at the door, and the welcome that answers it.
    @discardableResult
    mutating func knock(_ datagram: Datagram) -> Datagram {
        put(datagram)
        let answer = right.receiveAtDoor(
            &buffer, count: datagram.count, path: 0, mac: 0, now: now, random: &random, into: &orders)
        carryOut()
        guard case .welcome(let length)? = answer else { return [] }
        return Array(buffer[..<length])
    }

    /// A datagram among the data; what it carried of the stream.
    @discardableResult
    mutating func send(_ datagram: Datagram) -> [UInt8]? {
        put(datagram)
        let place = right.receive(&buffer, count: datagram.count, path: 0, now: now, into: &orders)
        let segment = place.map { Array(buffer[$0.body]) }
        carryOut()
        return segment
    }

    /// Longer ones arrive cut off, with their true length.
    private mutating func put(_ datagram: Datagram) {
        let cut = datagram.prefix(buffer.count)
        buffer.replaceSubrange(..<cut.count, with: cut)
    }

    // MARK: What can be sent

    /// What a backup says that is in order.
    mutating func body() -> [UInt8] {
        sentAt += 1
        var heartbeat = Heartbeat()
        heartbeat.sentAt = sentAt
        heartbeat.interval = 100_000
        heartbeat.groups = [GroupBeat(id: group.settings.id, term: group.term, role: .backup, fitness: 100)]
        return End.body(heartbeat)
    }

    /// What a heartbeat may say, of whatever role and with a term near those that are known.
    mutating func anyBody(_ random: inout SplitMix64) -> [UInt8] {
        sentAt += 1
        var heartbeat = Heartbeat()
        heartbeat.sentAt = sentAt
        heartbeat.echo = random.chance(0.5) ? now.nanoseconds : 0
        heartbeat.interval = 100_000
        heartbeat.isLeaving = random.chance(0.02)
        let around = Int64.random(in: -2...2, using: &random)
        let term = UInt64(max(0, Int64(clamping: group.highest) + around))
        let role = Role.allCases.randomElement(using: &random) ?? .backup
        heartbeat.groups = [
            GroupBeat(id: group.settings.id, term: min(term, GroupBeat.highestTerm), role: role, fitness: 100)
        ]
        heartbeat.groups[0].isAsking = random.chance(0.3)
        if random.chance(0.2) { heartbeat.groups.append(GroupBeat(id: 1, term: 1, role: .active, fitness: 1)) }
        return End.body(heartbeat)
    }

    mutating func data(path: Int = 0) -> Datagram { left.sealed(body(), path: path) }

    mutating func sealed(_ body: [UInt8]) -> Datagram { left.sealed(body) }

    /// A hello of a life that this talk has not seen, if all else is as it should be.
    mutating func hello(
        _ local: String = "left", peer: String = "right", pair: String = "lab", keys: [SharedKey] = [End.key(1)]
    ) -> Datagram {
        strangers += 1
        var stranger = End(local, peer: peer, pair: pair, boot: strangers, keys: keys)
        return stranger.hello()
    }

    /// A welcome of `left` to a hello that `right` never said.
    mutating func welcome() throws -> Datagram {
        var other = End("right", peer: "left", boot: 99)
        return try left.answer(other.hello()).welcome
    }

    /// A hello with another byte in its body, sealed as correctly as any.
    mutating func forgedHello(at offset: Int, byte: UInt8) -> Datagram {
        var datagram = hello()
        let body = 56..<(datagram.count - Frame.sealLength)
        let key = Opened.helloKey(secret: End.key(1).secret, of: datagram)
        #expect(key.open(&datagram, body: body, sequence: 0))
        datagram[body.lowerBound + offset] = byte
        key.seal(&datagram, body: body, sequence: 0)
        return datagram
    }

    // MARK: What goes on

    mutating func restartLeft() throws {
        lives += 1
        left = End("left", peer: "right", boot: lives)
        try meet()
    }

    private mutating func meet() throws {
        let welcome = knock(left.hello())
        try left.answer(welcome)
        send(data())
        try #require(right.peerState == .heard)
    }

    /// After whatever happened the two go on as before.
    mutating func expectPeace() {
        let (term, refused) = (group.term, right.refusals.total)
        for _ in 0..<10 { beat() }
        #expect(group.role == .active && group.term == term && right.peerState == .heard)
        #expect(right.refusals.total == refused)
    }

    /// An interval passes, in which `left` says what is in order.
    mutating func beat() {
        now = now + .milliseconds(100)
        send(data())
        tick()
    }

    /// Time passes in silence.
    mutating func pass(_ time: Duration) {
        now = now + time
        tick()
    }

    /// What `right` says, as `left` reads it; nil while it says nothing.
    mutating func said() throws(Refusal) -> Heartbeat? {
        guard let count = right.writeHeartbeat(path: 0, now: now, into: &buffer) else { return nil }
        var datagram = Array(buffer[..<count])
        let opened = try left.peering.open(&datagram, count: count, path: 0)
        var heartbeat = Heartbeat()
        try heartbeat.decode(datagram, opened.body)
        return heartbeat
    }

    /// A body of the stream that `right` sends, as `left` finds it; nil where none can be sent.
    mutating func segment(_ body: [UInt8]) throws(Refusal) -> [UInt8]? {
        let boot = BootID(high: fingerprint("left"), low: lives)
        guard let sent = right.writeSegment(body, for: boot, now: now, into: &buffer) else { return nil }
        var datagram = Array(buffer[..<sent.count])
        return Array(datagram[try left.peering.open(&datagram, count: sent.count, path: 0).body])
    }

    var isOverdue: Bool { right.deadline.at <= now }

    mutating func tick() {
        right.wake(due: now, now: now, into: &orders)
        right.tick(now: now, into: &orders)
        carryOut()
    }

    /// The hand does everything at once and without fail.
    private mutating func carryOut() {
        while !orders.list.isEmpty {
            let list = orders.list
            orders.clear()
            for case .hand(let order) in list {
                right.handReported(HandReport(order: order, succeeded: isHandAble), now: now, into: &orders)
            }
        }
    }
}
