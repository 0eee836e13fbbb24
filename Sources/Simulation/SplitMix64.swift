/// Steele, Lea and Flood's SplitMix64: eight bytes of state, and the same seed gives the same numbers for ever.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// Spreads every bit of `value` over all 64.
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True in `share` of all calls, 0 to 1.
    package mutating func chance(_ share: Double) -> Bool {
        share > 0 && Double.random(in: 0..<1, using: &self) < share
    }

    /// Evenly from the range, both ends included.
    package mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        let low = range.lowerBound.components
        let span = range.upperBound - range.lowerBound
        guard span > .zero else { return range.lowerBound }
        let nanoseconds = span.components.seconds * 1_000_000_000 + span.components.attoseconds / 1_000_000_000
        let drawn = Int64.random(in: 0...nanoseconds, using: &self)
        return Duration(secondsComponent: low.seconds, attosecondsComponent: low.attoseconds) + .nanoseconds(drawn)
    }
}
