/// Why a datagram was refused. One counter each in `tandem status`; a refusal changes nothing else.
package enum Refusal: Int, Error, Hashable, Sendable, CaseIterable {
    /// Shorter than the frame and what must stand in it.
    case tooShort
    case tooLong
    /// Another magic: not a heartbeat of ours.
    case notOurs
    /// A session that this director does not know (any more).
    case unknownSession
    /// A hello under a key that is not among the pair's.
    case unknownKey
    /// The seal does not fit: another key, or altered on the way.
    case badSeal
    /// A sequence that was seen before.
    case replayed
    /// A sequence older than the window.
    case tooOld
    /// Sealed with our key, but for another pair.
    case wrongPair
    /// Not from the director that this one is paired with, or not to this one.
    case wrongDirector
    /// An answer to a hello that this director did not send, or has got an answer to.
    case unasked
    /// Sealed correctly, and yet not to be read.
    case malformed
    /// More hellos than the budget of this interval allows.
    case overBudget

    /// The words for people.
    package var description: String {
        switch self {
        case .tooShort: "too short"
        case .tooLong: "too long"
        case .notOurs: "not a heartbeat"
        case .unknownSession: "unknown session"
        case .unknownKey: "unknown key"
        case .badSeal: "wrong seal"
        case .replayed: "replayed"
        case .tooOld: "too old"
        case .wrongPair: "another pair"
        case .wrongDirector: "another director"
        case .unasked: "unasked answer"
        case .malformed: "malformed"
        case .overBudget: "too many hellos"
        }
    }
}

/// How often each refusal happened.
package struct RefusalCounts: Hashable, Sendable {
    private var counts = [UInt64](repeating: 0, count: Refusal.allCases.count)

    package init() {}

    package subscript(refusal: Refusal) -> UInt64 { counts[refusal.rawValue] }

    package mutating func count(_ refusal: Refusal) { counts[refusal.rawValue] += 1 }

    /// Takes over what another one counted, in place.
    package mutating func copy(_ other: RefusalCounts) {
        for index in counts.indices { counts[index] = other.counts[index] }
    }

    package var total: UInt64 { counts.reduce(0, +) }
}
