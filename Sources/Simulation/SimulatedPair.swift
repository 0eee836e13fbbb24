package import Addresses
package import Election
package import Heartbeat

/// Two directors running the very machine of the daemon, on a clock, wires, hands and kernels that a seed decides.
///
/// The same seed and the same calls give the same trace, for ever.
package struct SimulatedPair {
    package struct Options: Hashable, Sendable {
        package var seed: UInt64 = 1
        package var interval: Duration = .milliseconds(100)
        package var misses = 3
        package var paths = 2
        package var groups: [Group] = [Group(name: "web", prefers: .lb1)]
        /// How late a heart wakes without anybody's fault.
        package var jitter: ClosedRange<Duration> = .zero...(.microseconds(200))
        /// When sessions are renewed.
        package var renewal = RenewalLimits()
        /// Both directors send messages through the stream, so long apart; absent: never.
        package var talk: ClosedRange<Duration>?
        /// Datagrams that wait in a director's sockets while it does not read.
        package var inboxRoom = 64

        package init() {}

        package var takeoverTime: Duration { interval * misses }

        /// In whole seconds, at least 2 s and longer than two takeover times.
        package var lease: Duration {
            .seconds(max(2, (takeoverTime * 2).components.seconds + 1))
        }
    }

    package struct Group: Hashable, Sendable {
        package var name: String
        package var prefers: Seat?
        package var preempt: Duration?

        package init(name: String, prefers: Seat? = nil, preempt: Duration? = nil) {
            self.name = name
            self.prefers = prefers
            self.preempt = preempt
        }
    }

    enum Event {
        case wake(Seat, sleep: Int)
        case arrival(Seat, Datagram)
        case handDone(Seat, HandOrder, life: Int)
        case renewal(Seat, life: Int)
        case lapse(Seat)
        case thaw(Seat)
        case talk(Seat, life: Int)
    }

    package let options: Options
    package internal(set) var now = Instant(nanoseconds: 1_000_000_000_000)
    package internal(set) var directors: [SimulatedDirector]
    package internal(set) var trace: Trace
    package internal(set) var oracle: Oracle
    var wires: SimulatedWires
    var queue = EventQueue<Event>()
    var random: SplitMix64
    /// Somebody else on the network answers for the addresses.
    package var hasForeignHolder = false
    /// Everything that was sent while somebody records, with its sender.
    package internal(set) var recorded: [(from: Seat, datagram: Datagram)] = []
    package var isRecording = false
    /// The users of the streams have nothing more to say.
    var isSilent = false

    package init(_ options: Options) {
        self.options = options
        random = SplitMix64(seed: options.seed)
        wires = SimulatedWires(paths: options.paths)
        trace = Trace(start: now)
        oracle = Oracle(options, now: now)
        var offsets = [Duration.zero]
        offsets.append(random.duration(in: .zero...(.seconds(1_000_000))))
        directors = offsets.map {
            SimulatedDirector(groups: options.groups.count, clockOffset: $0, inboxRoom: options.inboxRoom)
        }
    }

    package subscript(seat: Seat) -> SimulatedDirector {
        get { directors[seat.rawValue] }
        set { directors[seat.rawValue] = newValue }
    }

    /// Lets so much time pass.
    package mutating func run(for duration: Duration) {
        let end = now + duration
        while let next = queue.nextAt, next <= end, let event = queue.next() {
            now = next
            handle(event)
            observe()
        }
        now = end
        observe()
    }

    /// Who has the group's addresses on the wire.
    package func holders(of group: Int = 0) -> [Seat] {
        Seat.allCases.filter { self[$0].kernel.place(of: group) == .wire }
    }

    package func role(_ seat: Seat, group: Int = 0) -> Role? { self[seat].machine?.groups[group].role }

    package func term(_ seat: Seat, group: Int = 0) -> UInt64? { self[seat].machine?.groups[group].term }

    /// What this director's clock shows now.
    package func clock(of seat: Seat) -> Instant { self[seat].clock(now) }

    package func peerState(_ seat: Seat) -> PeerState? { self[seat].machine?.peerState }

    /// What was to be seen since the start, for a failing test to print.
    package var story: String {
        (["seed \(options.seed)"] + trace.lines + oracle.violations).joined(separator: "\n")
    }

    mutating func observe() {
        let isUndisturbed =
            wires.isFair
            && directors.allSatisfy { $0.isRunning && $0.stalledUntil == nil && $0.hand.fortune.isFair }
        oracle.observe(
            Oracle.View(
                now: now, isConnected: wires.isConnected, isUndisturbed: isUndisturbed,
                canServe: directors.contains {
                    $0.isRunning && $0.stalledUntil == nil && $0.hand.fortune.isFair
                        && $0.machine?.wishes.standby.isOn == false
                },
                holders: options.groups.indices.map { holders(of: $0) }))
        for seat in Seat.allCases {
            guard let machine = self[seat].machine else { continue }
            for (index, group) in machine.groups.enumerated() {
                oracle.observe(term: group.highest, after: self[seat].highestTerms[index], of: seat, now: now)
                directors[seat.rawValue].highestTerms[index] = group.highest
            }
        }
    }
}
