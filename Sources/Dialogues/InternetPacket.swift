import Addresses

/// Packets of IPv4 (RFC 791) and IPv6 (RFC 8200), without options or extensions.
enum InternetPacket {
    /// A packet around what it carries, of protocol `number`. Both addresses are of one family.
    static func wrap(
        _ payload: [UInt8], _ number: UInt8, from source: IPAddress, to target: IPAddress, hopLimit: UInt8
    ) -> [UInt8] {
        guard source.family == .v4 else {
            let length = UInt16(payload.count)
            return [0x60, 0, 0, 0] + length.wire + [number, hopLimit] + source.bytes + target.bytes + payload
        }
        // No identification: it is not to be taken apart on its way.
        var header: [UInt8] = [0x45, 0] + UInt16(20 + payload.count).wire + [0, 0, 0x40, 0, hopLimit, number, 0, 0]
        header += source.bytes + target.bytes
        header.replaceSubrange(10..<12, with: InternetChecksum.of(header).wire)
        return header + payload
    }

    /// What a TCP segment or a UDP datagram begins its checksum with (RFC 9293 3.1, RFC 8200 8.1).
    static func pseudoHeader(
        _ count: Int, _ number: UInt8, from source: IPAddress, to target: IPAddress
    ) -> [UInt8] {
        let length = UInt16(count).wire
        return source.bytes + target.bytes
            + (source.family == .v4 ? [0, number] + length : [0, 0] + length + [0, 0, 0, number])
    }
}

/// Datagrams of UDP (RFC 768).
enum UDPPacket {
    /// Both addresses are of one family.
    ///
    /// - Parameter isSummed: whether it has a checksum.
    static func wrap(
        _ payload: [UInt8], from source: Endpoint, to target: Endpoint, isSummed: Bool = true
    ) -> [UInt8] {
        let length = 8 + payload.count
        let header = source.port.wire + target.port.wire + UInt16(length).wire
        guard isSummed else { return header + [0, 0] + payload }
        let pseudo = InternetPacket.pseudoHeader(
            length, ProtocolNumber.udp, from: source.address, to: target.address)
        let sum = InternetChecksum.of(pseudo, header, payload)
        // 0 would say that there is none.
        return header + (sum == 0 ? 0xFFFF : sum).wire + payload
    }
}

/// IANA's numbers of protocols.
enum ProtocolNumber {
    static let icmp: UInt8 = 1
    static let ipv4: UInt8 = 4
    static let tcp: UInt8 = 6
    static let udp: UInt8 = 17
    static let ipv6: UInt8 = 41
    static let gre: UInt8 = 47
    static let icmpv6: UInt8 = 58

    /// Of a packet that is in another one.
    static func inside(_ family: AddressFamily) -> UInt8 { family == .v4 ? ipv4 : ipv6 }
}

/// RFC 1071; 0 over what has its checksum in place.
enum InternetChecksum {
    static func of(_ parts: [UInt8]...) -> UInt16 {
        var sum: UInt64 = 0
        for part in parts {
            // All parts but the last are of even length.
            for (index, byte) in part.enumerated() { sum += index % 2 == 0 ? UInt64(byte) << 8 : UInt64(byte) }
        }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(sum)
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// In network order.
    var wire: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> Self($0)) }
    }
}
