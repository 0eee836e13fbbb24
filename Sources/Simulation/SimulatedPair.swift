package import Addresses
package import Election
package import Heartbeat

/// Two directors running the very machine of the daemon, on a clock, wires, hands and kernels that a seed decides.
///
/// The same seed and the same calls give the same trace, for ever.
package struct SimulatedPair {
    enum Event {
        case arrival(Seat, Datagram)
        case handDone(Seat, HandOrder, life: Int, suspended: Duration)
        case renewal(Seat, life: Int, suspended: Duration)
        case thaw(Seat)
        case resume(Seat)
        case talk(Seat, life: Int)
        case rotate
        case probe(Seat, rhythm: Int)
        case answer(Seat, life: Int, gateway: Bool)
        case asking(Seat, life: Int)
        case petition(Seat, PetitionBody, life: Int)
        case granted(Seat, GrantBody, life: Int)
    }

    package let options: Options
    package internal(set) var now = Instant(nanoseconds: 1_000_000_000_000)
    package internal(set) var directors: [SimulatedDirector]
    package internal(set) var trace: Trace
    package internal(set) var oracle: Oracle
    var wires: SimulatedWires
    var witness: WitnessMachine
    var witnessStarted: Instant
    /// As they stand in heartbeats and petitions.
    let groupIDs: [UInt64]
    var queue = EventQueue<Event>()
    var random: SplitMix64
    /// Where datagrams are written and read, and what a machine orders: made once.
    var buffer = Frame.makeBuffer()
    var orders = Orders()
    /// Something happened that an oracle may want to see.
    var hasChanged = true
    /// The heart that beats now has just heard people.
    var isSaying = false
    /// Counts what arrives, for a wrapper that gives each datagram a number of its own.
    var arrivals: UInt64 = 0
    /// Somebody else on the network answers for the addresses.
    package var hasForeignHolder = false
    /// Everything that was sent while somebody records, with its sender.
    package internal(set) var recorded: [(from: Seat, datagram: Datagram)] = []
    package var isRecording = false
    /// The users of the streams have nothing more to say.
    var isSilent = false
    /// Somebody changes the keys.
    var rotation = Rotation()
    /// What each director took, for somebody to play again.
    var tapes: [Tape]

    package init(_ options: Options) {
        self.options = options
        random = SplitMix64(seed: options.seed)
        var fair = Weather()
        fair.delay = options.delay
        wires = SimulatedWires(paths: options.paths, fair: fair)
        // It started long before.
        witnessStarted = Instant(nanoseconds: 0)
        witness = WitnessMachine(now: witnessStarted)
        groupIDs = options.groups.map { ElectionGroup(name: $0.name).id }
        trace = Trace(start: now, isTold: options.isTold)
        oracle = Oracle(options, now: now)
        var fortune = HandFortune()
        fortune.time = options.handTime
        tapes = [Tape(), Tape()]
        directors = []
        for seat in Seat.allCases {
            let offset = random.duration(in: .zero...(.seconds(1_000_000)))
            let clock = MachineClock(start: now, offset: offset, drift: options.drift[seat.rawValue])
            directors.append(
                SimulatedDirector(
                    groups: options.groups.count, clock: clock, hand: fortune, inboxRoom: options.inboxRoom))
        }
        planRotation()
    }

    package subscript(seat: Seat) -> SimulatedDirector {
        get { directors[seat.rawValue] }
        set { directors[seat.rawValue] = newValue }
    }

    /// Lets so much time pass.
    package mutating func run(for duration: Duration) { run(until: now + duration) }

    package mutating func run(until end: Instant) {
        while step(until: end) {
            if hasChanged { observe() }
        }
        now = max(now, end)
        observe()
    }

    /// The next thing that happens, if it happens before `end`.
    private mutating func step(until end: Instant) -> Bool {
        let planned = queue.nextAt ?? .never
        let waking = min(directors[0].wakesAt, directors[1].wakesAt)
        let lapsing = min(directors[0].kernel.nextLapse, directors[1].kernel.nextLapse)
        let next = min(planned, waking, lapsing)
        guard next <= end else { return false }
        now = max(now, next)
        if next == planned {
            if let event = queue.next() { handle(event) }
        } else if next == lapsing {
            lapse(directors[0].kernel.nextLapse == next ? .lb1 : .lb2)
        } else {
            wake(directors[0].wakesAt == next ? .lb1 : .lb2)
        }
        return true
    }

    /// Who has the group's addresses on the wire.
    package func holders(of group: Int = 0) -> [Seat] {
        Seat.allCases.filter { directors[$0.rawValue].kernel.place(of: group) == .wire }
    }

    /// How often this director announced again what it held already.
    package func announcements(of seat: Seat) -> Int { directors[seat.rawValue].kernel.announcements }

    package func role(_ seat: Seat, group: Int = 0) -> Role? { directors[seat.rawValue].machine?.groups[group].role }

    package func term(_ seat: Seat, group: Int = 0) -> UInt64? { directors[seat.rawValue].machine?.groups[group].term }

    /// What this director's clock shows now.
    package func clock(of seat: Seat) -> Instant { directors[seat.rawValue].clock.reading(at: now) }

    package func peerState(_ seat: Seat) -> PeerState? { directors[seat.rawValue].machine?.peerState }

    /// What was to be seen since the start, for a failing test to print.
    package var story: String {
        (["seed \(options.seed)"] + trace.lines + oracle.violations).joined(separator: "\n")
    }

    /// Forgets the longest vacancy, the longest double and the changes of roles so far.
    package mutating func startWatch() { oracle.startWatch() }
}
