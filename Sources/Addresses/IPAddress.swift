/// The two families that IPVS and a director speak.
package enum AddressFamily: String, Hashable, Sendable, CaseIterable {
    case v4 = "IPv4"
    case v6 = "IPv6"

    /// The length of an address in bits.
    package var bits: Int { self == .v4 ? 32 : 128 }

    /// Not the word's, as for any enumeration of words: tables are looked up by it all the time.
    package func hash(into hasher: inout Hasher) { hasher.combine(UInt8(bits)) }
}

/// An IPv4 or IPv6 address. IPv4 sorts before IPv6.
package enum IPAddress: Hashable, Sendable, Comparable {
    case v4(IPv4Address)
    case v6(IPv6Address)

    /// Parses either family. An IPv4-mapped IPv6 address (::ffff:192.0.2.1) stays IPv6.
    package init?(_ text: some StringProtocol) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// The address whose 4 or 16 bytes, in network order, are given.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4:
            self = .v4(IPv4Address(number: bytes.reduce(0) { $0 << 8 | UInt32($1) }))
        case 16:
            let high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            let low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
            self = .v6(IPv6Address(high: high, low: low))
        default: return nil
        }
    }

    /// Of as few numbers as it takes.
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .v4(let address): hasher.combine(UInt64(address.number))
        case .v6(let address):
            hasher.combine(address.high)
            hasher.combine(address.low)
        }
    }

    package var family: AddressFamily {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }

    /// The 4 or 16 bytes in network order.
    package var bytes: [UInt8] {
        switch self {
        case .v4(let address): address.bytes
        case .v6(let address): address.bytes
        }
    }

    /// 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        switch self {
        case .v4(let address): address.number >> 24 == 127
        case .v6(let address): address.high == 0 && address.low == 1
        }
    }

    /// 224.0.0.0/4 or ff00::/8.
    package var isMulticast: Bool {
        switch self {
        case .v4(let address): address.number >> 28 == 0xE
        case .v6(let address): address.high >> 56 == 0xFF
        }
    }

    /// 0.0.0.0 or ::.
    package var isUnspecified: Bool {
        switch self {
        case .v4(let address): address.number == 0
        case .v6(let address): address.high == 0 && address.low == 0
        }
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
