/// A 48-bit link-layer address.
package struct MACAddress: Hashable, Sendable {
    /// The six bytes, the first in bits 40 to 47; the upper 16 bits are zero.
    package var number: UInt64

    package init(number: UInt64) {
        self.number = number & 0xFFFF_FFFF_FFFF
    }

    /// Takes exactly six bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 6 else { return nil }
        number = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    package static let broadcast = MACAddress(number: 0xFFFF_FFFF_FFFF)

    /// The six bytes in wire order.
    package var bytes: [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
    }
}

extension MACAddress: CustomStringConvertible {
    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
