/// Durations as people write them: a whole number and a unit.
package enum DurationText {
    package enum Failure: Error, Hashable {
        /// A number alone.
        case noUnit(String)
        case malformed(String)
    }

    private static let day: (name: String, nanoseconds: Int64) = ("d", 86_400_000_000_000)

    /// Units from the largest to the smallest, in nanoseconds.
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000),
    ]

    /// Parses `500us`, `200ms`, `2s`, `1m`, `1h`, `14d`: up to 9 digits, no sign, no fraction.
    package static func parse(_ text: String) throws(Failure) -> Duration {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let unit = String(text.dropFirst(digits.count))
        guard (1...9).contains(digits.count), let number = Int64(String(text.prefix(digits.count))) else {
            throw .malformed(text)
        }
        if unit.isEmpty { throw .noUnit(text) }
        guard let match = (units + [day]).first(where: { $0.name == unit }) else { throw .malformed(text) }
        return .nanoseconds(number * match.nanoseconds)
    }

    /// The shortest text without days that `parse` reads as this duration, which must be whole microseconds; 0 is `0s`.
    package static func print(_ duration: Duration) -> String {
        let (number, unit) = split(duration)
        return "\(number)\(unit)"
    }

    /// The number and the unit that `print` writes.
    static func split(_ duration: Duration) -> (number: Int64, unit: String) {
        let nanoseconds = duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
        guard nanoseconds != 0 else { return (0, "s") }
        for unit in units where nanoseconds % unit.nanoseconds == 0 {
            return (nanoseconds / unit.nanoseconds, unit.name)
        }
        return (nanoseconds, "ns")
    }
}
