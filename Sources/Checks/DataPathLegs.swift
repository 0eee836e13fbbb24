import Addresses
import Dialogues
import Linux
import Settings

/// One virtual address at one server.
struct DataPathLeg {
    struct Place: Hashable {
        var server: IPAddress
        var tunnel: TunnelSettings?
        var target: Endpoint
    }

    let place: Place
    let way: DataPathWay
    let dialogue: DataPathDialogue
    /// Who waits for the answer.
    var runs: Set<UInt64> = []
    /// Whether the last question was answered: the next one is another, or it is the same once more.
    var isAnswered = false
    /// Packets that were heard since it was put.
    var heard = 0
    var askedAt: Instant

    /// Sends a packet of the dialogue's: the error number, or nil.
    func send(_ packet: [UInt8], _ socket: borrowing SegmentSocket) -> Int32? { way.send(packet, to: place, socket) }
}

extension DataPathWay {
    /// The error number, or nil when it is on its way.
    func send(_ packet: [UInt8], to place: DataPathLeg.Place, _ socket: borrowing SegmentSocket) -> Int32? {
        switch self {
        case .direct(_, let interface, let mac): socket.send(packet, to: mac, interface: interface)
        case .tunnel, .none: socket.send(packet, to: place.server)
        }
    }

    func words(_ place: DataPathLeg.Place) -> String {
        switch self {
        case .direct(_, _, let mac): "to \(mac)"
        case .tunnel, .none: "through \(place.tunnel?.kind.rawValue ?? "a tunnel") to \(place.server)"
        }
    }
}

/// What was asked of whom, by the numbers that answers have to acknowledge.
///
/// A question that got no answer is put again with the same sequence number: to a server that was only slow, and still
/// waits for the end of the handshake, it is the same SYN. After an answer the next question has another number, so
/// that no late answer counts for it.
struct DataPathLegs {
    private let tag: UInt32
    private let mask: UInt32
    private var legs: [DataPathLeg.Place: DataPathLeg] = [:]
    /// The newest sequence number of each, and the one before.
    private var places: [UInt32: DataPathLeg.Place] = [:]
    private var sweptAt = Instant(nanoseconds: 0)

    /// How long a server waits for the end of a handshake, at most: 63 s by default (tcp_synack_retries).
    private static let idle = Duration.seconds(120)
    private static let sweep = Duration.seconds(30)
    /// No server has reason to say more between two questions: two that take each other's words for questions would
    /// never end.
    private static let mostHeard = 16

    init(tag: UInt32, mask: UInt32) {
        self.tag = tag
        self.mask = mask
    }

    /// The leg, whose question is to be put; nil: there is no way.
    mutating func begin(
        _ place: DataPathLeg.Place, _ way: DataPathWay, port: UInt16, _ now: Instant
    ) -> DataPathLeg? {
        guard let ends = DataPathDialogue.Ends(place, way, port: port) else { return nil }
        let old = legs[place]
        let isSame = old.map { $0.dialogue.ends == ends && !$0.isAnswered } ?? false
        if !isSame, let earlier = old?.dialogue.previous { places[earlier] = nil }
        let sequence = isSame ? old?.dialogue.sequence : nil
        let dialogue = DataPathDialogue(
            ends, sequence: sequence ?? free(),
            previous: isSame ? old?.dialogue.previous : old?.dialogue.sequence)
        var leg = DataPathLeg(place: place, way: way, dialogue: dialogue, askedAt: now)
        leg.runs = old?.runs ?? []
        legs[place] = leg
        places[dialogue.sequence] = place
        return leg
    }

    private func free() -> UInt32 {
        while true {
            // The number that is acknowledged is one more, and has the tag too.
            let sequence = tag | UInt32.random(in: 0..<mask)
            if places[sequence] == nil { return sequence }
        }
    }

    mutating func join(_ run: UInt64, _ place: DataPathLeg.Place) { legs[place]?.runs.insert(run) }

    mutating func leave(_ run: UInt64, _ place: DataPathLeg.Place) { legs[place]?.runs.remove(run) }

    /// Whom an answer may be for, unless that one has said too much.
    mutating func takeTurn(_ answer: DataPathAnswer) -> DataPathLeg? {
        let sequence: UInt32
        switch answer {
        case .segment(let segment): sequence = segment.acknowledgement &- 1
        case .complaint(let complaint):
            guard case .segment(let number) = complaint.subject else { return nil }
            sequence = number
        case .datagram: return nil
        }
        guard let place = places[sequence], let leg = legs[place], leg.heard < Self.mostHeard else { return nil }
        legs[place]?.heard += 1
        return leg
    }

    /// The question is answered: who waited for it.
    mutating func end(_ place: DataPathLeg.Place) -> Set<UInt64> {
        let waiting = legs[place]?.runs ?? []
        legs[place]?.runs = []
        legs[place]?.isAnswered = true
        return waiting
    }

    mutating func forgetIdle(_ now: Instant) {
        guard now - sweptAt >= Self.sweep else { return }
        sweptAt = now
        for (place, leg) in legs where leg.runs.isEmpty && now - leg.askedAt >= Self.idle {
            legs[place] = nil
            places[leg.dialogue.sequence] = nil
            if let earlier = leg.dialogue.previous { places[earlier] = nil }
        }
    }
}

extension DataPathDialogue.Ends {
    /// nil: there is no way.
    init?(_ place: DataPathLeg.Place, _ way: DataPathWay, port: UInt16) {
        switch way {
        case .direct(let source, _, _):
            self.init(
                source: Endpoint(address: source, port: port), target: place.target, server: place.server, tunnel: nil)
        case .tunnel(let source, let outer):
            self.init(
                source: Endpoint(address: source, port: port), target: place.target, server: place.server,
                tunnel: Tunnel(place.tunnel ?? TunnelSettings(), from: outer))
        case .none: return nil
        }
    }
}
