/// Addresses that follow one another: 192.0.2.10 to 192.0.2.20.
package struct AddressRange: Hashable, Sendable {
    package let first: IPAddress
    package let last: IPAddress

    /// nil if the two are of different families or the last lies before the first.
    package init?(first: IPAddress, last: IPAddress) {
        guard first.family == last.family, first <= last else { return nil }
        self.first = first
        self.last = last
    }

    /// How many there are; of more than 2,147,483,647 as many.
    package var count: Int {
        switch (first, last) {
        case (.v4(let first), .v4(let last)): Int(last.number - first.number) + 1
        case (.v6(let first), .v6(let last)) where first.high == last.high:
            Int(min(last.low - first.low, UInt64(Int32.max) - 1)) + 1
        default: Int(Int32.max)
        }
    }

    /// The first so many of them.
    package func prefix(_ limit: Int) -> [IPAddress] {
        var addresses: [IPAddress] = []
        var next: IPAddress? = first
        while let address = next, address <= last, addresses.count < limit {
            addresses.append(address)
            next = address.successor
        }
        return addresses
    }
}

extension IPAddress {
    /// The next one; nil behind the last of its family.
    package var successor: IPAddress? {
        switch self {
        case .v4(let address):
            return address.number == .max ? nil : .v4(IPv4Address(number: address.number + 1))
        case .v6(let address):
            if address.low < .max { return .v6(IPv6Address(high: address.high, low: address.low + 1)) }
            return address.high == .max ? nil : .v6(IPv6Address(high: address.high + 1, low: 0))
        }
    }
}
