import Addresses

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
        share > 0 && fraction() < share
    }

    /// Evenly from 0 to below 1.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Evenly from the range, both ends included.
    package mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        let low = range.lowerBound.nanoseconds
        let span = range.upperBound.nanoseconds - low
        return .nanoseconds(low + Int64(number(below: UInt64(span) + 1)))
    }

    /// One of so many things, counted from 0.
    mutating func index(below count: Int) -> Int { Int(number(below: UInt64(count))) }

    /// One of the things.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[index(below: elements.count)] }

    /// A duration between two multiples of another.
    mutating func times(_ low: Double, _ high: Double, _ duration: Duration) -> Duration {
        .nanoseconds(Int64(Double(duration.nanoseconds) * (low + (high - low) * fraction())))
    }

    private mutating func number(below bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }
}
