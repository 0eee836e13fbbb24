import Addresses
package import Election
package import Heartbeat

/// One machine of the pair: a kernel, and a daemon that comes and goes.
package struct SimulatedDirector {
    /// Absent while no daemon runs.
    package var machine: PairMachine<SimulatedSealer>?
    var kernel: SimulatedKernel
    var hand = SimulatedHand()
    var disk: SimulatedDisk
    /// Counts the daemons: what belongs to an earlier one comes too late.
    var life = 0
    /// What this machine's clock is ahead of the world's.
    let clockOffset: Duration
    /// For what its heart sleeps, by its own clock, and the number of that sleep.
    var sleepsUntil = Instant.never
    var sleep = 0
    /// Frozen until then, heart and hand, by the world's clock.
    var stalledUntil: Instant?
    /// When the heart last woke, by the world's clock: the hand renews leases on its strength.
    var stamp = Instant(nanoseconds: 0)
    /// The groups whose leases the hand renews.
    var renewed: Set<Int> = []
    /// The keys in its files.
    package var keys = SimulatedKeys()
    /// What it says and hears through the stream.
    var talk: SimulatedTalk?
    private var inbox: Inbox
    var reports: [HandReport] = []
    var highestTerms: [UInt64]

    init(groups: Int, clockOffset: Duration, inboxRoom: Int) {
        inbox = Inbox(room: inboxRoom)
        kernel = SimulatedKernel(groups: groups)
        disk = SimulatedDisk(groups: groups)
        highestTerms = Array(repeating: 0, count: groups)
        self.clockOffset = clockOffset
    }

    package var isRunning: Bool { machine != nil }

    func clock(_ world: Instant) -> Instant { world + clockOffset }

    /// A daemon begins, or ends, with nothing in its hands.
    mutating func begin(_ machine: PairMachine<SimulatedSealer>?) {
        self.machine = machine
        talk = nil
        let fortune = hand.fortune
        hand = SimulatedHand()
        hand.fortune = fortune
        life += 1
        sleep += 1
        stalledUntil = nil
        renewed = []
        _ = emptyInbox()
        reports = []
        highestTerms = Array(repeating: 0, count: highestTerms.count)
    }

    mutating func deliver(_ datagram: Datagram) { inbox.add(datagram) }

    mutating func emptyInbox() -> [Datagram] {
        defer { inbox.waiting = [] }
        return inbox.waiting
    }
}

/// The keys that a director accepts, and the id of the one that it sends with.
package struct SimulatedKeys: Hashable, Sendable {
    package var accepted = [key(7)]
    package var sending: UInt32 = 7

    package init() {}

    package static func key(_ id: UInt32) -> SharedKey {
        SharedKey(id: id, secret: [UInt8](repeating: UInt8(truncatingIfNeeded: id &* 6), count: 32))
    }
}

/// One datagram on its way.
package struct Datagram: Hashable, Sendable {
    package var bytes: [UInt8]
    package var path: Int
    /// A hello or a welcome, which has its own socket.
    package var isForDoor: Bool
}

/// The sockets of a heart: when they are full they keep what came first, as the kernel does.
struct Inbox {
    let room: Int
    var waiting: [Datagram] = []

    mutating func add(_ datagram: Datagram) {
        if waiting.count < room { waiting.append(datagram) }
    }
}
