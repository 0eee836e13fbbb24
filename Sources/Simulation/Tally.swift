import Addresses

/// What was done to how many pairs.
package struct Tally: Hashable, Sendable {
    package var seeds = 0
    /// By kind.
    package private(set) var counts = [Int](repeating: 0, count: FaultKind.allCases.count)
    package private(set) var overlapped = [Int](repeating: 0, count: FaultKind.allCases.count)
    package var simulated: Duration = .zero

    package init() {}

    package var failures: Int { counts.reduce(0, +) }

    mutating func count(_ kind: FaultKind, isOverlapped: Bool) {
        counts[kind.rawValue] += 1
        if isOverlapped { overlapped[kind.rawValue] += 1 }
    }

    package mutating func add(_ other: Tally) {
        seeds += other.seeds
        simulated += other.simulated
        for kind in FaultKind.allCases {
            counts[kind.rawValue] += other.counts[kind.rawValue]
            overlapped[kind.rawValue] += other.overlapped[kind.rawValue]
        }
    }
}

extension Oracle {
    /// Whether a director still pauses after claims that failed.
    func isPausing(_ now: Instant) -> Bool { records.contains { $0.pausesUntil > now } }
}
