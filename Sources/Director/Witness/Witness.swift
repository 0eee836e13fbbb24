import Addresses
import Election
import Heartbeat
import Linux
import Sealing

/// The third machine's daemon: answers the petitions of the directors of many pairs, on one thread. What it knows is
/// gone when it ends.
struct Witness: ~Copyable {
    /// What people are told; plain values, put into words on another thread.
    enum Note: Sendable {
        case heard(Director)
        case silent(Director, for: Duration)
        case change(WitnessMachine.Change, pair: Int)
        /// Datagrams that were refused within the last minute.
        case refused(RefusalCounts, before: RefusalCounts)
        /// How many directors are heard, and how many grants last.
        case figures(heard: Int, grants: Int)
    }

    /// A director, by the place of its pair.
    struct Director: Hashable, Sendable {
        var pair: Int
        /// The fingerprint of its name.
        var id: UInt64
    }

    // Implementation constants

    private static let batch = 256
    /// Hellos taken in one round: data is looked at again before the next.
    private static let doorBatch = 32
    private static let round = Duration.seconds(1)
    /// A director that is silent for so long is told of.
    private static let patience = Duration.seconds(5)
    private static let refusalRounds = 60

    private var audience: Audience<OpenSSLSealer>
    private var machine: WitnessMachine
    private let sockets: [WitnessSockets]
    private let notes: Mailbox<Note>
    private let watchdog: Bool
    private var poller: Poller
    private var random = SystemRandomNumberGenerator()
    private var buffer = Frame.makeBuffer()
    private var changes: [WitnessMachine.Change] = []
    private var refusals = RefusalCounts()
    private var toldRefusals = RefusalCounts()
    private var heard: Set<Director> = []
    private var nextRound: Instant
    private var rounds = 0

    init(pairs: [Audience<OpenSSLSealer>.Pair], endpoints: [Endpoint], notes: Mailbox<Note>) throws(SystemError) {
        let audience = Audience(pairs: pairs, sealer: OpenSSLSealer(), random: &random)
        let poller = try Poller()
        var sockets: [WitnessSockets] = []
        for endpoint in endpoints {
            let both = try WitnessSockets(endpoint, prefix: audience.prefix)
            try both.watch(by: poller, mark: UInt64(sockets.count))
            sockets.append(both)
        }
        let now = Clock.now()
        self.audience = audience
        self.sockets = sockets
        self.notes = notes
        self.poller = poller
        machine = WitnessMachine(now: now)
        nextRound = now
        watchdog = Notifier.watchdogLimit != nil
    }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: nextRound) { _ in }
            for index in sockets.indices {
                listen(sockets[index])
                welcome(sockets[index])
            }
            let now = Clock.now()
            if now >= nextRound { look(now) }
        }
    }

    /// Answers every petition that waits.
    private mutating func listen(_ socket: WitnessSockets) {
        for _ in 0..<Self.batch {
            guard let (count, sender) = socket.receive(into: &buffer) else { return }
            do throws(Refusal) {
                guard let length = try answer(count: count) else { continue }
                socket.send(buffer, count: length, to: sender)
            } catch {
                refusals.count(error)
            }
        }
    }

    /// Replaces a petition by the answer to it, so long; nil where none is due.
    private mutating func answer(count: Int) throws(Refusal) -> Int? {
        let now = Clock.now()
        let (seat, body, boot) = try audience.open(&buffer, count: count, now: now)
        guard BodyKind(of: buffer, body) == .petition else { return nil }
        let petition = try PetitionBody(buffer, body)
        let director = Director(pair: audience.seats[seat].pair, id: audience.seats[seat].director)
        if heard.insert(director).inserted { notes.post(.heard(director)) }
        let petitioner = WitnessMachine.Petitioner(pair: UInt64(director.pair), director: director.id, boot: boot)
        guard let grant = machine.judge(petition, from: petitioner, now: now, into: &changes) else { return nil }
        for change in changes { notes.post(.change(change, pair: director.pair)) }
        changes.removeAll(keepingCapacity: true)
        let length = grant.encode(into: &buffer, at: Frame.headerLength)
        return audience.seal(&buffer, bodyLength: length, seat: seat, boot: boot)
    }

    private mutating func welcome(_ socket: WitnessSockets) {
        for _ in 0..<Self.doorBatch {
            guard let (count, sender) = socket.receiveAtDoor(into: &buffer) else { return }
            do throws(Refusal) {
                let length = try audience.receiveAtDoor(&buffer, count: count, now: Clock.now(), random: &random)
                socket.send(buffer, count: length, to: sender)
            } catch {
                refusals.count(error)
            }
        }
    }

    /// Once a second: who fell silent, what was refused, and a sign of life for systemd.
    private mutating func look(_ now: Instant) {
        nextRound = now + Self.round
        rounds += 1
        for seat in audience.seats {
            let director = Director(pair: seat.pair, id: seat.director)
            guard let last = seat.lastHeard, now - last >= Self.patience, heard.remove(director) != nil else {
                continue
            }
            notes.post(.silent(director, for: now - last))
        }
        if rounds % Self.refusalRounds == 0, refusals != toldRefusals {
            notes.post(.refused(refusals, before: toldRefusals))
            toldRefusals = refusals
        }
        notes.post(.figures(heard: heard.count, grants: machine.grants(now: now)))
        if watchdog { Notifier.tell("WATCHDOG=1") }
    }
}
