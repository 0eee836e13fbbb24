import Addresses
import Election
import Heartbeat

/// One director's end of the stream, its user, and a judge who knows what the other's user said.
struct SimulatedTalk {
    /// What stands at the beginning of every message: which life of the daemon said it, since how many beginnings of
    /// its stream, and how many it had said since.
    struct Label: Hashable {
        var life: UInt64
        var era: UInt64
        var index: UInt64

        static let length = 24

        /// What a user says under this label: the label and so many bytes that nobody else would say.
        func message(count: Int) -> [UInt8] {
            var random = SplitMix64(seed: life << 40 ^ era << 20 ^ index)
            return [life, era, index].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
            }
                + (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }

        init(life: UInt64, era: UInt64, index: UInt64) {
            (self.life, self.era, self.index) = (life, era, index)
        }

        init?(_ message: [UInt8]) {
            guard message.count >= Self.length else { return nil }
            let words = (0..<3).map { word in
                message[(8 * word)..<(8 * word + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            self.init(life: words[0], era: words[1], index: words[2])
        }
    }

    var stream = Stream()
    /// Of the next message.
    var label: Label
    /// Of the newest message heard.
    var heard: Label?

    init(life: Int) {
        label = Label(life: UInt64(life), era: 0, index: 0)
    }

    /// Says a message of so many bytes, if the stream has room.
    mutating func say(bytes: Int) {
        guard stream.send(label.message(count: bytes)) else { return }
        label.index += 1
    }

    /// What is wrong with a message, in words.
    mutating func judge(_ message: [UInt8]) -> String? {
        guard let label = Label(message), message == label.message(count: message.count - Label.length) else {
            return "a message is not what was said"
        }
        defer { heard = label }
        guard let heard, (heard.life, heard.era) == (label.life, label.era) else {
            let isNewer = heard.map { ($0.life, $0.era) < (label.life, label.era) } ?? true
            return isNewer && label.index == 0 ? nil : "message \(label) begins what should begin with 0"
        }
        return label.index == heard.index + 1 ? nil : "message \(label) follows message \(heard)"
    }
}

extension SimulatedPair {
    mutating func startTalk(_ seat: Seat) {
        guard let pause = options.talk else { return }
        directors[seat.rawValue].talk = SimulatedTalk(life: directors[seat.rawValue].life)
        queue.plan(.talk(seat, life: directors[seat.rawValue].life), at: now + random.duration(in: pause))
    }

    /// Mostly small messages, some that take many segments, now and then the longest.
    mutating func say(_ seat: Seat) {
        guard let pause = options.talk, !isSilent else { return }
        queue.plan(.talk(seat, life: directors[seat.rawValue].life), at: now + random.duration(in: pause))
        let most = random.chance(0.005) ? Stream.longestMessage : random.chance(0.2) ? 20_000 : 2000
        let bytes = Int.random(in: 0...(most - SimulatedTalk.Label.length), using: &random)
        directors[seat.rawValue].talk?.say(bytes: bytes)
        if directors[seat.rawValue].stalledUntil == nil { wake(seat) }
    }

    mutating func meet(_ boot: BootID, at seat: Seat) {
        var events: [Stream.Event] = []
        directors[seat.rawValue].talk?.stream.meet(boot, into: &events)
        judge(events, at: seat)
    }

    mutating func hear(_ segment: [UInt8], from boot: BootID, at seat: Seat, _ clock: Instant) {
        var events: [Stream.Event] = []
        do throws(Refusal) {
            try directors[seat.rawValue].talk?.stream.receive(segment, from: boot, now: clock, into: &events)
        } catch {
            oracle.complain(now, "\(seat.name) cannot read a segment: \(error.description)")
        }
        judge(events, at: seat)
    }

    private mutating func judge(_ events: [Stream.Event], at seat: Seat) {
        for event in events {
            switch event {
            case .began:
                directors[seat.rawValue].talk?.label.era += 1
                directors[seat.rawValue].talk?.label.index = 0
            case .message(let message):
                guard let complaint = directors[seat.rawValue].talk?.judge(message) else { continue }
                oracle.complain(now, "\(seat.name): \(complaint)")
            }
        }
    }

    mutating func pump(_ seat: Seat, _ clock: Instant) {
        guard let boot = directors[seat.rawValue].talk?.stream.peer else { return }
        while let segment = directors[seat.rawValue].talk?.stream.nextSegment(now: clock) {
            let place = directors[seat.rawValue].machine?.writeSegment(segment, for: boot, now: clock, into: &buffer)
            guard let place else { continue }
            send(Datagram(bytes: Array(buffer[..<place.count]), path: place.path, isForDoor: false), from: seat)
        }
    }

    /// How many messages of this director's present stream were said, and how many of them the other has heard.
    package func talk(from seat: Seat) -> (said: UInt64, heard: UInt64) {
        guard let label = directors[seat.rawValue].talk?.label else { return (0, 0) }
        let heard = directors[seat.other.rawValue].talk?.heard
        let isSame = heard.map { ($0.life, $0.era) == (label.life, label.era) } ?? false
        return (label.index, isSame ? (heard?.index ?? 0) + 1 : 0)
    }

    /// Nobody says anything from now on; what was said goes on its way.
    package mutating func fallSilent() { isSilent = true }
}
