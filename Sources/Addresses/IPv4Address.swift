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
        let text = String(text)
        self.init(utf8: text.utf8.span)
    }

    /// The same of the text's bytes: a configuration has tens of thousands of them.
    package init?(utf8 text: Span<UInt8>) {
        var (number, part, length, dots) = (UInt32(0), UInt32(0), 0, 0)
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard length == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(byte - UInt8(ascii: "0"))
                length += 1
                guard part <= 255 else { return nil }
            case UInt8(ascii: "."):
                guard length > 0, dots < 3 else { return nil }
                number = number << 8 | part
                (part, length, dots) = (0, 0, dots + 1)
            default: return nil
            }
        }
        guard length > 0, dots == 3 else { return nil }
        self.number = number << 8 | part
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
        String(unsafeUninitializedCapacity: 15) { buffer in
            var text = unsafe DecimalText(buffer)
            text.put(self)
            return text.count
        }
    }
}
