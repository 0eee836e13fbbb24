import Addresses
import Agreement
import Checks
import Control
import Election
import Heartbeat
import Linux
import NIOCore
import NIOPosix
import Sealing
import Settings

/// The threads and loops of a director, and the queues and boards between them.
struct Organs: Sendable {
    let heart: Mailbox<HeartMessage>
    let hand: Mailbox<HandMessage>
    let notes: Mailbox<Note>
    let balancer: Mailbox<Balancer.Message>
    let courier: Mailbox<Courier.Message>?
    /// Absent where no connections are synced.
    let teller: Mailbox<Teller.Message>?
    /// Absent where the pair has no witness.
    let envoy: Mailbox<Envoy.Message>?
    let envoyBoard = EnvoyBoard()
    let messenger: Mailbox<Messenger.Message>
    let parcels: Mailbox<Parcel>
    let lookout: Mailbox<Lookout.Message>
    let scout: Mailbox<Scout.Message>
    let trackers: Mailbox<Trackers.Message>
    let herald: Mailbox<Herald.Message>
    let heartBoard = HeartBoard()
    let lookoutBoard = LookoutBoard()
    let handBoard: HandBoard
    let balancerBoard = BalancerBoard()
    let withdrawals = WithdrawalBoard()
    let syncBoard = SyncBoard()
    let fitnessBoard: FitnessBoard
    let changes: ChangeBoard
    let scribeStamp = Stamp(Clock.now())
    let arbiter: Mailbox<Arbiter.Message>
    private let arbiterLine: ArbiterLine
    private let arbiterStamp = Stamp(Clock.now())
    /// As they are before anything is known.
    private let consequences: Consequences
    let checker: Checker
    let watchdog: Watchdog
    let heartStopped = Gate()
    /// Opens when another process is to go on where this one ends.
    let restarting = Gate()
    let balancerStopped = Gate()
    let heraldStopped = Gate()

    // Implementation constants: low numbers of SCHED_FIFO, above everything that is not in a hurry.
    private static let heartPriority: Int32 = 10
    private static let handPriority: Int32 = 5
    private static let lookoutPriority: Int32 = 5
    /// Above the hand's: what was added is announced before more is added, or beside it.
    private static let crierPriority: Int32 = 6
    private static let courierPriority: Int32 = 4
    private static let envoyPriority: Int32 = 6
    /// The kernel's table goes before checks, views and the API.
    private static let balancerNice: Int32 = -5

    /// - Parameter openFiles: how many this process may have open at once.
    init(_ start: DirectorStart, loop: any EventLoop, openFiles: UInt64?, journal: Journal) throws {
        let settings = start.settings
        heart = try Mailbox()
        hand = try Mailbox()
        notes = try Mailbox(capacity: 1024)
        messenger = try Mailbox()
        parcels = try Mailbox(capacity: Messenger.parcels)
        lookout = try Mailbox()
        scout = try Mailbox()
        courier = settings.pair.sync == nil ? nil : try Mailbox()
        teller = settings.pair.sync == nil ? nil : try Mailbox()
        envoy = settings.pair.witness == nil ? nil : try Mailbox()
        balancer = try Mailbox(capacity: 16_384)
        let trackers = try Mailbox<Trackers.Message>(capacity: 16_384)
        self.trackers = trackers
        herald = try Mailbox()
        handBoard = HandBoard(groups: settings.groups.count)
        changes = ChangeBoard(groups: settings.groups.count)
        fitnessBoard = FitnessBoard(groups: settings.groups.count, now: Clock.now())
        watchdog = Watchdog(
            heart: heartBoard, hand: handBoard, takeoverTime: settings.pair.timing.takeoverTime)
        arbiter = try Mailbox(capacity: 16_384)
        let line = ArbiterLine(arbiter.wakeup)
        arbiterLine = line
        consequences = Consequences(settings, present: start.present, now: Clock.now())
        withdrawals.set(settings.withdrawals(consequences.shortages))
        let rhythm = Rhythm(
            clockLead: Int64(clamping: Clock.now().nanoseconds) - Clock.wallMilliseconds() * 1_000_000,
            isSecond: start.director == 1)
        let scripts = Scripts(environment: [
            "TANDEM_PAIR": settings.pair.name, "TANDEM_DIRECTOR": start.local.name,
        ])
        let onAdvice: @Sendable ([AdviceChange]) -> Void = { changes in
            line.put(Dictionary(changes.map { ($0.server, $0.advice) }) { $1 })
            for change in changes { journal.record(change) }
        }
        let virtual = Set(settings.groups.flatMap(\.addresses).map(\.prefix.address))
        let teller = VerdictTeller(journal, on: loop)
        checker = Checker(
            on: loop, inFlight: Checker.places(openFiles: openFiles), rhythm: rhythm, scripts: scripts,
            dataPaths: DataPathProbes { try KernelDataPaths(virtual: virtual) }, now: { Clock.now() },
            onAdvice: onAdvice
        ) { changes in
            line.put(changes)
            trackers.post(.verdicts(changes))
            teller.take(changes)
        }
    }

    /// Starts every thread. Says in sentences what the kernel did not grant.
    func start(
        _ start: DirectorStart, store: StateStore, keys: KeyKeeper, comparer: Comparer, overrides: OverrideKeeper,
        remembered: Remembered, journal: Journal
    ) throws -> [String] {
        let settings = start.settings
        let paths = start.paths
        let scribe = try Scribe(
            notes: notes, journal: journal, settings: settings, director: start.director, store: store,
            overrides: overrides, arbiter: arbiter, herald: herald, changes: changes, stamp: scribeStamp)
        let handPorts = Hand.Ports(
            inbox: hand, heart: heart, heartBoard: heartBoard, board: handBoard, crier: try startCrier(),
            balancerBoard: balancerBoard, withdrawals: withdrawals, withdrawn: tellWithdrawal(start, journal),
            say: { journal.warn($0) }, inform: { journal.inform($0) })
        let hand = try Hand(settings: settings, director: start.director, paths: paths, ports: handPorts)
        let balancerPorts = Balancer.Ports(
            inbox: balancer, heart: heart, board: balancerBoard, say: { journal.warn($0) },
            inform: { journal.inform($0) },
            tell: { sentence, service in journal.record(.table, sentence) { $0.service = service } },
            withdraw: { [withdrawals, hand = self.hand] addresses in
                withdrawals.set(addresses)
                hand.wakeup.ring()
            },
            notice: { journal.record($0) },
            stopped: { [balancerStopped] in balancerStopped.open() })
        let balancer = try Balancer(
            settings: settings, director: start.director, overrides: overrides.overrides,
            shortages: consequences.shortages, state: OwnershipFile(folder: store.stateFolder),
            ports: balancerPorts)
        let heartPorts = Heart.Ports(
            inbox: heart, hand: self.hand, notes: notes, courier: courier, messenger: messenger, parcels: parcels,
            lookout: lookout, envoy: envoy, board: heartBoard, stopped: { [heartStopped] in heartStopped.open() })
        let heart = try Heart(
            machine: start.machine(remembered: remembered, now: Clock.now()),
            paths: zip(paths, start.macs).map { HeartPath(settings: $0, mac: $1) }, ports: heartPorts)
        try OSThread.start(name: "scribe", thread(scribe) { $0.run() })
        try OSThread.start(name: "balancer", nice: Self.balancerNice, thread(balancer) { $0.run() })
        try startArbiter(start, journal: journal)
        try startCourier(start, journal: journal)
        try startTeller(start, journal: journal)
        try startMessenger(keys, comparer, overrides)
        try startLookout(start, journal: journal)
        try startEnvoy(start, journal: journal)
        try startHerald(start, journal: journal)
        try startTrackers(start, journal: journal)
        let isHandPrompt = try OSThread.start(
            name: "hand", priority: Self.handPriority, thread(hand) { $0.run() })
        let isHeartPrompt = try OSThread.start(
            name: "heart", priority: Self.heartPriority, thread(heart) { $0.run() })
        checker.adopt(ProbeSettings.all(of: settings, by: start.local.name))
        var warnings: [String] = []
        if !isHeartPrompt || !isHandPrompt {
            warnings.append(
                "the kernel refuses real-time scheduling: a busy machine can delay heartbeats (needs CAP_SYS_NICE)")
        }
        do throws(SystemError) {
            try LockedMemory.begin()
        } catch {
            warnings.append("\(error): a machine short of memory can delay heartbeats")
        }
        return warnings
    }
}

extension Organs {
    /// What is said when addresses go or come back because of their services.
    private func tellWithdrawal(
        _ start: DirectorStart, _ journal: Journal
    ) -> @Sendable (Int, String, [String]) -> Void {
        let names = start.settings.groups.map(\.name)
        return { [arbiter, herald] group, sentence, services in
            arbiter.post(
                .sayWhy(services) { reason in
                    let event = journal.recordWithdrawal(sentence, of: names[group], because: reason)
                    herald.post(.tell(event, group: group))
                })
        }
    }

    /// Before the first command: both run some.
    private func startHerald(_ start: DirectorStart, journal: Journal) throws {
        try Children.adoptOrphans()
        let organ = try Herald(
            settings: start.settings, director: start.director,
            ports: .init(
                inbox: herald, say: { journal.warn($0) }, stopped: { [heraldStopped] in heraldStopped.open() }))
        try OSThread.start(name: "herald", thread(organ) { $0.run() })
    }

    private func startTrackers(_ start: DirectorStart, journal: Journal) throws {
        let organ = try Trackers(
            settings: start.settings, director: start.director,
            ports: .init(
                inbox: trackers, heart: heart, board: fitnessBoard, balancerBoard: balancerBoard,
                progress: { [arbiterStamp, balancerBoard, checker, scribeStamp] in
                    [
                        ("arbiter", arbiterStamp.lastRound), ("balancer", balancerBoard.stamp.lastRound),
                        ("checker", checker.progress), ("scribe", scribeStamp.lastRound),
                    ]
                }, tell: { journal.record($0) }))
        try OSThread.start(name: "trackers", thread(organ) { $0.run() })
    }

    private func startArbiter(_ start: DirectorStart, journal: Journal) throws {
        let organ = try Arbiter(
            start, consequences,
            ports: .init(
                inbox: arbiter, line: arbiterLine, balancer: balancer, heart: heart, messenger: messenger,
                trackers: trackers, heartBoard: heartBoard, journal: journal, stamp: arbiterStamp))
        try OSThread.start(name: "arbiter", thread(organ) { $0.run() })
    }

    private func startMessenger(_ keys: KeyKeeper, _ comparer: Comparer, _ overrides: OverrideKeeper) throws {
        let organ = try Messenger(
            ports: .init(
                inbox: messenger, heart: parcels,
                received: { [teller, arbiter] topic, bytes in
                    switch topic {
                    case .keys: keys.receive(bytes)
                    case .comparison: comparer.receive(bytes)
                    case .overrides: overrides.receive(bytes)
                    case .verdicts: arbiter.post(.peerSays(bytes))
                    case .sync:
                        if let word = SyncWord.read(bytes) { teller?.post(.word(word)) }
                    }
                },
                began: { [teller, arbiter] in
                    keys.peerBegan()
                    comparer.peerBegan()
                    overrides.peerBegan()
                    arbiter.post(.peerBegan)
                    teller?.post(.began)
                }))
        try OSThread.start(name: "messenger", thread(organ) { $0.run() })
    }

    private func startLookout(_ start: DirectorStart, journal: Journal) throws {
        let scout = try Scout(
            settings: start.settings, director: start.director,
            ports: .init(inbox: scout, lookout: lookout, say: { journal.warn($0) }))
        let names = start.settings.groups.map(\.name)
        let organ = try Lookout(
            settings: start.settings,
            ports: .init(
                inbox: lookout, scout: self.scout, heart: heart, heartBoard: heartBoard, withdrawals: withdrawals,
                board: lookoutBoard,
                fault: { [trackers] group, weight in trackers.post(.gateways(group: group, weight: Int(weight))) },
                say: { journal.warn($0) },
                alarm: { journal.warn($0, about: names[$1]) }))
        try OSThread.start(name: "scout", thread(scout) { $0.run() })
        try OSThread.start(name: "lookout", priority: Self.lookoutPriority, thread(organ) { $0.run() })
    }

    private func startEnvoy(_ start: DirectorStart, journal: Journal) throws {
        guard let envoy, let envoyStart = start.envoy else { return }
        let organ = try Envoy(
            envoyStart,
            ports: Envoy.Ports(
                inbox: envoy, board: envoyBoard, grant: { [heart] in heart.post(.grant($0, group: $1)) },
                say: { sentence, isWarning in
                    if isWarning { journal.warn(sentence) } else { journal.record(.peer, sentence) }
                }))
        try OSThread.start(name: "envoy", priority: Self.envoyPriority, thread(organ) { $0.run() })
    }

    private func startCrier() throws -> CrierLine {
        let line = try CrierLine()
        let organ = try Crier(line: line)
        try OSThread.start(name: "crier", priority: Self.crierPriority, thread(organ) { $0.run() })
        return line
    }

    private func startCourier(_ start: DirectorStart, journal: Journal) throws {
        guard let courier, let sync = start.settings.pair.sync else { return }
        let organ = try Courier(
            interface: start.local.interface(sync.interface), id: start.settings.pair.syncIDs[start.director],
            ports: Courier.Ports(inbox: courier, balancerBoard: balancerBoard, say: { journal.warn($0) }))
        try OSThread.start(name: "courier", priority: Self.courierPriority, thread(organ) { $0.run() })
    }
}

extension Organs {
    private func startTeller(_ start: DirectorStart, journal: Journal) throws {
        guard let teller else { return }
        let peer = start.peer.name
        let ports = Teller.Ports(
            inbox: teller, messenger: messenger, heartBoard: heartBoard, balancerBoard: balancerBoard,
            board: syncBoard, say: { journal.warn($0) },
            told: { count, duration in
                let tenths = (duration.nanoseconds + 50_000_000) / 100_000_000
                journal.record(
                    .sync,
                    "told \(peer) of \(separated(count)) connections in \(tenths / 10).\(tenths % 10) s"
                ) { $0.durationMS = duration.milliseconds }
            })
        let organ = try Teller(settings: start.settings, director: start.director, ports: ports)
        try OSThread.start(name: "teller", thread(organ) { $0.run() })
    }
}

/// `1,234,567`.
func separated(_ number: Int) -> String {
    var text = ""
    for (place, digit) in String(number).reversed().enumerated() {
        if place > 0, place % 3 == 0, digit != "-" { text = "," + text }
        text = String(digit) + text
    }
    return text
}

/// Packs an organ for its thread, which consumes it.
func thread<Organ: ~Copyable>(
    _ organ: consuming Organ, _ run: @escaping (consuming Organ) -> Void
) -> () -> Void {
    var slot: Organ? = organ
    return {
        guard let organ = slot.take() else { return }
        run(organ)
    }
}
