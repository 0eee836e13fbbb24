/// An IPv4 address.
package struct IPv4Address: Hashable, Sendable, Comparable {
    /// The address as a number: 192.0.2.1 is 0xC0000201, whatever the machine's byte order.
    package var number: UInt32

    package init(number: UInt32) {
        self.number = number
    }

    /// Parses dotted decimal with four parts, each 0 to 255 and without leading zeros (a zero in front means
    /// octal to some readers and decimal to others, so it is refused).
    package init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let octet = Self.octet(part) else { return nil }
            number = number << 8 | UInt32(octet)
        }
        self.number = number
    }

    private static func octet(_ digits: some Collection<UInt8>) -> UInt8? {
        guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return UInt8(exactly: value)
    }

    /// The four bytes in network order.
    package var bytes: [UInt8] {
        [UInt8(number >> 24), UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.number < right.number
    }
}

extension IPv4Address: CustomStringConvertible {
    package var description: String {
        "\(number >> 24).\(number >> 16 & 0xFF).\(number >> 8 & 0xFF).\(number & 0xFF)"
    }
}
