import Heartbeat

/// What can be left out of the pair to see that the simulator notices: each by something wrapped round the machine,
/// never by the machine itself.
package enum Protection: String, Hashable, Sendable, CaseIterable {
    /// Each datagram is given a number of its own on arrival, so that no window ever sees one twice (`Unnumbered`).
    case replayWindow = "replay-window"
    /// The heart is told that it woke when it wanted to (`SimulatedPair.wake`).
    case lateDirector = "late-director"
    /// Every term in a heartbeat reads as 0 (`Termless`).
    case termCheck = "term-check"
    /// The heart acts before it reads its sockets, and once more after (`SimulatedPair.wake`).
    case queueDrain = "queue-drain"
    /// Offers and requests of a handover leave once, and not again (`Muted`).
    case repeatUntilAnswered = "repeat"
    /// Both machines keep and take what they can, whatever the pair's policy is (`SimulatedPair.electionSettings`).
    case partitionPolicy = "partition-policy"
    /// A holder always finds somebody to vouch for it (`SimulatedPair.indulge`).
    case earlyRelease = "early-release"
    /// Each heartbeat arrives with a time an interval too early, so silence seems longer (`SimulatedPair.receive`).
    case lateClaim = "late-claim"
    /// The lookout never says that anybody answered before (`SimulatedPair.hearSurroundings`).
    case isolation
}

/// Seals that do not bind the sequence, so that a datagram can be given another.
enum Unnumbered {
    private static let sequence = 12..<20

    /// Writes a number over a datagram's own; its path stays.
    static func renumber(_ buffer: inout [UInt8], _ number: UInt64) {
        for (place, byte) in sequence.dropFirst().enumerated() {
            buffer[byte] = UInt8(truncatingIfNeeded: number >> UInt64(48 - 8 * place))
        }
    }

    /// What a seal binds instead of the whole header.
    static func isBound(_ place: Int) -> Bool { !sequence.contains(place) }
}

/// Takes the terms out of a heartbeat that has just been opened.
enum Termless {
    static func rewrite(_ buffer: inout [UInt8], _ body: Range<Int>) {
        for group in BodyLayout.groups(of: buffer, body) {
            for place in (group + 8)..<(group + 16) { buffer[place] = 0 }
        }
    }
}

/// Takes the handover out of a heartbeat that is about to be sealed, when it has been said before.
enum Muted {
    /// In the room behind the longest heartbeat, whoever fills the buffer tells the sealer what it holds.
    private static var markPlace: Int { Frame.maximumLength - 1 }

    static func mark(_ buffer: inout [UInt8], isRepeat: Bool) { buffer[markPlace] = isRepeat ? 1 : 0 }

    static func rewrite(_ buffer: inout [UInt8], _ body: Range<Int>) {
        guard buffer.count > markPlace, buffer[markPlace] == 1 else { return }
        for group in BodyLayout.groups(of: buffer, body) {
            if buffer[group + 16] == Role.giving.rawValue { buffer[group + 16] = Role.active.rawValue }
            buffer[group + 19] &= ~1
        }
    }
}

/// Where the groups stand in the body of a heartbeat (Docs/Packet.md).
private enum BodyLayout {
    static func groups(of buffer: [UInt8], _ body: Range<Int>) -> [Int] {
        guard body.count >= 64, buffer[body.lowerBound + 1] == 0 else { return [] }
        let fixed = Int(buffer[body.lowerBound + 2]) << 8 | Int(buffer[body.lowerBound + 3])
        let count = Int(buffer[body.lowerBound + 4])
        let stride = Int(buffer[body.lowerBound + 5])
        guard fixed + count * stride <= body.count, stride >= 24 else { return [] }
        return (0..<count).map { body.lowerBound + fixed + $0 * stride }
    }
}
