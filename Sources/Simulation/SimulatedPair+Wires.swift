import Addresses
import Election
import Heartbeat

extension SimulatedPair {
    mutating func receive(_ datagram: Datagram, at seat: Seat, _ clock: Instant) {
        let before = datagram.origin == .director ? nil : Standing(directors[seat.rawValue])
        let refusals = directors[seat.rawValue].machine?.refusals.total
        let newest = directors[seat.rawValue].machine?.heard.sentAt
        let count = datagram.bytes.count
        buffer.replaceSubrange(0..<min(count, buffer.count), with: datagram.bytes.prefix(buffer.count))
        if datagram.isForDoor {
            receiveAtDoor(count: count, path: datagram.path, at: seat, clock)
        } else {
            arrivals += 1
            if options.without == .replayWindow { Unnumbered.renumber(&buffer, arrivals) }
            let heardAt = options.without == .lateClaim ? clock - options.interval : clock
            let place = directors[seat.rawValue].machine?.receive(
                &buffer, count: count, path: datagram.path, now: heardAt, into: &orders)
            if let place, options.talk != nil { hear(Array(buffer[place.body]), from: place.boot, at: seat, clock) }
        }
        if let before, before != Standing(directors[seat.rawValue]) {
            oracle.complain(now, "a \(datagram.origin)'s datagram changes what \(seat.name) knows or does")
        }
        guard refusals == directors[seat.rawValue].machine?.refusals.total, datagram.origin == .director else { return }
        if !datagram.isForDoor, newest != directors[seat.rawValue].machine?.heard.sentAt {
            let isGoodbye = directors[seat.rawValue].machine?.heard.isLeaving == true
            directors[seat.rawValue].tookAt = isGoodbye ? Instant(nanoseconds: 0) : now
        }
        if tapes[seat.rawValue].isRunning { tapes[seat.rawValue].record(datagram) }
    }

    private mutating func receiveAtDoor(count: Int, path: Int, at seat: Seat, _ clock: Instant) {
        let answer = directors[seat.rawValue].machine?.receiveAtDoor(
            &buffer, count: count, path: path, mac: 0, now: clock, random: &random, into: &orders)
        guard case .welcome(let length) = answer ?? .ready else { return }
        for path in 0..<options.paths {
            send(Datagram(bytes: Array(buffer[..<length]), path: path, isForDoor: true), from: seat)
        }
    }

    mutating func sendHeartbeats(from seat: Seat, _ clock: Instant) {
        let isRepeat = options.without == .repeatUntilAnswered && !saysSomethingNew
        for path in 0..<options.paths {
            Muted.mark(&buffer, isRepeat: isRepeat)
            let length = directors[seat.rawValue].machine?.writeHeartbeat(path: path, now: clock, into: &buffer)
            guard let length else { return }
            if !directors[seat.rawValue].mustRelease.isEmpty { judgeSilence(of: seat) }
            send(Datagram(bytes: Array(buffer[..<length]), path: path, isForDoor: false), from: seat)
            let again = directors[seat.rawValue].machine?.writeForSuccessor(path: path, into: &buffer)
            guard let again else { continue }
            send(Datagram(bytes: Array(buffer[..<again]), path: path, isForDoor: false), from: seat)
        }
    }

    /// Whether what is sent now was never sent before: a role that has just changed, or what people just asked for.
    private var saysSomethingNew: Bool {
        isSaying
            || orders.list.contains { order in
                if case .note(.role) = order { true } else { false }
            }
    }

    mutating func sendHellos(from seat: Seat) {
        for path in 0..<options.paths {
            let length = directors[seat.rawValue].machine?.writeHello(
                path: path, mac: 0, into: &buffer, random: &random)
            guard let length else { return }
            send(Datagram(bytes: Array(buffer[..<length]), path: path, isForDoor: true), from: seat)
        }
    }

    mutating func send(_ datagram: Datagram, from seat: Seat) {
        if isRecording { recorded.append((seat, datagram)) }
        for _ in 0..<wires.copies(from: seat, path: datagram.path, &random) {
            let delay = wires.delay(from: seat, path: datagram.path, &random)
            queue.plan(.arrival(seat.other, datagram), at: now + delay)
        }
    }

    /// Puts a datagram of anybody's making into a director's socket.
    package mutating func inject(_ datagram: Datagram, to seat: Seat) {
        queue.plan(.arrival(seat, datagram), at: now)
    }
}

/// What no stranger's datagram may change: roles, terms, and what a director believes of its peer.
private struct Standing: Hashable {
    private var roles: [Role] = []
    private var terms: [UInt64] = []
    private var peerRoles: [Role?] = []
    private var lastHeard: Instant?
    private var peerState: PeerState?
    private var sentAt: UInt64?

    init(_ director: SimulatedDirector) {
        for group in director.machine?.groups ?? [] {
            roles.append(group.role)
            terms.append(group.term)
            terms.append(group.highest)
            peerRoles.append(group.peer?.role)
        }
        lastHeard = director.machine?.lastHeard
        peerState = director.machine?.peerState
        sentAt = director.machine?.heard.sentAt
    }
}

/// A stranger's recording of what a director took: few datagrams of all ages.
struct Tape {
    private static let room = 48
    var isRunning = false
    private(set) var datagrams: [Datagram] = []
    private var random = SplitMix64(seed: 7)

    mutating func record(_ datagram: Datagram) {
        if datagrams.count < Self.room {
            datagrams.append(datagram)
        } else {
            datagrams[random.index(below: Self.room)] = datagram
        }
    }
}
