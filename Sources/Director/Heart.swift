import Addresses
import Election
import Heartbeat
import Linux
import Sealing

/// Beats: the heartbeat sockets and the election, on a thread of their own.
///
/// Its state is what `run` owns. It allocates nothing once it beats, writes no log, and makes no call that waits for a
/// lock of the kernel: addresses are the hand's, tables the balancer's.
struct Heart: ~Copyable {
    /// The ways in and out.
    struct Ports: Sendable {
        var inbox: Mailbox<HeartMessage>
        var hand: Mailbox<HandMessage>
        var notes: Mailbox<Note>
        /// Absent where no connections are synced.
        var courier: Mailbox<Courier.Message>?
        var messenger: Mailbox<Messenger.Message>
        /// What the messenger wants sealed and sent.
        var parcels: Mailbox<Parcel>
        /// Absent until there is such an organ.
        var lookout: Mailbox<Lookout.Message>?
        var envoy: Mailbox<Envoy.Message>?
        var board: HeartBoard
        /// Called once, when everything is handed over and said.
        var stopped: @Sendable () -> Void
    }

    private var machine: PairMachine<OpenSSLSealer>
    private let paths: [HeartPath]
    private let ports: Ports
    private var poller: Poller
    private var orders = Orders()
    private var messages: [HeartMessage] = []
    private var parcels: [Parcel] = []
    /// A life of the peer that the messenger was too busy to be told of.
    private var untold: BootID?
    private var buffer = Frame.makeBuffer()
    private var random = SystemRandomNumberGenerator()
    private var isStopped = false
    /// What the kernel dropped, counted once a second.
    private var drops: UInt64 = 0
    private var nextCount = Instant(nanoseconds: 0)

    private static let parcelMark = UInt64(Frame.maximumPaths) + 1
    // Implementation constant: as many datagrams as one wake takes from one socket before it acts on them.
    private static let batch = 256

    init(machine: PairMachine<OpenSSLSealer>, paths: [HeartPath], ports: Ports) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: UInt64(Frame.maximumPaths))
        try poller.watch(ports.parcels.wakeup.fileDescriptor, mark: Self.parcelMark)
        self.machine = machine
        self.paths = paths
        self.ports = ports
        self.poller = poller
    }

    /// Beats until it was told to stop and everything is handed over.
    consuming func run() {
        while !isStopped {
            let due = machine.deadline.at
            var hasParcels = false
            poller.wait(until: due) { if $0 == Self.parcelMark { hasParcels = true } }
            let now = Clock.now()
            machine.wake(due: due, now: now, into: &orders)
            read(now)
            listen(now)
            machine.tick(now: Clock.now(), into: &orders)
            carryOut()
            if hasParcels { sendParcels() }
            publish(now)
            ports.board.mark(now)
        }
        ports.stopped()
    }

    private mutating func publish(_ now: Instant) {
        if now >= nextCount {
            nextCount = now + .seconds(1)
            drops = paths.reduce(0) { $0 + $1.drops }
        }
        ports.board.publish(machine, drops: drops, now: now)
    }

    /// Reads everything that waits before anything is decided: what looks like silence may stand in a queue.
    private mutating func read(_ now: Instant) {
        for index in paths.indices {
            if !paths[index].isOpen {
                paths[index].open(now: now, sessions: machine.inboundSessions, poller: poller, index: index)
            }
            for _ in 0..<Self.batch {
                guard let count = paths[index].receive(into: &buffer) else { break }
                let place = machine.receive(&buffer, count: count, path: index, now: now, into: &orders)
                guard let place else { continue }
                ports.messenger.post(.segment(place.boot, Array(buffer[place.body])))
            }
            for _ in 0..<Self.batch {
                guard let count = paths[index].receiveAtDoor(into: &buffer) else { break }
                answer(count: count, path: index, now: now)
            }
        }
    }

    private mutating func answer(count: Int, path: Int, now: Instant) {
        let answer = machine.receiveAtDoor(
            &buffer, count: count, path: path, mac: paths[path].mac, now: now, random: &random, into: &orders)
        guard case .welcome(let length)? = answer else { return }
        // The filter must know the new session before the peer can write to it.
        for path in paths {
            path.filter(machine.inboundSessions)
            path.call(buffer, count: length)
        }
    }

    private mutating func listen(_ now: Instant) {
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .leaseRenewed(let group, let end): machine.leaseRenewed(group: group, until: end)
            case .handReported(let report): machine.handReported(report, now: now, into: &orders)
            case .fitness(let fitness, let group):
                machine.setFitness(fitness, group: group, now: now, into: &orders)
            case .score(let score, let group): machine.setScore(score, group: group, now: now, into: &orders)
            case .outlook(let outlook, let group):
                machine.setOutlook(outlook, group: group, now: now, into: &orders)
            case .grant(let grant, let group): machine.setGrant(grant, group: group, now: now, into: &orders)
            case .foreignClaim(let group, let mac):
                machine.foreignClaim(of: group, by: mac, now: now, into: &orders)
            case .mac(let mac, let group): machine.setMAC(mac, group: group)
            case .table(let figures): machine.setTable(figures)
            case .verdicts(let digest): machine.setVerdicts(digest: digest)
            case .handOver(let group): machine.handOver(group: group, now: now, into: &orders)
            case .keys(let keys, let sending): machine.setKeys(keys, sending: sending, into: &orders)
            case .restart: machine.beginRestart(now: now, into: &orders)
            case .wish(let wish): machine.wish(wish, now: now, into: &orders)
            case .stop: machine.stop(now: now, into: &orders)
            }
        }
    }

    /// The hand first: it has the longest way.
    private mutating func carryOut() {
        for case .hand(let order) in orders.list {
            ports.hand.post(.order(order))
        }
        if let boot = untold { introduce(boot) }
        for order in orders.list {
            switch order {
            case .hand: break
            case .sendHeartbeat: sendHeartbeats()
            case .sendHello: sendHellos()
            case .holdNeighbour(let mac, let path): ports.hand.post(.neighbour(mac, path: path))
            case .note(let note): tell(note)
            case .meet(let boot): introduce(boot)
            case .lookOut(let isUrgent): ports.lookout?.post(.lookOut(isUrgent))
            case .petition(let petition): ports.envoy?.post(.petition(petition))
            case .filterSessions:
                for path in paths { path.filter(machine.inboundSessions) }
            case .stopped: isStopped = true
            }
        }
        orders.clear()
    }

    private func tell(_ note: Note) {
        if case .role(let change) = note, change.from.isGivingAway != change.to.isGivingAway {
            ports.courier?.post(.handover(group: change.group, isUnderWay: change.to.isGivingAway))
        }
        ports.notes.post(note)
    }

    private mutating func introduce(_ boot: BootID) {
        untold = ports.messenger.post(.meet(boot)) ? nil : boot
    }

    /// Behind the heartbeats, and only what the messenger's budget let through.
    private mutating func sendParcels() {
        ports.parcels.drain(into: &parcels)
        for index in parcels.indices {
            let parcel = parcels[index]
            let place = machine.writeSegment(parcel.body, for: parcel.boot, now: Clock.now(), into: &buffer)
            guard let place else { continue }
            paths[place.path].send(buffer, count: place.count)
        }
    }

    private mutating func sendHeartbeats() {
        let now = Clock.now()
        for index in paths.indices {
            guard let count = machine.writeHeartbeat(path: index, now: now, into: &buffer) else { return }
            paths[index].send(buffer, count: count)
            if let again = machine.writeForSuccessor(path: index, into: &buffer) {
                paths[index].send(buffer, count: again)
            }
        }
    }

    private mutating func sendHellos() {
        for (index, path) in paths.enumerated() {
            let count = machine.writeHello(path: index, mac: path.mac, into: &buffer, random: &random)
            path.call(buffer, count: count)
        }
    }
}
