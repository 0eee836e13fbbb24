import Addresses
import Election
import Heartbeat
import Linux

/// What a message of the stream is about: its first byte. A director skips what it does not know.
enum Topic: UInt8, Sendable {
    case keys = 1
    /// What a director's side of the connection sync is like.
    case sync = 2
    /// What differs between the two.
    case comparison = 3
    /// What operators said about servers.
    case overrides = 4
    /// What a director's checks think of the servers.
    case verdicts = 5
}

/// A segment on its way to the heart, which seals it.
struct Parcel: Sendable {
    /// The life of the peer that it is for.
    var boot: BootID
    var body: [UInt8]
}

/// Carries messages to the peer and from it, on a thread of its own: the heart only seals, opens and hands over what
/// it opened.
struct Messenger: ~Copyable {
    enum Message: Sendable {
        /// The heart hears a life of the peer for the first time.
        case meet(BootID)
        case segment(BootID, [UInt8])
        /// Dropped where no peer was met or the stream is full: who needs an answer waits for it and asks again.
        case send(Topic, [UInt8])
    }

    struct Ports: Sendable {
        var inbox: Mailbox<Message>
        var heart: Mailbox<Parcel>
        /// Called on this thread, one after the other, with what is behind the topic.
        var received: @Sendable (Topic, [UInt8]) -> Void
        /// The stream begins anew: what was sent and not delivered is lost.
        var began: @Sendable () -> Void
    }

    /// The longest message, in bytes.
    static let longestMessage = Stream.longestMessage - 1
    /// Segments that wait for the heart at the most: what it does not take is lost, as on a wire.
    static let parcels = 2 * Stream.burst

    private let ports: Ports
    private var poller: Poller
    private var stream = Stream()
    private var messages: [Message] = []
    private var events: [Stream.Event] = []

    init(ports: Ports) throws(SystemError) {
        let poller = try Poller()
        try poller.watch(ports.inbox.wakeup.fileDescriptor, mark: 0)
        self.ports = ports
        self.poller = poller
    }

    /// Works for as long as the process lives.
    consuming func run() {
        while true {
            poller.wait(until: stream.deadline) { _ in }
            ports.inbox.drain(into: &messages)
            for message in messages { take(message) }
            deliver()
            post()
        }
    }

    private mutating func take(_ message: Message) {
        switch message {
        case .meet(let boot): stream.meet(boot, into: &events)
        case .segment(let boot, let body):
            // What cannot be read was sealed by the peer and is its mistake: it changes nothing.
            try? stream.receive(body, from: boot, now: Clock.now(), into: &events)
        case .send(let topic, let bytes):
            guard bytes.count <= Self.longestMessage else { return }
            _ = stream.send([topic.rawValue] + bytes)
        }
    }

    private mutating func deliver() {
        for event in events {
            switch event {
            case .began: ports.began()
            case .message(let message):
                guard let topic = message.first.flatMap(Topic.init(rawValue:)) else { continue }
                ports.received(topic, Array(message.dropFirst()))
            }
        }
        events.removeAll(keepingCapacity: true)
    }

    private mutating func post() {
        guard let boot = stream.peer else { return }
        while let body = stream.nextSegment(now: Clock.now()) {
            ports.heart.post(Parcel(boot: boot, body: body))
        }
    }
}
