import Addresses
import Election
import Heartbeat
import Sealing
import Simulation

/// Two whole directors and one wire that takes a millisecond: what they say is what production says.
struct Duo {
    struct Party {
        var machine: PairMachine<OpenSSLSealer>
        var orders = Orders()
        var buffer = Frame.makeBuffer()
        var random: SplitMix64
        /// What its clock says when the first director starts.
        let start: Instant
        /// When it starts itself.
        let joins: Duration
    }

    struct Sent: Hashable {
        var isFromFirst: Bool
        /// Since the first director started.
        var at: Duration
        var bytes: Datagram
    }

    /// Everything that was sent, in its order.
    private(set) var sent: [Sent] = []
    private(set) var parties: [Party]
    /// What becomes of a datagram on the wire; empty for nothing.
    var wire: (_ isFromFirst: Bool, Datagram) -> Datagram = { $1 }

    static let interval = Duration.milliseconds(100)

    /// `clocks` are the readings of the directors' clocks when the first one starts; the second starts 30 ms later.
    init(key: SharedKey, clocks: [Duration] = [.seconds(1000), .seconds(5)]) {
        parties = [("lb1", "lb2"), ("lb2", "lb1")].enumerated().map { index, names in
            let start = Instant(nanoseconds: 0) + clocks[index]
            let joins = Duration.milliseconds(30 * index)
            let boot = BootID(high: 0xB007_0000_0000_0000 + UInt64(index), low: 0x0123_4567_89AB_CDEF)
            let peering = Peering(
                identity: .init(pair: "edge", local: names.0, peer: names.1, boot: boot), sealer: OpenSSLSealer(),
                keys: [key])
            let settings = ElectionSettings(
                local: names.0, peer: names.1, interval: Self.interval, misses: 5, paths: 1,
                groups: [ElectionGroup(name: "web", preference: index == 0 ? .local : .peer)])
            return Party(
                machine: PairMachine(settings: settings, peering: peering, now: start + joins),
                random: SplitMix64(seed: UInt64(index + 1)), start: start, joins: joins)
        }
    }

    /// Goes through every millisecond from `from` until `until`, and lets `look` see each.
    mutating func run(from: Duration, until: Duration, look: (Duo) -> Void = { _ in }) {
        var time = from
        while time < until {
            for index in 0..<2 { wake(index, time) }
            look(self)
            time += .milliseconds(1)
        }
    }

    /// Asks a director to hand its group over, or to get it.
    mutating func handOver(_ index: Int, at time: Duration) {
        let now = parties[index].start + time
        var party = parties[index]
        party.machine.handOver(group: 0, now: now, into: &party.orders)
        parties[index] = party
        carryOut(index, time)
    }

    var actives: Int { parties.count { $0.machine.groups[0].role == .active } }

    private mutating func wake(_ index: Int, _ time: Duration) {
        let now = parties[index].start + time
        guard time >= parties[index].joins else { return }
        let isFirst = index == 0
        for datagram in sent where datagram.isFromFirst != isFirst && datagram.at + .milliseconds(1) == time {
            receive(datagram.bytes, index, time)
        }
        guard now >= parties[index].machine.deadline.at else { return }
        var party = parties[index]
        party.machine.wake(due: now, now: now, into: &party.orders)
        party.machine.tick(now: now, into: &party.orders)
        parties[index] = party
        carryOut(index, time)
    }

    private mutating func receive(_ datagram: Datagram, _ index: Int, _ time: Duration) {
        let now = parties[index].start + time
        var party = parties[index]
        party.buffer.replaceSubrange(..<datagram.count, with: datagram)
        if datagram[4..<12].allSatisfy({ $0 == 0 }) {
            let answer = party.machine.receiveAtDoor(
                &party.buffer, count: datagram.count, path: 0, mac: 0x0200_0000_0001 + UInt64(index), now: now,
                random: &party.random, into: &party.orders)
            if case .welcome(let length)? = answer { note(Array(party.buffer[..<length]), index, time) }
        } else {
            party.machine.receive(&party.buffer, count: datagram.count, path: 0, now: now, into: &party.orders)
        }
        parties[index] = party
        carryOut(index, time)
    }

    private mutating func carryOut(_ index: Int, _ time: Duration) {
        let now = parties[index].start + time
        var party = parties[index]
        while !party.orders.list.isEmpty {
            let list = party.orders.list
            party.orders.clear()
            for case .hand(let order) in list {
                party.machine.handReported(HandReport(order: order, succeeded: true), now: now, into: &party.orders)
            }
            if list.contains(.sendHeartbeat),
                let count = party.machine.writeHeartbeat(path: 0, now: now, into: &party.buffer)
            {
                note(Array(party.buffer[..<count]), index, time)
            }
            guard list.contains(.sendHello) else { continue }
            let count = party.machine.writeHello(
                path: 0, mac: 0x0200_0000_0001 + UInt64(index), into: &party.buffer, random: &party.random)
            note(Array(party.buffer[..<count]), index, time)
        }
        parties[index] = party
    }

    private mutating func note(_ bytes: Datagram, _ index: Int, _ time: Duration) {
        let bytes = wire(index == 0, bytes)
        if !bytes.isEmpty { sent.append(Sent(isFromFirst: index == 0, at: time, bytes: bytes)) }
    }
}
