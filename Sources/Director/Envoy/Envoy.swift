import Addresses
import Election
import Glibc
import Heartbeat
import Linux
import Sealing

/// Speaks to the witness, on a thread and a socket of its own: the heart says what to ask for and is told of grants,
/// and waits for nothing.
struct Envoy: ~Copyable {
    enum Message: Sendable {
        /// What this director is for a group, from now on.
        case petition(Petition)
        /// All keys that are accepted, and the id of the one to send with.
        case keys([SharedKey], sending: UInt32)
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var board: EnvoyBoard
        /// A grant of a group was given or renewed; nil: withdrawn.
        var grant: @Sendable (WitnessGrant?, _ group: Int) -> Void
        /// Tells people that the witness went or came, and whether that is a warning.
        var say: @Sendable (String, _ isWarning: Bool) -> Void
    }

    // Implementation constants

    /// Silence of the witness that is shown and told of: this or a takeover time, if that is more.
    static let leastPatience = Duration.seconds(1)
    /// A witness that was never heard is told of after so long.
    static let firstPatience = Duration.seconds(5)
    private static let batch = 64

    private let ports: Ports
    private let address: IPAddress
    private let patience: Duration
    private var line: WitnessLine<OpenSSLSealer>
    private var client: WitnessClient
    private var socket: EnvoySocket
    private var poller: Poller
    private var random = SystemRandomNumberGenerator()
    private var buffer = Frame.makeBuffer()
    private var messages: [Message] = []
    private var events: [WitnessClient.Event] = []
    /// Whether the witness is heard, and since when that is so; nil: not since the start.
    private var isHeard: Bool?
    private var since: Instant
    private var isTold = false

    init(_ start: EnvoyStart, ports: Ports) throws(SystemError) {
        let now = Clock.now()
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 1)
        self.ports = ports
        self.poller = poller
        address = start.witness.address
        patience = max(Self.leastPatience, start.takeoverTime)
        socket = EnvoySocket(witness: start.witness, own: start.own, virtual: start.virtual)
        client = WitnessClient(
            groups: start.groups, interval: start.interval, takeoverTime: start.takeoverTime, now: now)
        line = WitnessLine(
            identity: .init(pair: start.pair, director: start.director, boot: BootID(random: &random)),
            sealer: OpenSSLSealer(), keys: start.keys, sending: start.sending, interval: start.interval)
        since = now
    }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: client.deadline) { _ in }
            let now = Clock.now()
            listen(now)
            socket.open(now: now, poller: poller, sessions: line.inboundSessions)
            read(now)
            if Clock.now() >= client.deadline { ask() }
            watch(now)
            for event in events { ports.grant(event.grant, event.group) }
            events.removeAll(keepingCapacity: true)
            publish()
        }
    }

    private mutating func listen(_ now: Instant) {
        ports.inbox.drain(into: &messages)
        for message in messages {
            switch message {
            case .petition(let petition): client.petition(petition, now: now, into: &events)
            case .keys(let keys, let sending): line.setKeys(keys, sending: sending)
            }
        }
    }

    /// Everything that waits, before anything is asked.
    private mutating func read(_ now: Instant) {
        for _ in 0..<Self.batch {
            guard let count = socket.receive(into: &buffer) else { return }
            switch line.receive(&buffer, count: count, now: now, random: &random) {
            case .grant(let grant): client.receive(grant, now: now, into: &events)
            case .ready:
                socket.filter(line.inboundSessions)
                ask()
            case nil: break
            }
        }
    }

    /// The clock is read before the datagram leaves: a grant counts from here.
    private mutating func ask() {
        let now = Clock.now()
        if let count = line.writeHello(now: now, into: &buffer, random: &random) { socket.send(buffer, count: count) }
        let petition = client.request(now: now)
        if let count = line.write(petition, into: &buffer) { socket.send(buffer, count: count) }
        if let count = line.writeForSuccessor(petition, into: &buffer) { socket.send(buffer, count: count) }
    }

    /// Tells when the witness goes and when it comes back.
    private mutating func watch(_ now: Instant) {
        let heard = line.lastHeard.map { now - $0 < patience }
        guard heard != isHeard else {
            tellOfNever(now)
            return
        }
        let silence = now - since
        let before = isHeard
        isHeard = heard
        since = heard == false ? line.lastHeard ?? now : now
        if heard == true {
            let again = before == false ? " again after \(EnvoyText.duration(silence))" : ""
            ports.say("witness \(address) is heard\(again)", false)
        } else {
            ports.say("witness \(address) has been silent for \(EnvoyText.duration(now - since))", true)
        }
        socket.reconsider(isHeard: heard == true)
    }

    private mutating func tellOfNever(_ now: Instant) {
        socket.reconsider(isHeard: isHeard == true)
        guard isHeard == nil, !isTold, now - since >= Self.firstPatience else { return }
        isTold = true
        ports.say("witness \(address) does not answer: does 'tandemd --witness' run there, with the same key?", true)
    }

    private func publish() {
        ports.board.publish(
            EnvoyBoard.View(
                isHeard: isHeard, since: since, lastHeard: line.lastHeard, roundTrip: client.roundTrip,
                restarts: line.restarts, refusals: line.refusals, groups: client.groups))
    }
}

/// What an envoy needs to know of the configuration.
struct EnvoyStart: Sendable {
    var pair: String
    var director: String
    var witness: Endpoint
    var keys: [SharedKey]
    var sending: UInt32
    /// The ids of the groups, as in heartbeats.
    var groups: [UInt64]
    var interval: Duration
    var takeoverTime: Duration
    /// This director's own addresses, and all virtual ones.
    var own: [IPAddress]
    var virtual: Set<IPAddress>
}

enum EnvoyText {
    /// `8 s`, `1.2 s`.
    static func duration(_ duration: Duration) -> String {
        let tenths = Int((duration.milliseconds / 100).rounded())
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10) s" : "\(tenths / 10) s"
    }
}
