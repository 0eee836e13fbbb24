import Addresses
package import Election
import Heartbeat

/// One machine of the pair: a kernel, and a daemon that comes and goes.
package struct SimulatedDirector {
    /// Absent while no daemon runs.
    package var machine: PairMachine<SimulatedSealer>?
    var kernel: SimulatedKernel
    var hand: SimulatedHand
    var disk: SimulatedDisk
    var clock: MachineClock
    /// Counts the daemons: what belongs to an earlier one comes too late.
    var life = 0
    /// For what its heart sleeps, by its own clock, and when it wakes, by the world's.
    var sleepsUntil = Instant.never
    var wakesAt = Instant.never
    /// Frozen until then, by the world's clock: the heart, and perhaps the hand with it.
    var stalledUntil: Instant?
    var isHandStalled = false
    /// The whole machine stands still until then.
    var suspendedUntil: Instant?
    /// When the heart last woke, by the world's clock: the hand renews leases on its strength.
    var stamp = Instant(nanoseconds: 0)
    /// The groups whose leases the hand renews.
    var renewed: Set<Int> = []
    /// The keys in its files.
    package var keys = SimulatedKeys()
    /// What it says and hears through the stream.
    var talk: SimulatedTalk?
    /// What its service link reaches, and the witness.
    var surroundings = SimulatedSurroundings()
    /// Where the witness decides.
    var envoy: WitnessClient?
    /// When it is to ask next, by the world's clock.
    var asksAt = Instant.never
    var inbox: Inbox
    var reports: [HandReport] = []
    /// What people told the daemon and its heart has not heard yet.
    var commands: [@Sendable (inout PairMachine<SimulatedSealer>, Instant, inout Orders) -> Void] = []
    /// The groups that this director was told it cannot hold.
    var unfit: Set<Int> = []
    /// It was told to stop.
    var isStopping = false
    /// When it last took a heartbeat of its peer, by the world's clock.
    var tookAt = Instant(nanoseconds: 0)
    /// The groups that must be off the wire before it says anything.
    var mustRelease: Set<Int> = []
    var highestTerms: [UInt64]

    init(groups: Int, clock: MachineClock, hand: HandFortune, inboxRoom: Int) {
        inbox = Inbox(room: inboxRoom)
        kernel = SimulatedKernel(groups: groups)
        disk = SimulatedDisk(groups: groups)
        highestTerms = Array(repeating: 0, count: groups)
        self.clock = clock
        self.hand = SimulatedHand(fortune: hand)
    }

    package var isRunning: Bool { machine != nil }

    /// A daemon runs whose heart can act.
    var isAwake: Bool { machine != nil && stalledUntil == nil && suspendedUntil == nil }

    /// A daemon begins, or ends, with nothing in its hands.
    mutating func begin(_ machine: PairMachine<SimulatedSealer>?) {
        self.machine = machine
        talk = nil
        hand = SimulatedHand(fortune: hand.fortune)
        life += 1
        wakesAt = .never
        stalledUntil = nil
        isHandStalled = false
        renewed = []
        inbox.empty()
        reports = []
        commands = []
        surroundings.begin()
        envoy = nil
        asksAt = .never
        mustRelease = []
        tookAt = Instant(nanoseconds: 0)
        for group in highestTerms.indices { highestTerms[group] = 0 }
    }
}

/// One datagram on its way.
package struct Datagram: Hashable, Sendable {
    /// Who put it on the wire.
    package enum Origin: Hashable, Sendable {
        case director
        /// Somebody who recorded it, after the receiver had taken it.
        case recording
        /// Somebody who made it up or altered it.
        case forger
    }

    package var bytes: [UInt8]
    package var path: Int
    /// A hello or a welcome, which has its own socket.
    package var isForDoor: Bool
    package var origin = Origin.director
}

/// The sockets of a heart: when they are full they keep what came first, as the kernel does.
struct Inbox {
    var room: Int
    private(set) var waiting: [Datagram] = []
    /// What found no room.
    private(set) var dropped = 0

    init(room: Int) {
        self.room = room
    }

    mutating func add(_ datagram: Datagram) {
        if waiting.count < room { waiting.append(datagram) } else { dropped += 1 }
    }

    mutating func empty() { waiting.removeAll(keepingCapacity: true) }
}
