/// An address together with the length of its network: 192.0.2.10/24. The host bits are kept, because an
/// interface's address is written in this form too.
package struct Prefix: Hashable, Sendable, Comparable {
    package var address: IPAddress
    /// In bits: 0 to 32 for IPv4, 0 to 128 for IPv6.
    package var length: Int

    package init?(address: IPAddress, length: Int) {
        guard (0...address.family.bits).contains(length) else { return nil }
        self.address = address
        self.length = length
    }

    /// One address alone: /32 or /128.
    package init(host address: IPAddress) {
        self.address = address
        length = address.family.bits
    }

    /// Parses `ADDRESS` (meaning /32 or /128) or `ADDRESS/LENGTH`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { return nil }
        guard parts.count == 2 else {
            self.init(host: address)
            return
        }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]) else { return nil }
        self.init(address: address, length: length)
    }

    /// Whether `other` lies in this prefix's network.
    package func contains(_ other: IPAddress) -> Bool {
        guard address.family == other.family else { return false }
        let mine = address.bytes
        let theirs = other.bytes
        return (0..<length).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return mine[bit / 8] & mask == theirs[bit / 8] & mask
        }
    }

    /// The same with its host bits cleared: 192.0.2.10/24 becomes 192.0.2.0/24.
    package var network: Prefix {
        var bytes = address.bytes
        for index in bytes.indices {
            let kept = min(max(length - 8 * index, 0), 8)
            bytes[index] &= UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
        var network = self
        network.address = IPAddress(bytes: bytes[...]) ?? address
        return network
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.length) < (right.address, right.length)
    }
}

extension Prefix: CustomStringConvertible {
    package var description: String { "\(address)/\(length)" }
}
